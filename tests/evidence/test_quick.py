"""The first question of a process is answered from the parts alone, later ones from what was read: both say the same."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from investigator.domain.search import parse_search
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.store import Snapshot

from .trails import ALICE, Json, record, session, trail, write

EVENTS = 300
EXPRESSIONS = (
    "",
    "key=AKIAALICE00000000000",
    "userIdentity.accessKeyId=AKIAALICE00000000000",
    "key=AKIAALICE00000000000 name=GetObject",
    "-key=AKIAALICE00000000000",
    "key=null",
    "-key=null",
    'key=""',
    'error="","AccessDenied"',
    'error="null","AccessDenied"',
    "read_only=true",
    "read_only=null",
    "key=NOBODY",
    "from:2025-03-01T10:02:00Z",
    "to:2025-03-01T10:02:00Z -name=ListUsers",
    "from:2025-03-01T10:01:00Z to:2025-03-01T10:02:00Z key=AKIAALICE00000000000",
    "from:2030-01-01",
    "name~List requestParameters.n=6",
    "GetObject",
)


def made(number: int) -> Json:
    """One of many calls, many of them at one moment; every seventh has no key, every thirteenth no time."""
    caller = session(f"role-{number % 5}") if number % 3 else ALICE
    return record(
        number,
        userIdentity=caller if number % 7 else {"type": "AWSService", "invokedBy": "config.amazonaws.com"},
        eventTime="soon" if number % 13 == 0 else f"2025-03-01T10:{number // 60:02}:{number // 20 % 3 * 20:02}Z",
        eventName=("ListUsers", "GetObject", "PutObject", "GetObject")[number % 4],
        recipientAccountId=("444455556666", "111122223333")[number % 2],
        errorCode=("AccessDenied", "", None, ...)[number % 4],
        readOnly=(True, False, ...)[number % 3],
        requestParameters={"n": str(number % 10)},
    )


def files(folder: Path) -> Iterator[Path]:
    for start in range(0, EVENTS, 100):
        yield write(folder / f"{start}.json", trail(*(made(number) for number in range(start, start + 100))))


@pytest.fixture(scope="module", params=["all files", "some files", "with copies"])
def evidence(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Callable[[], Snapshot], Snapshot]:
    """How to open some evidence, and the same after everything was read."""
    folder = tmp_path_factory.mktemp("quick")
    library = EvidenceLibrary(folder / "stores")
    paths = [*files(folder / "logs")]
    copy = write(folder / "copies" / "copy.json", trail(*(made(number) | {"userAgent": "x"} for number in range(30))))
    everything = library.pin([*paths, copy] if request.param == "with copies" else paths)
    id_ = library.pin(paths[1:]) if request.param == "some files" else everything
    read = library.open(id_)
    read.warm()
    return lambda: library.open(id_), read


@pytest.mark.parametrize("limit", [None, 0, 1, 7, 10_000])
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_both_give_the_same_events_in_the_same_order(
    evidence: tuple[Callable[[], Snapshot], Snapshot], expression: str, limit: int | None
) -> None:
    opened, read = evidence
    where = parse_search(expression)

    assert list(opened().events(where, limit=limit)) == list(read.events(where, limit=limit))


def test_these_searches_find_something(evidence: tuple[Callable[[], Snapshot], Snapshot]) -> None:
    nothing = {text for text in EXPRESSIONS if not list(evidence[1].events(parse_search(text)))}

    assert nothing == {"key=NOBODY", 'key=""', "from:2030-01-01"}


def test_an_empty_store_gives_nothing(tmp_path: Path) -> None:
    library = EvidenceLibrary(tmp_path / "stores")

    assert list(library.open(library.everything()).events(parse_search("key=AKIAALICE00000000000"))) == []
