"""Crowds: many different things by one caller within minutes, as one slow and obvious SQL statement finds them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investigator.domain.expression import Crowd, Expression, Measure, Sought
from investigator.evidence.library import EvidenceLibrary
from tests.support.crowds import crowd_sql

from .trails import record, trail, write

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ALL = Sought(None)
READS = Sought(
    ("GetObject",), ((Expression("read_only", ("read_only",)), Expression("region = 'eu-west-1'", ("region",))),)
)
KEYED = Sought(None, sketch=Expression("NULL::BOOLEAN", ()), predicate="contains(request, 'k')")
NAMES = Expression("source || ':' || name", ("source", "name"))
ASKED = Expression("coalesce(json_extract_string(request, '$.key'), '')", ("request",))
LISTED = Expression("coalesce(json_extract(request, '$.keys[*]')::VARCHAR[], [''])", ("request",))
CALLER = (("key", "principal"),)

EVENTS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from(["GetObject", "PutObject", "ListBuckets"]),
        st.sampled_from(["eu-west-1", "us-east-1"]),
        st.sampled_from(["AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", ""]),
        st.sampled_from([None, {"key": "a"}, {"key": "b"}, {"keys": ["a", "b"]}, {"keys": []}]),
    ),
    min_size=1,
    max_size=24,
)
CROWDS = [
    pytest.param(Crowd(ALL, CALLER, 2 * MINUTE, (Measure(3),)), id="calls"),
    pytest.param(
        Crowd(ALL, CALLER, 2 * MINUTE, (Measure(2, NAMES), Measure(2, Expression("region", ("region",))))), id="two"
    ),
    pytest.param(Crowd(READS, CALLER, 3 * MINUTE, (Measure(2, ASKED),)), id="of the request"),
    pytest.param(
        Crowd(KEYED, (*CALLER, ("name",)), 3 * MINUTE, (Measure(2, LISTED, many=True),)), id="elements of lists"
    ),
    pytest.param(Crowd(ALL, (("region",),), MINUTE, (Measure(2, ASKED), Measure(2, NAMES))), id="read and known"),
]


@pytest.mark.parametrize("crowd", CROWDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_a_crowd_is_what_the_windows_of_sql_hold(crowd, events, tmp_path_factory):
    folder = tmp_path_factory.mktemp("crowds")
    records = [
        record(
            number,
            eventTime=f"{START + minute * MINUTE:%Y-%m-%dT%H:%M:%SZ}",
            eventName=name,
            awsRegion=region,
            readOnly=name != "PutObject",
            requestParameters=request,
            userIdentity={
                "type": "IAMUser",
                "userName": "ana",
                "arn": "arn:aws:iam::111122223333:user/ana",
                "accessKeyId": key,
            },
        )
        for number, (minute, name, region, key, request) in enumerate(events)
    ]
    library = EvidenceLibrary(folder / "stores")
    snapshot = library.open(library.pin([write(folder / "log.json", trail(*records))]))

    found = sorted(id_ for tally in snapshot.crowded(crowd, ()) for id_ in tally.ids)

    wanted = (tally.ids for tally in snapshot.tallies(crowd_sql(crowd), ("true",)))
    assert found == sorted(id_ for ids in wanted for id_ in ids)


def test_times_of_another_age_are_counted_too(tmp_path):
    """Years apart, so that no number of minutes fits a small one."""
    years = (2006, 2026, 2099)
    records = [record(n * 10 + year, eventTime=f"{year}-01-01T00:00:0{n}Z") for year in years for n in range(3)]
    library = EvidenceLibrary(tmp_path / "stores")
    snapshot = library.open(library.pin([write(tmp_path / "log.json", trail(*records))]))

    [tally] = snapshot.crowded(Crowd(ALL, CALLER, MINUTE, (Measure(3),)), ())

    assert len(tally.ids) == len(records)
