"""The embedded case: a seeded incident that needs no account and no network."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from investigator.cli.app import app
from investigator.cli.mistakes import Mistake, usage
from investigator.cli.opening import Telling
from investigator.cli.output import tell
from investigator.cli.verbs import verb
from investigator.domain.exits import Exit

if TYPE_CHECKING:  # a verb imports what it needs when it runs
    from investigator.domain.case import OpenCase


@dataclass(frozen=True, kw_only=True)
class Demo(Telling):
    plain: Annotated[bool, typer.Option("--plain", help="Print the report in place of the terminal UI.")] = False
    aws: Annotated[bool, typer.Option("--aws", help="Ask a loopback AWS in place of log files and saved answers.")] = (
        False
    )
    scenario: Annotated[str | None, typer.Option("--scenario", metavar="NAME", help="Another incident.")] = None

    def opens_ui(self) -> bool:
        on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        return on_terminal and not (self.plain or self.json or self.format or self.out)


@verb(app, "demo", "investigator demo --plain")
def demo(options: Demo) -> Exit:
    """Investigate a built-in incident; no account, no network."""
    from investigator import wiring

    scenarios = wiring.demo_scenarios()
    name = options.scenario or scenarios[0]
    if name not in scenarios:
        raise Mistake(f"--scenario: takes {', '.join(scenarios)}, not {name!r}")
    request = wiring.demo_case(options.settings().case_dir / "demo" / name, name)
    if not options.aws:
        return _investigate(options, request)
    try:
        world = wiring.demo_world(name)
    except ImportError:
        raise Mistake("--aws: needs the extra `demo`: uv tool install 'investigator[demo]'") from None
    with world as endpoint:
        live = request.sources.model_copy(update={"logs": (), "responses": None, "aws": True, "endpoint": endpoint})
        return _investigate(options, request.model_copy(update={"sources": live}))


def _investigate(options: Demo, request: "OpenCase") -> Exit:
    from investigator.cli.conduct import conduct

    investigation = options.investigation()
    with usage():
        handle = investigation.open(request).id
    if options.opens_ui():
        from investigator.tui.app import run

        run(investigation, handle)
        return Exit.FINISHED
    tell(f"case {handle}: the built-in incident")
    return conduct(investigation, handle, options)
