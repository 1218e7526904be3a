"""What a model's sentence may say: nothing that the claims it cites do not say. Wrong drops cost prose, never proof."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from investigator.domain.safe_text import redact, visible

MOST_SENTENCES = 5
MOST_WORDS = 120
"""The length of a summary (specification 9.2)."""
LONGEST_SENTENCE = 600
_MARKUP = re.compile(
    r"://|\bwww\.|\]\(|\]\[|[<>`|{}]|\*\*|__|~~|^\s*(?:[#*+>-]|\d+[.)])\s|(?i:\b(?:mailto|javascript|data):)"
)
_WORD = re.compile(r"[^\s\"“”„«»(),;!?\[\]…—–]+")
_NAME = re.compile(r"[A-Z0-9._:/@=+\\$%-]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_GENERAL = frozenset("AWS IAM API ARN ID IP UTC S3 EC2 STS".split())
"""Names that stand for nothing in particular."""
_OPENING = frozenset(
    "a after afterwards all an and as at before both during each finally first from here in it its later next on once"
    " one since that the their then these they this those through using when while with within".split()
)
_SMALL = _OPENING | frozenset(
    "are been being but by had has have he her him his into is made of or our out own she so some such than them there"
    " to up used use using was were which who whose will".split()
)
_EXACT = frozenset(
    "not no never none nothing nobody nowhere neither nor without cannot unable"
    " all any every everything only entire entirely fully completely always most mostly half"
    " once twice two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred hundreds"
    " thousand thousands million millions dozen dozens several many few"
    " maybe perhaps possibly probably likely unlikely apparently reportedly confirmed proven inconclusive"
    " benign harmless legitimate legitimately authorised authorized approved permitted sanctioned expected routine"
    " normal ordinary usual planned scheduled test tests testing drill exercise safe secure resolved closed contained"
    " remediated fixed ignore disregard incident false positive mistaken accident accidental innocent".split()
)
"""Words that weigh, count or turn a sentence: they stand in it only as a cited claim has them."""
_REFUSAL = re.compile(
    r"(?i)\b(?:fail(?:s|ed|ure)?|denied|accessdenied|refused|rejected|unsuccessful(?:ly)?|blocked|prevented|tried"
    r"|attempt(?:s|ed|ing)?|unauthorizedoperation)\b"
)


def fault_of(sentence: str, cited: Collection[str], texts: Mapping[str, str]) -> str | None:
    """Why a sentence over claims (`texts`, by id) cannot be shown; None for one that can."""
    if not cited:
        return "it cites no claim"
    if unknown := sorted(set(cited) - texts.keys()):
        return f"it cites claims that were not given: {', '.join(unknown)[:100]}"
    if not sentence.strip() or len(sentence) > LONGEST_SENTENCE:
        return f"it is empty or over {LONGEST_SENTENCE} characters"
    if visible(sentence) != sentence or redact(sentence) != sentence or _MARKUP.search(sentence):
        return "it has a link, markup, a secret or control characters; plain words only"
    said = _THOUSANDS.sub("", " ".join(texts[id_] for id_ in dict.fromkeys(cited)))
    elsewhere = _plain(" ".join(text for id_, text in texts.items() if id_ not in cited)) - _SMALL
    if bool(_REFUSAL.search(sentence)) != bool(_REFUSAL.search(said)):
        return "it and its claims differ in what failed or was refused"
    unsupported = next(_unsupported(_words(sentence), said, elsewhere), None)
    return f"its claims do not say {unsupported!r}" if unsupported else None


def within_length(sentences: Sequence[str]) -> int:
    """How many of the sentences, from the first, fit into a summary."""
    words = 0
    for number, sentence in enumerate(sentences):
        words += len(sentence.split())
        if number >= MOST_SENTENCES or words > MOST_WORDS:
            return number
    return len(sentences)


def occurs(value: str, text: str) -> bool:
    """Whether the value stands in the text as whole words, whatever the case."""
    wanted = value.strip()
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.IGNORECASE) is not None


def _unsupported(words: Sequence[str], said: str, elsewhere: Collection[str]) -> Iterator[str]:
    plain = _plain(said)
    for place, word in enumerate(words):
        low = word.lower()
        if low in plain or word in _GENERAL or (place == 0 and low in _OPENING - _EXACT):
            continue
        if low in _EXACT or low in elsewhere or (_NAME.search(word) and not _stands(word, said)):
            yield word


def _stands(name: str, said: str) -> bool:
    """Whether a name, number, time or address stands there whole; a clock time may stand in an instant."""
    end = r"(?![\w:/-]|\.\d)" if name.isdigit() else r"(?:(?!\w)|(?<=\d)(?=Z\b))(?!\.\d)"
    start = r"(?<![\w.:/-])" if name.isdigit() else r"(?:(?<!\w)|(?<=\dT))(?<!\d[.:/-])"
    return re.search(start + re.escape(name) + end, said) is not None


def _words(text: str) -> tuple[str, ...]:
    bare = (match[0].strip(".:'’") for match in _WORD.finditer(_THOUSANDS.sub("", text)))
    return tuple(word for part in bare if part for word in _unabridged(part))


def _unabridged(word: str) -> Iterator[str]:
    """`alice's` is alice, `wasn't` is was not."""
    straight = word.replace("’", "'")
    if straight.lower().endswith("n't"):
        yield from (straight[:-3], "not")
    else:
        yield straight.removesuffix("'s")


def _plain(text: str) -> set[str]:
    return {word.lower() for word in _words(text)}
