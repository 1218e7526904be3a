"""The language model through LangChain: typed replies, one repair turn, then dropped and counted."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError
from tenacity import RetryError, retry, stop_after_attempt, stop_after_delay, wait_random_exponential

from investigator.domain.claim import Claim
from investigator.domain.question import Answer
from investigator.domain.safe_text import redact_json, visible
from investigator.domain.words import Verdict
from investigator.ports.audit import Audit
from investigator.ports.model import Understood, Written, WrittenSentence

LONGEST_REPLY = 64 * 1024
MOST_CALLS = 8
ATTEMPTS = 3
SECONDS = 120
_VALUE = re.compile(r"[\w./:@+-]*\d[\w./:@+-]*")
_WEIGHING = re.compile(
    r"(?i)\b(benign|harmless|false positive|no incident|not (?:an )?incident|legitimate|authori[sz]ed|confirmed)\b"
)


class Fact(BaseModel):
    slot: str
    value: str


class Facts(BaseModel):
    """What `prompts/understand.md` asks for."""

    facts: list[Fact] = Field(default=[], max_length=50)


class Line(BaseModel):
    text: str = Field(max_length=1_000)
    claims: list[str] = Field(min_length=1)


class Prose(BaseModel):
    """What `prompts/write.md` asks for."""

    sentences: list[Line] = Field(max_length=10)
    verdict: str | None = None


class Chat(Protocol):
    """The one method of a LangChain chat model that is used."""

    def invoke(self, messages: Any, /) -> Any: ...


Reply = TypeVar("Reply", bound=BaseModel)


class Unusable(Exception):
    """The model gave nothing that can be used; the message says why."""


def chat_model(name: str) -> Chat:
    """The chat model that `PROVIDER:NAME` means; raises ValueError with the extra to install."""
    from langchain.chat_models import init_chat_model  # noqa: PLC0415  (1 s, needed with a model alone)

    provider = name.partition(":")[0]
    try:
        return init_chat_model(name)
    except ImportError as missing:
        raise ValueError(
            f"the provider {provider} is not installed: pip install 'investigator[{provider}]'"
        ) from missing


def quoted(data: JsonValue) -> str:
    """Data for a prompt: secrets redacted, control characters visible, as one JSON value between marks."""
    return "<<<DATA\n" + visible(json.dumps(redact_json(data), ensure_ascii=False)) + "\nDATA>>>"


class LangChainModel:
    """`ports.model.Model` over a chat model; nothing it says is believed without a check by code."""

    def __init__(self, chat: Chat, prompt: Callable[[str], str], audit: Audit) -> None:
        self._chat = chat
        self._prompt = prompt
        self._audit = audit
        self._calls = 0

    def calls(self) -> int:
        return self._calls

    def understand(self, text: str, slots: Sequence[str]) -> Understood:
        try:
            reply = self._ask("understand", {"report": text, "slots": list(slots)}, Facts)
        except Unusable as why:
            return Understood(trouble=f"the model did not read the description: {why}")
        kept = tuple(fact for fact in reply.facts if fact.slot in slots and _occurs(fact.value, text))
        answers = tuple(Answer(slot=fact.slot, value=fact.value.strip(), source="description") for fact in kept)
        return Understood(answers=answers, dropped=len(reply.facts) - len(kept))

    def write(self, claims: Sequence[Claim], verdict: str) -> Written:
        texts = {claim.id: claim.text for claim in claims}
        data: JsonValue = {"verdict": verdict, "claims": [{"id": id_, "text": text} for id_, text in texts.items()]}
        try:
            reply = self._ask("write", data, Prose)
        except Unusable as why:
            return Written(trouble=f"the model wrote no summary: {why}")
        kept = tuple(
            WrittenSentence(text=line.text.strip(), claims=tuple(line.claims))
            for line in reply.sentences
            if _supported(line, texts)
        )
        other = reply.verdict if reply.verdict in set(Verdict) and reply.verdict != verdict else None
        return Written(sentences=kept, disagrees=other, dropped=len(reply.sentences) - len(kept))

    def _ask(self, name: str, data: JsonValue, reply: type[Reply]) -> Reply:
        messages = [("system", self._prompt(name)), ("human", quoted(data))]
        said = self._invoke(name, messages)
        try:
            return reply.model_validate_json(_object_in(said))
        except (ValidationError, ValueError) as fault:
            repair = f"That was not the JSON object asked for: {_short(fault)}. Send only the corrected JSON object."
            again = self._invoke(name, [*messages, ("ai", said[:4_000]), ("human", repair)])
        try:
            return reply.model_validate_json(_object_in(again))
        except (ValidationError, ValueError):
            raise Unusable("its reply was not the JSON asked for, twice") from None

    def _invoke(self, name: str, messages: Sequence[tuple[str, str]]) -> str:
        if self._calls >= MOST_CALLS:
            raise Unusable("its budget of calls is reached")
        self._calls += 1
        try:
            said = self._tried(messages)
        except RetryError as gone:
            cause = type(gone.last_attempt.exception()).__name__
            self._audit.record("model", {"prompt": name, "outcome": cause})
            raise Unusable(f"it did not answer ({cause})") from None
        self._audit.record("model", {"prompt": name, "outcome": "answered", "characters": len(said)})
        if len(said) > LONGEST_REPLY:
            raise Unusable("its reply was over 64 KiB, budget reached")
        return said

    @retry(
        stop=stop_after_attempt(ATTEMPTS) | stop_after_delay(SECONDS),
        wait=wait_random_exponential(multiplier=0.2, max=5),
    )
    def _tried(self, messages: Sequence[tuple[str, str]]) -> str:
        content = self._chat.invoke(list(messages)).content
        return content if isinstance(content, str) else json.dumps(content)


def _object_in(text: str) -> str:
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise ValueError("no JSON object in it")
    return text[start : end + 1]


def _short(fault: Exception) -> str:
    return str(fault).splitlines()[0][:200]


def _occurs(value: str, text: str) -> bool:
    wanted = value.strip().lower()
    return bool(wanted) and wanted in text.lower()


def _supported(line: Line, texts: dict[str, str]) -> bool:
    """Whether every claim is one of ours, and no value or weighing word stands there that those claims do not say."""
    if not set(line.claims) <= texts.keys():
        return False
    said = " ".join(texts[id_] for id_ in line.claims)
    return all(value in said for value in _values(line.text)) and not (
        {word.lower() for word in _WEIGHING.findall(line.text)} - {word.lower() for word in _WEIGHING.findall(said)}
    )


def _values(text: str) -> Iterable[str]:
    return (match[0].strip(".,:;") for match in _VALUE.finditer(text))
