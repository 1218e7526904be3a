"""Every playbook can run as written: its tools, slots, rules and actions are there, and nothing in it writes."""

from importlib import import_module

import pytest

from investigator.actions.catalogue import codes
from investigator.adapters.files import load_playbooks, playbook_sha256
from investigator.adapters.playbook_lint import Names, lint
from investigator.detections.bursts import BURSTS
from investigator.detections.loader import load_rules
from investigator.detections.sequences import SEQUENCES
from investigator.domain.playbook import Playbook
from investigator.domain.words import Scenario
from investigator.ports.tool import Tool


def all_tools() -> dict[str, tuple[Tool, ...]]:
    modules = [import_module(name) for name in import_module("investigator.tools").CATALOG]
    found: dict[str, tuple[Tool, ...]] = {}
    for tool in (value for module in modules for value in vars(module).values() if isinstance(value, Tool)):
        found[tool.name] = (*found.get(tool.name, ()), tool)
    return found


@pytest.fixture(scope="module")
def names() -> Names:
    many = [one.name for one in (*BURSTS, *SEQUENCES)]
    return Names(all_tools(), frozenset([rule.name for rule in load_rules()] + many), codes())


def test_there_is_a_playbook_for_every_scenario():
    assert set(load_playbooks()) == set(Scenario)
    assert all(book.scenario == name for name, book in load_playbooks().items())


def test_the_linter_finds_nothing(names):
    assert lint(load_playbooks().values(), names) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"slots": ("favourite_colour",)}, "no slot favourite_colour"),
        ({"look_for": ("bad-vibes",)}, "no rule or sequence bad-vibes"),
        ({"actions": ("EC2-EXPLODE",)}, "no action EC2-EXPLODE"),
        ({"steps": ({"tool": "crystal_ball", "because": "x"},)}, "no tool crystal_ball"),
        ({"steps": ({"tool": "caller", "with": {"mood": "x"}, "because": "x"},)}, "takes no mood"),
        ({"steps": ({"tool": "calls_by_key", "for_each": "mood", "because": "x"},)}, "unknown slot mood"),
        ({"steps": ({"tool": "calls_by_key", "with": {"key": "{mood}"}, "because": "x"},)}, "unknown slot mood"),
    ],
)
def test_the_linter_names_what_is_wrong(names, change, problem):
    book = Playbook.model_validate({**load_playbooks()["general"].model_dump(by_alias=True), **change})

    assert any(problem in found for found in lint([book], names))


def test_a_tool_that_writes_is_refused(names):
    writer = names.tools["caller"][0]
    writing = Tool(
        **{field: getattr(writer, field) for field in Tool.__slots__}
        | {"permissions": frozenset({"iam:PutUserPolicy"})}
    )

    found = lint(
        [load_playbooks()["general"]], Names({**names.tools, "caller": (writing,)}, names.look_for, names.actions)
    )

    assert any("iam:PutUserPolicy, which writes" in problem for problem in found)


def test_every_scenario_runs_the_core():
    core = {step.tool for step in load_playbooks()["general"].steps}

    for book in load_playbooks().values():
        assert core <= {step.tool for step in book.steps}
        assert {"caller", "trails", "guardduty_findings"} <= core


def test_slots_are_asked_in_the_order_of_the_scenario():
    books = load_playbooks()

    assert books["compromised-instance"].slots == ("instance", "start", "disrupt", "forensics", "usual")
    assert books["terminated-employee"].slots == ("person", "left_at", "account", "known_ips", "data_class")
    assert books["suspicious-ip"].slots == ("ip", "start", "account", "known_ips", "change")


def test_a_playbook_has_a_digest_of_its_own():
    digests = {playbook_sha256(name) for name in load_playbooks()}

    assert len(digests) == len(Scenario)
    with pytest.raises(LookupError):
        playbook_sha256("../../etc/passwd")
