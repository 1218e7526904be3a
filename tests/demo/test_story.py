"""The embedded case is one coherent incident: keys lead to sessions, logs agree with the account, nothing tells."""

import ipaddress
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from investigator.demo.company import (
    BACKUP_USER,
    CI_KEY,
    CI_ROLE,
    DEVELOPER,
    FAR,
    HOME,
    LEAKED_KEY,
    QUARANTINE_ARN,
    RESPONDER,
    SECOND_KEY,
    TRAINING_ROLE,
)
from investigator.demo.incident import SCENARIOS, Incident, incident
from investigator.demo.journal import Record, text_at
from investigator.domain.times import parse_instant

DICTIONARY = frozenset(
    "eventVersion eventTime eventID eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage "
    "requestParameters responseElements additionalEventData requestID readOnly resources eventType eventCategory "
    "managementEvent recipientAccountId sharedEventID serviceEventDetails vpcEndpointId vpcEndpointAccountId "
    "sessionCredentialFromConsole tlsDetails userIdentity".split()
)
OURS = tuple(map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8")))


@pytest.fixture(params=SCENARIOS)
def told(request: pytest.FixtureRequest) -> Incident:
    return incident(request.param)


@pytest.fixture
def leak() -> Incident:
    return incident("leaked-key")


@pytest.fixture
def twin() -> Incident:
    return incident("deploy-twin")


def hostile(told: Incident) -> Iterator[Record]:
    return (record for record in told.events if record["eventID"] in told.truth.hostile)


def key_of(record: Record) -> str:
    return text_at(record["userIdentity"], "accessKeyId")


def named(records: Iterator[Record], name: str) -> list[Record]:
    return [record for record in records if record["eventName"] == name and "errorCode" not in record]


def test_the_noise_is_thirty_days_of_at_least_five_thousand_events(told: Incident) -> None:
    noise = [record for record in told.events if record["eventID"] in told.truth.noise]

    assert len(noise) >= 5_000
    assert parse_instant(str(noise[-1]["eventTime"])) - parse_instant(str(noise[0]["eventTime"])) > timedelta(days=30)


def test_every_event_is_told_once_in_time_order_before_the_case_opens(told: Incident) -> None:
    times = [str(record["eventTime"]) for record in told.events]

    assert times == sorted(times)
    assert len({record["eventID"] for record in told.events}) == len(told.events)
    assert parse_instant(times[-1]) < told.as_of


def test_the_truth_names_each_event_once(told: Incident) -> None:
    truth = told.truth

    assert sorted([*truth.hostile, *truth.responder, *truth.noise]) == sorted(str(e["eventID"]) for e in told.events)


def test_records_hold_fields_of_the_record_dictionary_only(told: Incident) -> None:
    assert {field for record in told.events for field in record} <= DICTIONARY


def test_addresses_are_for_documentation_or_private(told: Incident) -> None:
    callers = {str(record["sourceIPAddress"]) for record in told.events}
    addresses = {caller for caller in callers if not caller.endswith(".amazonaws.com")}

    assert all(any(ipaddress.ip_address(address) in network for network in OURS) for address in addresses)


def test_nothing_in_a_record_tells_the_answer(told: Incident) -> None:
    text = json.dumps(told.events).lower()

    assert re.findall(r"attack|malicious|intrud|hostile|hack|stolen|evil|leaked|victim", text) == []


def test_the_intruder_s_agent_is_as_common_as_any(leak: Incident) -> None:
    agents = {str(record["userAgent"]).split()[0] for record in hostile(leak)}
    everyday = {str(record["userAgent"]).split()[0] for record in leak.events} - {""}

    assert agents <= {str(r["userAgent"]).split()[0] for r in leak.events if r["eventID"] in leak.truth.noise}
    assert len(everyday) > 3


def test_one_leaked_key_leads_to_everything_hostile(leak: Incident) -> None:
    reached = {LEAKED_KEY}
    for record in hostile(leak):
        assert key_of(record) in reached
        reached |= {text_at(record["responseElements"], "credentials", "accessKeyId")}
        reached |= {text_at(record["responseElements"], "accessKey", "accessKeyId")}

    assert reached - {""} == {*leak.truth.keys, *leak.truth.sessions}


def test_the_role_hops_are_two_deep(leak: Incident) -> None:
    first, second = named(hostile(leak), "AssumeRole")

    assert (key_of(first), key_of(second)) == (LEAKED_KEY, leak.truth.sessions[0])
    assert text_at(second["responseElements"], "credentials", "accessKeyId") == leak.truth.sessions[1]


def test_a_session_bears_the_time_at_which_it_was_issued(told: Incident) -> None:
    issued = {
        text_at(record["responseElements"], "credentials", "accessKeyId"): record["eventTime"]
        for record in named(iter(told.events), "AssumeRole")
    }
    for record in told.events:
        if key_of(record) in issued:
            created = text_at(record["userIdentity"], "sessionContext", "attributes", "creationDate")
            assert created == issued[key_of(record)]


def test_the_second_key_is_made_for_another_user_and_used(leak: Incident) -> None:
    [made] = named(hostile(leak), "CreateAccessKey")

    assert text_at(made["responseElements"], "accessKey", "userName") == BACKUP_USER
    assert SECOND_KEY in {key_of(record) for record in leak.logged()}


def test_no_log_file_holds_what_happened_while_the_trail_was_stopped(leak: Incident) -> None:
    assert leak.truth.gap is not None
    stopped, started = leak.truth.gap
    between = [record for record in leak.events if stopped < parse_instant(str(record["eventTime"])) < started]
    logged = {record["eventID"] for record in leak.logged()}

    assert {record["eventID"] for record in between} == leak.truth.unlogged
    assert not logged & leak.truth.unlogged
    assert {"StopLogging", "StartLogging"} <= {record["eventName"] for record in leak.logged()}


def test_the_log_files_hold_what_a_right_report_names(leak: Incident) -> None:
    logged = tuple(leak.logged())
    keys = {key_of(record) for record in logged}
    [launch] = named(iter(logged), "RunInstances")
    [quarantine] = named(iter(logged), "AttachUserPolicy")

    assert {*leak.truth.keys, *leak.truth.sessions} <= keys
    assert all(instance in json.dumps(launch["responseElements"]) for instance in leak.truth.instances)
    assert text_at(quarantine["requestParameters"], "policyArn") == QUARANTINE_ARN
    assert text_at(quarantine["userIdentity"], "userName") == RESPONDER
    reads = [r for r in logged if r["eventName"] == "GetObject" and r["eventID"] in leak.truth.hostile]
    assert len(reads) == leak.truth.objects_read


def test_the_far_region_is_unused_before_that_night(leak: Incident) -> None:
    there = [record for record in leak.events if record["awsRegion"] == FAR]

    assert there
    assert {record["eventID"] for record in there} <= leak.truth.hostile


def test_the_developer_s_key_stays_in_the_office_before_that_night(leak: Incident) -> None:
    own = [record for record in leak.events if key_of(record) == LEAKED_KEY and record["eventID"] in leak.truth.noise]

    assert len(own) > 300
    assert {record["sourceIPAddress"] for record in own} == {"203.0.113.24"}
    assert {text_at(record["userIdentity"], "userName") for record in own} == {DEVELOPER}


def test_the_twin_makes_the_calls_of_the_incident(leak: Incident, twin: Incident) -> None:
    serious = {"AssumeRole", "CreateAccessKey", "GetObject", "RunInstances", "GetCallerIdentity", "ListRoles"}

    assert serious <= {record["eventName"] for record in hostile(leak)}
    assert serious <= {record["eventName"] for record in twin.events}
    assert not {"StopLogging", "DeleteTrail"} & {record["eventName"] for record in twin.events}


def test_what_the_twin_does_it_did_on_the_four_mondays_before(twin: Incident) -> None:
    launches = Counter(str(record["eventTime"])[:10] for record in named(iter(twin.events), "RunInstances"))
    keys = Counter(str(record["eventTime"])[:10] for record in named(iter(twin.events), "CreateAccessKey"))

    assert list(launches) == list(keys) == ["2026-09-28", "2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"]
    assert {record["sourceIPAddress"] for record in named(iter(twin.events), "RunInstances")} == {"203.0.113.80"}


def test_the_twin_s_machines_are_launched_two_hops_below_the_pipeline_s_key(twin: Incident) -> None:
    launch = named(iter(twin.events), "RunInstances")[-1]
    takes = {
        text_at(r["responseElements"], "credentials", "accessKeyId"): r for r in named(iter(twin.events), "AssumeRole")
    }
    training = takes[key_of(launch)]
    pipeline = takes[key_of(training)]

    assert key_of(pipeline) == CI_KEY
    assert text_at(pipeline["requestParameters"], "roleArn").endswith(CI_ROLE)
    assert text_at(training["requestParameters"], "roleArn").endswith(TRAINING_ROLE)


def test_the_twin_s_administrator_signs_in_with_a_second_factor(twin: Incident) -> None:
    for record in named(iter(twin.events), "CreateAccessKey"):
        assert text_at(record["userIdentity"], "sessionContext", "attributes", "mfaAuthenticated") == "true"
        assert record["sourceIPAddress"] == "203.0.113.24"


def test_a_key_of_the_twin_is_used_between_its_making_and_its_end(twin: Incident) -> None:
    made = {
        text_at(r["responseElements"], "accessKey", "accessKeyId"): r
        for r in named(iter(twin.events), "CreateAccessKey")
    }
    ended = {text_at(r["requestParameters"], "accessKeyId"): r for r in named(iter(twin.events), "UpdateAccessKey")}
    for record in twin.events:
        if (key := key_of(record)) in made:
            assert str(made[key]["eventTime"]) < str(record["eventTime"])
        if key in ended:
            assert str(record["eventTime"]) < str(ended[key]["eventTime"])


def test_a_name_that_no_scenario_has_is_refused() -> None:
    with pytest.raises(LookupError, match="leaked-key, deploy-twin"):
        incident("volcano")


def test_the_home_region_is_the_busiest(told: Incident) -> None:
    assert Counter(record["awsRegion"] for record in told.events).most_common(1)[0][0] == HOME
