"""Few events are looked at in memory and many by the engine: both give the same answers."""

import pytest
from pydantic import JsonValue

from investigator.domain.search import Search, parse_search
from investigator.evidence.few import FEW
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.store import Snapshot

from .trails import Json, record, trail, write

ODD: list[JsonValue] = [
    {"key": "a"},
    {"key": ["a", "b"], "other": ["x", "y", "z"]},
    {"key": [], "other": "x"},
    {"key": [["a"], [["c"]]]},
    {"key": None},
    {"key": "null"},
    {"key": ""},
    {"key": "é\u2028<\u0001"},
    {"key": {"key": "a"}},
    {"key": 1},
    {"key": -1.5},
    {"key": True},
    {"key": False},
    {"key.with.dots": "a", "key": 12345678901},
    [{"key": "a"}, {"key": "b"}, "key"],
    "key",
    None,
]
STORY = [record(number, requestParameters=value) for number, value in enumerate(ODD)]
OTHERS = [record(number, requestParameters={"filler": "x"}) for number in range(1000, 1001 + FEW)]
FILLED = r"-requestParameters.filler=x"


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    def store(*records: Json) -> Snapshot:
        folder = tmp_path_factory.mktemp("store")
        library = EvidenceLibrary(folder / "stores")
        return library.open(library.pin([write(folder / "log.json", trail(*records))]))

    return store(*STORY), store(*STORY, *OTHERS)


@pytest.mark.parametrize(
    "expression",
    [
        "requestParameters.key=a",
        "requestParameters.key=b",
        'requestParameters.key="a","c"',
        "-requestParameters.key=a",
        "requestParameters.key=null",
        "-requestParameters.key=null",
        "requestParameters.key=1",
        "requestParameters.key=-1.5",
        "requestParameters.key=true",
        "requestParameters.key=12345678901",
        'requestParameters.key=""',
        "requestParameters.key.key=a",
        r"requestParameters.key\.with\.dots=a",
        "requestParameters.key=a requestParameters.other=y",
    ],
)
def test_a_search(expression: str, stores: tuple[Snapshot, Snapshot]) -> None:
    few, many = ([event.id for event in store.events(parse_search(f"{FILLED} {expression}"))] for store in stores)

    assert few == many


@pytest.mark.parametrize(
    "fields",
    [
        ["requestParameters.key"],
        ["name", "requestParameters.key"],
        ["requestParameters.key", "requestParameters.other"],
        ["requestParameters.key", "id"],
        ["requestParameters.key", "vpce"],
    ],
)
def test_combinations(fields: list[str], stores: tuple[Snapshot, Snapshot]) -> None:
    where = parse_search(FILLED)
    firsts = [[event.id for event in store.first_each(where, *fields)] for store in stores]
    kinds = [list(store.distinct(where, *fields)) for store in stores]

    assert firsts[0] == firsts[1]
    assert kinds[0] == kinds[1]


def test_a_number_of_values(stores: tuple[Snapshot, Snapshot]) -> None:
    few, many = (store.count(Search(), "requestParameters.key", ()) for store in stores)

    assert few == many == 11
