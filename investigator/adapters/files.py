"""Playbooks and prompts: the files that ship with the product."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

import yaml
from pydantic import ValidationError

from investigator.domain.playbook import Playbook, PlaybookStep
from investigator.domain.words import Scenario

CORE = Scenario.GENERAL.value
"""The playbook whose steps every scenario runs after its own (specification 9.8)."""


class BadFile(ValueError):
    """A playbook or prompt that cannot be used; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One file of `prompts/`: the stage it serves, the name of its reply type, and the text."""

    stage: str
    reply: str
    text: str


def load_playbooks() -> Mapping[str, Playbook]:
    """All playbooks by name, in name order, each with the core steps; raises BadFile."""
    read = {book.name: book for book in map(_playbook, _playbook_files())}
    core = read[CORE].steps
    return {name: _with_core(book, core) for name, book in read.items()}


def playbook_sha256(name: str) -> str:
    """The SHA-256 of the files that a playbook is made of; raises LookupError for a name that is not there."""
    known = {file.name.removesuffix(".yaml"): file for file in _playbook_files()}
    return hashlib.sha256(known[name].read_bytes() + b"\0" + known[CORE].read_bytes()).hexdigest()


def prompt(name: str) -> Prompt:
    """The prompt of that name; raises LookupError when there is none, BadFile when its front matter is wrong."""
    file = resources.files("investigator.prompts") / f"{name}.md"
    if not file.is_file():
        raise LookupError(f"no prompt {name}")
    _, front, text = file.read_text("utf-8").split("---\n", 2)
    match yaml.safe_load(front):
        case {"stage": str(stage), "reply": str(reply)}:
            return Prompt(stage, reply, text.strip() + "\n")
        case _:
            raise BadFile(f"prompts/{name}.md: the front matter takes stage and reply")


def _playbook_files() -> list[Traversable]:
    folder = resources.files("investigator.playbooks")
    return sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)


def _playbook(file: Traversable) -> Playbook:
    try:
        book = Playbook.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise BadFile(f"playbooks/{file.name}: {error}") from error
    if f"{book.name}.yaml" != file.name:
        raise BadFile(f"playbooks/{file.name}: its name says {book.name}")
    return book


def _with_core(book: Playbook, core: tuple[PlaybookStep, ...]) -> Playbook:
    own = [(step.tool, step.inputs) for step in book.steps]
    return book.model_copy(
        update={"steps": (*book.steps, *(step for step in core if (step.tool, step.inputs) not in own))}
    )
