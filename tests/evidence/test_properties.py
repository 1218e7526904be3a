"""Properties of the store: what an event set gives does not depend on how it is cut, ordered, repeated or written."""

import gzip
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investigator.domain.event import Event
from investigator.domain.search import Search
from investigator.evidence.library import EvidenceLibrary
from tests.support.record_forms import athena_row, csv_text, ocsf

from .trails import Json, compact, record, session, trail

EXAMPLES = 2_000 if os.environ.get("INVESTIGATOR_SOAK") else 7
REPEATED = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
ISSUER = {"type": "Role", "principalId": "AROADEPLOY", "arn": "arn:aws:iam::111122223333:role/deploy",
          "accountId": "111122223333", "userName": "deploy"}  # fmt: skip


def made(number: int, second: int, who: int, region: str) -> Json:
    identity = session(name=f"run-{who}", sessionIssuer=ISSUER) if who else record()["userIdentity"]
    time = f"2025-03-01T10:00:{second:02d}Z"
    return record(number, eventTime=time, awsRegion=region, userIdentity=identity, requestParameters={"n": number})


EVENTS = st.lists(
    st.builds(
        made, st.integers(1, 60), st.integers(0, 3), st.integers(0, 2), st.sampled_from(["us-east-1", "eu-west-1"])
    ),
    min_size=1, max_size=9, unique_by=lambda one: one["eventID"],
)  # fmt: skip
WRITERS = (
    lambda records: trail(*records),
    lambda records: gzip.compress(trail(*records), mtime=0),
    lambda records: json.dumps(records, indent=1).encode(),
    lambda records: "\n".join(map(compact, records)).encode(),
    lambda records: compact({"hits": {"hits": [{"_source": one} for one in records]}}).encode(),
    lambda records: b"".join(gzip.compress(trail(one), mtime=0) for one in records),
    lambda records: csv_text(list(map(athena_row, records))),
    lambda records: "\n".join(compact(ocsf(one)) for one in records).encode(),
)


def known(files: Sequence[bytes]) -> list[Event]:
    """Every event of some files, without the words for their forms."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        logs = root / "logs"
        logs.mkdir()
        for number, content in enumerate(files):
            (logs / str(number)).write_bytes(content)
        library = EvidenceLibrary(root / "stores")
        return [replace(event, flags=()) for event in library.open(library.pin([logs])).events(Search())]


@given(EVENTS, st.data())
@REPEATED
def test_cutting_shuffling_repeating_and_rewriting_changes_nothing(records: list[Json], data: st.DataObject) -> None:
    plain = known([trail(*records)])
    shuffled = data.draw(st.permutations(records + data.draw(st.lists(st.sampled_from(records), max_size=4))))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(shuffled)), max_size=3)))
    parts = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]

    files = [data.draw(st.sampled_from(WRITERS))(part) for part in parts if part]

    assert known(files) == plain


@given(EVENTS, EVENTS)
@REPEATED
def test_what_is_known_of_two_sets_is_what_is_known_of_each(ours: list[Json], theirs: list[Json]) -> None:
    others = [{**one, "eventID": f"other-{one['eventID']}", "recipientAccountId": "999900001111"} for one in theirs]

    together = known([trail(*ours), trail(*others)])

    assert [event for event in together if event.account == "111122223333"] == known([trail(*ours)])
    assert [event for event in together if event.account == "999900001111"] == known([trail(*others)])


@given(EVENTS, st.integers(-720, 720))
@REPEATED
def test_the_form_of_a_time_changes_nothing(records: list[Json], minutes: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    moved = [
        {**one, "eventTime": datetime.fromisoformat(one["eventTime"]).astimezone(zone).isoformat()} for one in records
    ]

    assert known([trail(*moved)]) == known([trail(*records)])


@given(EVENTS)
@REPEATED
def test_events_stand_by_time_account_region_and_id(records: list[Json]) -> None:
    found = known([trail(*records)])

    assert found == sorted(found, key=lambda event: (event.time, event.account, event.region, event.id))
    assert {event.id for event in found} == {f"ct:{one['eventID']}" for one in records}
