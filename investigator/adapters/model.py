"""The language model through LangChain: typed replies, one repair turn, then dropped and counted."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import ceil
from typing import Any, TypeVar

from pydantic import BaseModel, Field, JsonValue

from investigator.adapters.model_requests import Chat, Limits, Requests, Unusable
from investigator.adapters.sentences import fault_of, occurs, within_length
from investigator.domain.claim import Claim
from investigator.domain.question import Answer
from investigator.domain.safe_text import redact, redact_json, visible
from investigator.domain.words import Verdict
from investigator.ports.audit import Audit
from investigator.ports.model import Understood, Written, WrittenSentence

LONGEST_VALUE = 200
EXTRAS = ("anthropic", "bedrock", "ollama", "openai")
"""The providers that can be installed with the product."""


class Fact(BaseModel):
    slot: str
    value: str


class Facts(BaseModel):
    """What `prompts/understand.md` asks for."""

    facts: list[Fact] = Field(max_length=50)


class Line(BaseModel):
    text: str
    claims: list[str] = Field(default=[], max_length=50)


class Prose(BaseModel):
    """What `prompts/write.md` asks for."""

    sentences: list[Line] = Field(max_length=50)
    verdict: str | None = None


Reply = TypeVar("Reply", bound=BaseModel)
Faults = Callable[[Reply], Iterator[JsonValue]]


@dataclass(frozen=True, slots=True)
class _Untraced:
    """A chat model whose messages go to its provider alone, whatever tracing the environment switches on."""

    chat: Chat

    def invoke(self, messages: Any, /) -> Any:
        langsmith = import_module("langsmith")  # a part of LangChain, loaded by it

        with langsmith.tracing_context(enabled=False):
            return self.chat.invoke(messages)


def chat_model(name: str, url: str | None, seconds: float) -> Chat:
    """The chat model that `PROVIDER:NAME` means, at the provider's URL or this one; it tries once, `seconds` long.

    Raises ValueError with the extra to install.
    """
    from langchain.chat_models import init_chat_model  # noqa: PLC0415  (1 s, needed with a model alone)

    provider = name.partition(":")[0]
    extra = provider.partition("_")[0]
    options: dict[str, Any] = {"timeout": ceil(seconds), "max_retries": 0}
    if url is not None:
        options["base_url"] = url
    if provider == "ollama":  # it knows no timeout but that of its HTTP client
        options["client_kwargs"] = {"timeout": ceil(seconds)}
    try:
        chat: Chat = init_chat_model(name, **options)  # pyright: ignore[reportUnknownVariableType]
    except ImportError as missing:
        install = f"pip install 'investigator[{extra}]'" if extra in EXTRAS else str(missing)
        raise ValueError(f"the provider {provider} is not installed: {install}") from missing
    return _Untraced(chat)  # pyright: ignore[reportUnknownArgumentType]


def quoted(data: JsonValue) -> str:
    """Data for a prompt: secrets redacted, control characters visible, as one JSON value between marks."""
    return "<<<DATA\n" + visible(json.dumps(redact_json(data), ensure_ascii=False)) + "\nDATA>>>"


class LangChainModel:
    """`ports.model.Model` over a chat model, made at first use; nothing it says is believed without a check by code."""

    def __init__(
        self, make: Callable[[], Chat], prompt: Callable[[str], str], audit: Audit, limits: Limits | None = None
    ) -> None:
        self._requests = Requests(make, audit, limits or Limits())
        self._prompt = prompt

    def calls(self) -> int:
        return self._requests.made

    def understand(self, text: str, slots: Sequence[str]) -> Understood:
        try:
            reply = self._ask("understand", {"report": text, "slots": list(slots)}, Facts, _no_faults)
        except Unusable as why:
            return Understood(trouble=f"the model did not read the description: {why}")
        kept = tuple(fact for fact in reply.facts if fact.slot in slots and _stands_in(text, fact.value))
        answers = tuple(Answer(slot=fact.slot, value=fact.value.strip(), source="description") for fact in kept)
        return Understood(answers=answers, dropped=len(reply.facts) - len(kept))

    def write(self, claims: Sequence[Claim], verdict: str) -> Written:
        texts = {claim.id: claim.text for claim in claims}
        data: JsonValue = {"verdict": verdict, "claims": [{"id": id_, "text": text} for id_, text in texts.items()]}

        def faults(reply: Prose) -> Iterator[JsonValue]:
            for line in reply.sentences:
                if why := fault_of(line.text, line.claims, texts):
                    yield {"sentence": line.text[:300], "fault": why}

        try:
            reply = self._ask("write", data, Prose, faults)
        except Unusable as why:
            return Written(trouble=f"the model wrote no summary: {why}")
        sound = [line for line in reply.sentences if fault_of(line.text, line.claims, texts) is None]
        kept = sound[: within_length([line.text for line in sound])]
        sentences = tuple(
            WrittenSentence(text=line.text.strip(), claims=tuple(dict.fromkeys(line.claims))) for line in kept
        )
        other = reply.verdict if reply.verdict in set(Verdict) and reply.verdict != verdict else None
        return Written(sentences=sentences, disagrees=other, dropped=len(reply.sentences) - len(kept))

    def _ask(self, name: str, data: JsonValue, reply: type[Reply], faults: "Faults[Reply]") -> Reply:
        """A typed reply; one that is not JSON, or has faults, is sent back once, and what comes then is taken."""
        messages = [("system", self._prompt(name)), ("human", quoted(data))]
        said = self._requests.answer(name, messages)
        first, wrong = _read(said, reply, faults)
        if first is not None and not wrong:
            return first
        repair = [("ai", visible(said[:4_000])), ("human", self._prompt("repair") + quoted(wrong))]
        try:
            second, _ = _read(self._requests.answer(name, [*messages, *repair]), reply, faults)
        except Unusable:
            if first is None:
                raise
            return first
        usable = second or first
        if usable is None:
            raise Unusable("its reply was not the JSON asked for, twice")
        return usable


def _read(said: str, reply: type[Reply], faults: "Faults[Reply]") -> tuple[Reply | None, list[JsonValue]]:
    """The reply when it is what was asked for, and what is wrong with it."""
    try:
        read = reply.model_validate_json(_object_in(said))
    except ValueError as fault:
        return None, [_short(fault)]
    return read, list(faults(read))


def _no_faults(_: BaseModel) -> Iterator[JsonValue]:
    return iter(())


def _object_in(text: str) -> str:
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("no JSON object in it")
    return text[start : end + 1]


def _short(fault: BaseException | None) -> str:
    return visible(redact(str(fault)))[:300]


def _stands_in(text: str, value: str) -> bool:
    return len(value) <= LONGEST_VALUE and visible(value) == value and occurs(value, text)
