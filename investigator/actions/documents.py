"""The documents of AWS Systems Manager that are offered beside a command, and the command that starts one."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

import yaml
from pydantic import TypeAdapter

from investigator.domain.action import Automation
from investigator.domain.value import Value


class Document(Value):
    """One entry of documents.yaml."""

    limits: tuple[str, ...]
    parameters: Mapping[str, str]
    """For every template; a value that begins with `$` is for the person to set."""
    offered: Mapping[str, Mapping[str, str]]
    """The templates that it stands beside, each with the parameters that only this one has."""


_DOCUMENTS = TypeAdapter(dict[str, Document])


@cache
def documents() -> Mapping[str, Document]:
    """Every document by its name."""
    entries = yaml.safe_load((resources.files("investigator.actions") / "documents.yaml").read_text("utf-8"))
    return _DOCUMENTS.validate_python(entries)


def automation(template: str, filled: Callable[[str], str]) -> Automation | None:
    """The document that is offered beside a template; `filled` puts quoted values in the place of their names."""
    for name, document in documents().items():
        if template in document.offered:
            parameters = {**document.offered[template], **document.parameters}
            return Automation(document=name, command=filled(_command(name, parameters)), limits=document.limits)
    return None


def _command(document: str, parameters: Mapping[str, str]) -> str:
    """Stops without an answer of the person, or at a parameter that the document does not have."""
    unset = " ".join(f'"${{{value[1:]}:?}}"' for value in parameters.values() if value.startswith("$"))
    given = ",".join(f"{json.dumps(name)}:[{_spliced(value)}]" for name, value in parameters.items())
    return (
        f": {unset} && P=$(aws ssm describe-document --name {document} --query 'Document.Parameters[].Name' "
        f"--output text --region {{region}} | tr '\\t' ' ') && for N in {' '.join(parameters)}; do case \" $P \" in "
        f'*" $N "*) ;; *) echo "{document} has no parameter $N: see ssm describe-document" >&2; P=; esac; done && '
        f'test -n "$P" && aws ssm start-automation-execution --document-name {document} --parameters '
        f"'{{{given}}}' --region {{region}}"
    )


def _spliced(value: str) -> str:
    """A value inside JSON inside a quoted word of the shell: ours as it is, the rest between the quotes."""
    if value.startswith("$"):
        return f'"\'"{value}"\'"'
    return f"\"'{value}'\"" if value.startswith("{") else json.dumps(value)
