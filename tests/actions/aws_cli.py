"""A small reading of AWS CLI commands against the service models: what its own parser would refuse, we refuse."""

import re
import shlex
from collections.abc import Iterator

import botocore.session
from botocore import xform_name

_SESSION = botocore.session.get_session()
_SERVICES = {"s3api": "s3", "configservice": "config"}
_GLOBAL = {"region", "query", "output", "profile", "no-cli-pager"}
_FLATTENED = {"disable-api-termination", "no-disable-api-termination"}
"""Structures with one boolean `Value`, which the AWS CLI takes as a switch."""

_SIMPLIFIED = {"port": "from-port", "cidr": "cidr-ip", "protocol": "ip-protocol", "ingress": "egress"}
"""Options of the AWS CLI's own for security groups and network access lists, and the members they stand for."""


def calls(script: str) -> Iterator[list[str]]:
    """Every `aws …` call of a shell line, as its arguments."""
    lexer = shlex.shlex(script, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    before = ";"
    for token in [*lexer, ";"]:
        if re.fullmatch(r"[();<>|&]+", token):
            if words[:1] == ["aws"]:
                yield words[1:]
            words = []
        elif words or (token == "aws" and re.fullmatch(r"[();<>|&]+|do", before)):
            words.append(token)
        before = token


def complaints(arguments: list[str]) -> Iterator[str]:
    """What the AWS CLI would refuse in one call."""
    service, operation, *rest = arguments
    client = _SERVICES.get(service, service)
    if client not in _SESSION.get_available_services():
        yield f"no service {service}"
        return
    model = _SESSION.get_service_model(client)
    named = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in named:
        yield f"{service} has no {operation}"
        return
    shape = model.operation_model(named[operation]).input_shape
    members = {xform_name(name, "-"): member for name, member in shape.members.items()} if shape else {}
    rest = [_simplified(word, members) for word in rest]
    given = [word.removeprefix("--").partition("=")[0] for word in rest if word.startswith("--")]
    for option in given:
        if option not in members and option not in _GLOBAL | _FLATTENED and option.removeprefix("no-") not in members:
            yield f"{service} {operation} takes no --{option}"
    for name in shape.required_members if shape else []:
        if xform_name(name, "-") not in {option.removeprefix("no-") for option in given}:
            yield f"{service} {operation} needs --{xform_name(name, '-')}"
    yield from _without_value(service, operation, rest, members)


def _simplified(word: str, members: dict) -> str:
    name = word.removeprefix("--")
    meant = _SIMPLIFIED.get(name, "") if word.startswith("--") and name not in members else ""
    return f"--{meant}" if meant in members else word


def _without_value(service: str, operation: str, rest: list[str], members: dict) -> Iterator[str]:
    """Options that take a value and have none, and values that no option takes."""
    expecting = False
    for word in [*rest, "--end"]:
        if word.startswith("--"):
            if expecting:
                yield f"{service} {operation}: an option before {word} has no value"
            name = word.removeprefix("--")
            member = members.get(name)
            expecting = name in _GLOBAL or (
                member is not None and member.type_name != "boolean" and name not in _FLATTENED
            )
            if "=" in name:
                expecting = False
        else:
            expecting = False


def wrong(script: str) -> list[str]:
    """Everything that is wrong with the AWS CLI calls of a script."""
    return [complaint for arguments in calls(script) for complaint in complaints(arguments)]
