"""SOURCES: where a case may look for evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.mistakes import Mistake
from investigator.cli.verbs import Common

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.domain.case import Sources

ROLE_ARN = r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$"


@dataclass(frozen=True, kw_only=True)
class SourceOptions(Common):
    """Log files, saved answers, a live account."""

    logs: Annotated[
        list[Path],
        typer.Option("--logs", metavar="PATH", exists=True, help="CloudTrail files, or a folder of them; repeatable."),
    ] = field(default_factory=list[Path])
    keep_originals: Annotated[
        bool, typer.Option("--keep-originals", help="Copy the log files into the evidence store.")
    ] = False
    store: Annotated[
        Path | None, typer.Option("--store", metavar="DIR", help="An evidence store in place of the default one.")
    ] = None
    aws: Annotated[bool, typer.Option("--aws", help="Ask the live account, reading only.")] = False
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="With --aws: a profile of your AWS configuration.")
    ] = None
    regions: Annotated[
        str, typer.Option("--regions", metavar="LIST", help="With --aws: these Regions only, comma-separated.")
    ] = ""
    roles: Annotated[
        Path | None,
        typer.Option("--roles", metavar="FILE", exists=True, help="With --aws: YAML, account: ARN of a reader role."),
    ] = None
    save_responses: Annotated[
        Path | None, typer.Option("--save-responses", metavar="DIR", help="With --aws: keep the answers there.")
    ] = None
    responses: Annotated[
        Path | None,
        typer.Option("--responses", metavar="DIR", exists=True, help="Saved AWS answers in place of a live account."),
    ] = None

    def flags(self) -> Mapping[str, object]:
        return {**super().flags(), "store": self.store}

    def sources(self) -> "Sources":
        """Raises Mistake for options that do not go together."""
        from investigator.domain.case import Sources

        self._check()
        return Sources(
            logs=tuple(path.absolute() for path in self.logs),
            store=self.settings().store,
            keep_originals=self.keep_originals,
            responses=self.responses and self.responses.absolute(),
            aws=self.aws,
            profile=self.profile,
            regions=tuple(part.strip() for part in self.regions.split(",") if part.strip()),
            roles=_roles(self.roles) if self.roles else {},
            save_responses=self.save_responses and self.save_responses.absolute(),
        )

    def _check(self) -> None:
        if self.aws and self.responses:
            raise Mistake("--responses: saved answers stand in for a live account; leave out --aws")
        live_only = {
            "--profile": self.profile,
            "--regions": self.regions,
            "--roles": self.roles,
            "--save-responses": self.save_responses,
        }
        stray = [name for name, value in live_only.items() if value]
        if stray and not self.aws:
            raise Mistake(f"{stray[0]}: needs --aws")


def _roles(file: Path) -> Mapping[str, str]:
    """Account id to the ARN of the reader role there; ids are text, also those that YAML would read as numbers."""
    import yaml
    from pydantic import StringConstraints, TypeAdapter

    from investigator.domain.facts import AccountId

    example = "111122223333: arn:aws:iam::111122223333:role/Reader"
    roles = TypeAdapter(dict[AccountId, Annotated[str, StringConstraints(pattern=ROLE_ARN)]])
    try:
        return roles.validate_python(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
    except (OSError, ValueError, yaml.YAMLError):
        raise Mistake(f"--roles: {file} must hold lines such as {example}") from None
