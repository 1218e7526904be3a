"""Queries are written once, in the Trino subset; what DuckDB runs is rendered from them, and gives the same rows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlglot
from sqlglot.errors import ErrorLevel

from investigator.evidence import queries
from investigator.evidence.engine import Engine, Values
from investigator.evidence.library import EvidenceLibrary
from investigator.evidence.manifest import Manifest
from investigator.evidence.queries import WHERE, query
from investigator.evidence.queries.render import rendered

from .trails import ALICE, Json, record, session, trail, write

FOLDER = Path(queries.__file__).parent
NAMES = sorted(path.name for path in FOLDER.glob("*.sql"))
EVENTS = 1_000
START = datetime(2025, 3, 1, 10, tzinfo=UTC)
CONDITIONS = (WHERE, "name = 'ListUsers' AND NOT error IS NULL", "account IS NULL OR time IS NULL")


def source(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_one_statement_of_trino(name: str) -> None:
    parsed = sqlglot.parse(source(name), read="trino", error_level=ErrorLevel.RAISE)

    assert [type(statement).__name__ for statement in parsed] == ["Select"]


@pytest.mark.parametrize("name", NAMES)
def test_the_duckdb_form_is_the_rendered_one(name: str) -> None:
    assert (FOLDER / "duckdb" / name).read_text("utf-8") == rendered(source(name))


def test_every_duckdb_query_has_its_source() -> None:
    assert sorted(path.name for path in (FOLDER / "duckdb").glob("*.sql")) == NAMES


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Over a thousand events of two accounts, three Regions and four kinds, some undated, copied or of a cut file."""
    folder = tmp_path_factory.mktemp("queries")
    records = [made(number) for number in range(EVENTS)]
    whole = write(folder / "logs" / "whole.json", trail(*records[:700]))
    packed = write(folder / "logs" / "packed.json.gz", trail(*records[700:900], *records[650:700]))
    damaged = write(folder / "logs" / "damaged.json", trail(*records[900:])[:-2])
    pinned = EvidenceLibrary(folder / "stores").pin([whole, packed, damaged])
    manifest = Manifest(folder / "stores" / "manifest.sqlite")
    row = manifest.snapshot(pinned)
    assert row is not None
    assert (row.events, row.folded) == (EVENTS, 50)
    return Engine.over(folder / "stores", manifest.holding(row.contents), row)


def made(number: int) -> Json:
    """One of many calls, 97 seconds apart; every eleventh has no account, every thirteenth no time that can be read."""
    moment = START + timedelta(seconds=97 * number)
    caller = session(f"role-{number % 5}") if number % 3 else ALICE
    return record(
        number,
        userIdentity=caller if number % 11 else {"type": "AWSService", "invokedBy": "config.amazonaws.com"},
        eventTime="soon" if number % 13 == 0 else f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        eventName=("ListUsers", "GetObject", "PutObject")[number % 3],
        eventSource=("iam.amazonaws.com", "s3.amazonaws.com", "s3.amazonaws.com")[number % 3],
        eventCategory=("Management", "Data", "Insight")[number % 7 % 3],
        awsRegion=("us-east-1", "eu-west-1", ...)[number % 4 % 3],
        recipientAccountId=... if number % 11 == 0 else ("111122223333", "444455556666")[number % 2],
        errorCode="AccessDenied" if number % 9 == 0 else ...,
    )


@pytest.mark.parametrize("where", CONDITIONS)
@pytest.mark.parametrize("name", NAMES)
def test_trino_text_brought_back_to_duckdb_gives_the_same_rows(engine: Engine, name: str, where: str) -> None:
    shipped = query(name.removesuffix(".sql"), where)
    trino = sqlglot.transpile(shipped, read="duckdb", write="trino")[0]

    expected = list(engine.rows(shipped))

    assert given(engine, trino) == expected
    assert given(engine, source(name).replace(WHERE, where)) == expected
    assert expected


def given(engine: Engine, trino: str) -> list[Values]:
    """The rows of a query of the Trino subset, transpiled and run."""
    return list(engine.rows(sqlglot.transpile(trino, read="trino", write="duckdb")[0]))


def test_these_events_make_every_column_of_every_query_tell(engine: Engine) -> None:
    cells = list(engine.rows(query("cells")))
    hours = list(engine.rows(query("hours")))
    repeated = list(engine.rows(query("repeated")))

    accounts, regions, kinds = ({row[place] for row in cells} for place in range(3))
    assert accounts == {"", "111122223333", "444455556666"}
    assert regions == {"", "us-east-1", "eu-west-1"}
    assert len(kinds) >= 3
    assert any(row[5] for row in cells)
    assert not all(row[5] for row in cells)
    assert hours[-1][0] is None
    assert sum(int(str(row[1])) for row in hours) == EVENTS
    assert len(repeated) == 50
