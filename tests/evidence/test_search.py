"""Search expressions find in the store what the domain's own reading of the records finds."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from investigator.domain.paths import quote_key, texts
from investigator.domain.search import NotASearch, Operator, Term, parse_search, search
from investigator.evidence.library import EvidenceLibrary
from investigator.ports.store import Snapshot

from .trails import Json, record, session, trail, write

STORY = [
    record(1, eventName="GetCallerIdentity", eventSource="sts.amazonaws.com"),
    record(2, eventName="CreateUser", readOnly=False, requestParameters={"userName": "svc", "tags": [{"k": "a"}, {"k": "b"}]}),
    record(3, eventName="CreateUser", errorCode="AccessDenied", errorMessage="User alice is not authorized"),
    record(4, userIdentity=session(), eventSource="s3.amazonaws.com", eventName="GetObject", readOnly=True,
           requestParameters={"bucketName": "acme-data", "key": "a b.txt"},
           additionalEventData={"bytesTransferredOut": 1500, "x": 2.5},
           resources=[{"ARN": "arn:aws:s3:::acme-data/a b.txt"}, {"ARN": "arn:aws:s3:::acme-data", "accountId": "1"}],
           tlsDetails={"tlsVersion": "TLSv1.2"}),
    record(5, eventName="CreateFunction20150331", eventSource="lambda.amazonaws.com", sourceIPAddress="10.0.0.1"),
    record(6, eventTime="never", userAgent='say "hi"'),
]  # fmt: skip
FINDS = {
    "": [1, 2, 3, 4, 5, 6],
    "name=CreateUser": [2, 3],
    "name=CreateUser outcome=success": [2],
    "-name=CreateUser": [1, 4, 5, 6],
    "error=null": [1, 2, 4, 5, 6],
    "-error=null": [3],
    "errorCode=AccessDenied": [3],
    "error~Denied$": [3],
    "name~^Create": [2, 3, 5],
    "read_only=false": [2],
    "source=s3.amazonaws.com": [4],
    "key=ASIASESSION000000000": [4],
    "userIdentity.accessKeyId=ASIASESSION000000000": [4],
    "principal=arn:aws:iam::111122223333:role/deploy": [4],
    "session=run-1": [4],
    "userIdentity.sessionContext.sessionIssuer.userName=deploy": [4],
    "requestParameters.bucketName=acme-data": [4],
    'requestParameters.key="a b.txt"': [4],
    "requestParameters.tags.k=b": [2],
    "requestParameters.bucketName=null": [1, 2, 3, 5, 6],
    "resources.ARN=arn:aws:s3:::acme-data": [4],
    "resources.ARN~^arn": [4],
    "additionalEventData.bytesTransferredOut>=999": [4],
    "additionalEventData.bytesTransferredOut<999": [],
    "additionalEventData.x=2.5": [4],
    "tlsDetails.tlsVersion=TLSv1.2": [4],
    "eventName=CreateFunction20150331": [5],
    "eventName=CreateFunction": [],
    "name=CreateFunction": [5],
    "eventID=event-5": [5],
    "id=ct:event-5": [5],
    "eventVersion=1.08": [1, 2, 3, 4, 5, 6],
    "managementEvent=true": [1, 2, 3, 4, 5, 6],
    "from:2025-03-01T10:00:03Z": [3, 4, 5],
    "to:2025-03-01T10:00:03Z": [1, 2],
    "from:2025-03-01T10:00:02Z to:2025-03-01T11:00:03+01:00": [2],
    "time=null": [6],
    "time>=2025-03-01T10:00:05Z": [5],
    "flags=bad_time": [6],
    "acme-data": [4],
    "ACME-data": [4],
    "-alice": [4],
    '"not authorized"': [3],
    r'"say \"hi\""': [6],
    "ip=10.0.0.1": [5],
    "nowhere.at.all=x": [],
    "name=CreateUser'--": [],
}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("story")
    library = EvidenceLibrary(folder / "stores")
    return library.open(library.pin([write(folder / "log.json.gz", trail(*STORY))]))


@pytest.mark.parametrize("expression", FINDS)
def test_an_expression_finds(expression: str, story: Snapshot) -> None:
    found = [int(event.id.removeprefix("ct:event-")) for event in story.events(parse_search(expression))]

    assert found == FINDS[expression]


@pytest.mark.parametrize("expression", FINDS)
def test_a_group_counts_the_same(expression: str, story: Snapshot) -> None:
    group = story.group(parse_search(expression))

    assert (group.count, len(group.ids)) == (len(FINDS[expression]), len(FINDS[expression]))
    assert parse_search(group.where) == parse_search(expression)


def test_several_values_of_one_term_can_be_found_again(story: Snapshot) -> None:
    group = story.group(search(Term(field="name", op=Operator.EQUALS, values=("CreateUser", "GetObject"))))

    assert (group.count, story.group(parse_search(group.where)).count) == (3, 3)


@pytest.mark.parametrize(("value", "count"), [("a", 1), ("b", 0)])
def test_a_path_may_pick_elements(value: str, count: int, story: Snapshot) -> None:
    picked = Term(field="requestParameters.tags[k=a].k", op=Operator.EQUALS, values=(value,))

    assert len(list(story.events(search(picked)))) == count


def test_a_path_that_cannot_be_read_is_a_mistake_of_the_caller(story: Snapshot) -> None:
    with pytest.raises(NotASearch, match=r"a\[b"):
        story.group(parse_search("a[b=c"))


KEYS = st.sampled_from(["a", "b", "a.b", "x/y", "~", "[0]", 'q"', "é"])
SCALARS = st.sampled_from(["", "v", "é", "1", "true", 1, 0, -2.5, True, False, None])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def depth_of_lists(value: object) -> int:
    """The most lists that stand directly in one another."""
    if isinstance(value, list):
        return 1 + max(map(depth_of_lists, value), default=0)
    return 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    requests=st.lists(st.dictionaries(KEYS, JSON, max_size=3), min_size=1, max_size=12),
    keys=st.lists(KEYS, min_size=1, max_size=3),
)
def test_a_path_reads_as_the_domain_reads_it(
    requests: list[Json], keys: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = ".".join(["requestParameters", *map(quote_key, keys)])
    records = [record(number, requestParameters=request) for number, request in enumerate(requests, 1)]
    folder = tmp_path_factory.mktemp("paths")
    library = EvidenceLibrary(folder / "stores")
    store = library.open(library.pin([write(folder / "log.json", trail(*records))]))
    for value in ("v", "é", "1", "true", "null"):
        expected = [
            f"ct:event-{number}"
            for number, one in enumerate(records, 1)
            if (value in texts(one, path) if value != "null" else not texts(one, path))
        ]
        found = store.events(search(Term(field=path, op=Operator.EQUALS, values=(value,))))
        assert [event.id for event in found] == expected, json.dumps(requests)


def test_an_event_id_finds_every_record_that_says_it(tmp_path):
    """Two different records share one; another looks as if it were marked to tell it apart."""
    marked = "event-1@0123abcd"
    records = [
        record(1, eventName="CreateUser"),
        record(1, eventName="DeleteUser"),
        record(2, eventName="ListUsers"),
        record(3, eventName="GetUser", eventID=marked),
    ]
    library = EvidenceLibrary(tmp_path / "stores")
    store = library.open(library.pin([write(tmp_path / "log.json", trail(*records))]))

    def found(*ids: str) -> list[str]:
        return [event.name for event in store.events(search(Term(field="eventID", op=Operator.EQUALS, values=ids)))]

    assert sorted(found("event-1")) == ["CreateUser", "DeleteUser", "GetUser"]
    assert found("event-2") == ["ListUsers"]
    assert found(marked) == []
