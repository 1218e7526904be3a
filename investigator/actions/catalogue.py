"""The catalogue of actions and how one becomes a command: every value checked, then shell-quoted."""

import re
import shlex
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import TypeAdapter

from investigator.actions.documents import automation
from investigator.domain.action import Action, Phase
from investigator.domain.ids import digest16
from investigator.domain.value import Value

Order = Literal["evidence", "credential", "workload", "path", "persistence", "recover", "harden"]
ORDER: tuple[Order, ...] = ("evidence", "credential", "workload", "path", "persistence", "recover", "harden")
"""In which order actions are taken: evidence is saved before anything can destroy it (specification 9.9)."""


class Template(Value):
    """One entry of catalogue.yaml; texts name values as `{user}`."""

    code: str
    """As people say it: KEY-OFF; several templates may share one."""
    phase: Phase
    order: Order
    kind: str
    """What it is applied to: access_key, user, role, instance, bucket …"""
    save: str | None = None
    command: str
    effect: str
    side_effects: tuple[str, ...] = ()
    verify: str
    undo: str
    loses_evidence: bool = False
    risk: Literal["low", "medium", "high"]
    late: bool = False
    """It waits for the others of its part of the order: sessions are ended when no new one can be had."""
    done_by: tuple[str, ...] = ()
    """Calls that have the same effect, as `service:Name` and perhaps ` path=value` of the request, where `{name}` is
    a value of ours: whoever made one, there is nothing left to propose."""
    undone_by: tuple[str, ...] = ()
    """Calls that end that effect again, written likewise."""

    @property
    def values(self) -> frozenset[str]:
        """The names of the values that must be given."""
        texts = (self.save or "", self.command, self.verify, self.undo)
        return frozenset(name for text in texts for name in _VALUE.findall(text)) - _OWN


class Subject(Value):
    """What one action is about: the entity, where it is, and the values that the template names."""

    on: str
    account: str = ""
    region: str
    partition: str = "aws"
    values: Mapping[str, str] = {}


class Unusable(ValueError):
    """A value that no AWS name holds, and that a command could misread."""


_VALUE = re.compile(r"\{([a-z_]+)\}")
_OWN = frozenset({"case", "file", "partition", "account", "region"})
"""Values that no call names: the case, where it is, and the file that keeps the state."""
_ODD = re.compile(r"[\x00-\x1f\x7f-\xa0\"'\\`$%\u2028\u2029\u202a-\u202e\u2066-\u2069]|^[-\[{]|^file:|^fileb:|^https?:")
_LONGEST = 2_048
_FORMS: Mapping[str, re.Pattern[str]] = {
    "instance": re.compile(r"i-[0-9a-f]+"),
    "network": re.compile(r"[0-9A-Fa-f.:]+/\d{1,3}"),
    "other": re.compile(r"\d{12}|all"),
    "protocol": re.compile(r"tcp|udp"),
    "port": re.compile(r"\d{1,5}(-\d{1,5})?"),
    "from": re.compile(r"\d{1,5}"),
    "to": re.compile(r"\d{1,5}"),
    "number": re.compile(r"\d{1,5}"),
    "since": re.compile(r"[0-9T:-]+"),
    "guardrail": re.compile(r"guard-[a-z]+"),
}
"""Values that stand inside the AWS CLI's own syntax, where a comma or a bracket would mean something."""
_TEMPLATES = TypeAdapter(dict[str, Template])


@cache
def catalogue() -> Mapping[str, Template]:
    """Every template by name, in the order of the file: the code, or the code and what it is a variant for."""
    entries = yaml.safe_load((resources.files("investigator.actions") / "catalogue.yaml").read_text("utf-8"))
    return _TEMPLATES.validate_python({name: {"code": name, **entry} for name, entry in entries.items()})


def codes() -> frozenset[str]:
    """Every action code."""
    return frozenset(template.code for template in catalogue().values())


def render(name: str, subject: Subject, case: str, needs: tuple[str, ...], turn: int = 1) -> Action:
    """The action with its commands complete; raises LookupError for a missing value, Unusable for a strange one."""
    template = catalogue()[name]
    mark = digest16(template.command, subject.on, subject.account, subject.region, *subject.values.values())[:6]
    own = {"case": case, "file": f"{case}-{mark}", "partition": subject.partition}
    values = {"region": subject.region, "account": subject.account, **subject.values, **own}

    def filled(text: str) -> str:
        return _VALUE.sub(lambda match: _quoted(match[1], values), text)

    return Action(
        id="a" + digest16(template.code, filled(template.command), subject.on, subject.account, subject.region)[:15],
        turn=turn,
        phase=template.phase,
        code=template.code,
        on=subject.on,
        account=subject.account,
        region=subject.region,
        save=filled(template.save) if template.save else None,
        command=filled(template.command),
        effect=template.effect,
        side_effects=template.side_effects,
        verify=filled(template.verify),
        undo=filled(template.undo),
        automation=automation(name, filled),
        loses_evidence=template.loses_evidence,
        needs=needs,
        risk=template.risk,
    )


def _quoted(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "")
    if not value:
        raise LookupError(f"no value for {name}")
    form = _FORMS.get(name)
    if _ODD.search(value) or len(value) > _LONGEST or (form and not form.fullmatch(value)):
        raise Unusable(f"{name} holds characters that no AWS name has")
    return shlex.quote(value)
