"""What the assistant can ask, what it can run, what it may call, and what a case document looks like."""

import json
from dataclasses import dataclass
from typing import Annotated

import typer

from investigator.cli.app import app
from investigator.cli.mistakes import usage
from investigator.cli.output import say, table
from investigator.cli.verbs import Common, verb


@dataclass(frozen=True, kw_only=True)
class Listing(Common):
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False


@dataclass(frozen=True, kw_only=True)
class Permissions(Common):
    playbook: Annotated[str | None, typer.Option("--playbook", metavar="NAME", help="Only what this one needs.")] = None


@verb(app, "tools", "investigator tools")
def tools(options: Listing) -> None:
    """List the questions that it can ask, and where it asks them."""
    from investigator import wiring

    asked = wiring.catalog().tools()
    if options.json:
        _print_json(
            [
                {
                    "name": tool.name,
                    "source": tool.source,
                    "question": tool.question,
                    "where": tool.where.value,
                    "needs": sorted(tool.required),
                    "permissions": sorted(tool.permissions),
                }
                for tool in asked
            ]
        )
    else:
        table([(tool.name, tool.source, tool.question) for tool in asked], ("TOOL", "SOURCE", "QUESTION"))


@verb(app, "playbooks", "investigator playbooks")
def playbooks(options: Listing) -> None:
    """List the playbooks: what each asks, runs and looks for."""
    from investigator import wiring

    known = wiring.catalog().playbooks()
    if options.json:
        _print_json([known[name].model_dump(mode="json", by_alias=True) for name in sorted(known)])
    else:
        table(
            [(name, str(len(known[name].steps)), known[name].title) for name in sorted(known)],
            ("PLAYBOOK", "STEPS", "TITLE"),
        )


@verb(app, "permissions", "investigator permissions --playbook leaked-access-key > policy.json")
def permissions(options: Permissions) -> None:
    """Print the exact read-only IAM policy that it needs."""
    from investigator import wiring

    with usage("--playbook"):
        _print_json(wiring.permissions(options.playbook))


@verb(app, "schema", "investigator schema > case.schema.json")
def schema(options: Common) -> None:
    """Print the JSON Schema of the case document."""
    from investigator.domain.report import CaseDocument

    _print_json(CaseDocument.model_json_schema(by_alias=True, mode="serialization"))


def _print_json(value: object) -> None:
    say(json.dumps(value, indent=2, ensure_ascii=True))
