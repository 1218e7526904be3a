"""What follows from a record: who, in which session, with which outcome, and which key was handed out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from investigator.domain.event import Event
from investigator.domain.words import Actor, Outcome

from .trails import ALICE, Json, record, session, trail, write


@pytest.fixture
def event_of(tmp_path: Path, read: Callable[..., list[Event]]) -> Callable[..., Event]:
    """The event of one record with some changes."""

    def of(**changes: Any) -> Event:
        [event] = read(write(tmp_path / "log.json", trail(record(**changes))))
        return event

    return of


EventOf = Callable[..., Event]
ROLE = "arn:aws:iam::111122223333:role/deploy"
CALLERS: dict[str, tuple[Json, str, Actor, str]] = {
    "a user": (ALICE, "arn:aws:iam::111122223333:user/alice", Actor.PERSON, ""),
    "root": (
        {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"},
        "arn:aws:iam::111122223333:root", Actor.PERSON, "",
    ),
    "a role session": (session(), ROLE, Actor.ROLE, "run-1"),
    "a role session without a context": (
        {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/deploy/run-1"}, ROLE, Actor.ROLE, "run-1",
    ),
    "an instance": (session(name="i-0123456789abcdef0"), ROLE, Actor.WORKLOAD, "i-0123456789abcdef0"),
    "an instance by its metadata": (session(ec2RoleDelivery="2.0"), ROLE, Actor.WORKLOAD, "run-1"),
    "a person of the identity center": (
        session(role="AWSReservedSSO_Admin_1", name="ann"), "arn:aws:iam::111122223333:role/AWSReservedSSO_Admin_1",
        Actor.PERSON, "ann",
    ),
    "a service": ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, "ec2.amazonaws.com", Actor.SERVICE, ""),
    "a service event": ({"accountId": "111122223333", "invokedBy": "kms.amazonaws.com"}, "kms.amazonaws.com", Actor.SERVICE, ""),
    "another account": ({"type": "AWSAccount", "principalId": "AROAX:s", "accountId": "999988887777"}, "unknown", Actor.OTHER_ACCOUNT, ""),
    "nobody": ({"type": "AWSAccount", "principalId": "", "accountId": "ANONYMOUS_PRINCIPAL"}, "anonymous", Actor.ANONYMOUS, ""),
    "a user of another partition": (
        {"type": "AssumedRole", "arn": "arn:aws-cn:sts::111122223333:assumed-role/deploy/x"},
        "arn:aws-cn:iam::111122223333:role/deploy", Actor.ROLE, "x",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLERS)
def test_the_caller(name: str, event_of: EventOf) -> None:
    identity, principal, actor, session_name = CALLERS[name]

    event = event_of(userIdentity=identity)

    assert (event.principal, event.actor, event.session) == (principal, actor, session_name)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (..., Outcome.SUCCESS),
        (None, Outcome.SUCCESS),
        ("AccessDenied", Outcome.DENIED),
        ("AccessDeniedException", Outcome.DENIED),
        ("UnauthorizedOperation", Outcome.DENIED),
        ("Client.UnauthorizedOperation", Outcome.DENIED),
        ("403", Outcome.DENIED),
        ("NoSuchBucket", Outcome.FAILED),
        ("NotAccessDeniedAtAll", Outcome.FAILED),
    ],
)
def test_the_outcome(error: object, outcome: Outcome, event_of: EventOf) -> None:
    assert event_of(errorCode=error).outcome is outcome


@pytest.mark.parametrize(("said", "outcome"), [("Success", Outcome.SUCCESS), ("Failure", Outcome.FAILED)])
def test_a_sign_in_says_its_outcome_in_the_response(said: str, outcome: Outcome, event_of: EventOf) -> None:
    assert event_of(eventName="ConsoleLogin", responseElements={"ConsoleLogin": said}).outcome is outcome


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("CreateAccessKey", {"accessKey": {"accessKeyId": "AKIANEW", "userName": "bob"}}),
        ("AssumeRole", {"credentials": {"accessKeyId": "AKIANEW", "sessionToken": "x"}}),
        ("GetFederationToken", {"credentials": {"accessKeyId": "AKIANEW"}}),
        ("GetRoleCredentials", {"roleCredentials": {"accessKeyId": "AKIANEW"}}),
    ],
)
def test_the_key_that_a_response_handed_out(name: str, response: Json, event_of: EventOf) -> None:
    assert event_of(eventName=name, responseElements=response).issued_key == "AKIANEW"


def test_a_refused_call_hands_out_nothing(event_of: EventOf) -> None:
    response = {"accessKey": {"accessKeyId": "AKIANEW"}}

    assert event_of(eventName="CreateAccessKey", responseElements=response, errorCode="AccessDenied").issued_key == ""


def test_a_response_that_only_shows_a_key_hands_out_none(event_of: EventOf) -> None:
    assert (
        event_of(eventName="UpdateThing", responseElements={"accessKey": {"accessKeyId": "AKIAOLD"}}).issued_key == ""
    )


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("CreateFunction20150331", "CreateFunction"),
        ("AddPermission20150331v2", "AddPermission"),
        ("CreateDistribution2020_05_31", "CreateDistribution"),
        ("CreateUser", "CreateUser"),
        ("CreateUserV2", "CreateUserV2"),
    ],
)
def test_a_name_loses_its_date(written: str, plain: str, event_of: EventOf) -> None:
    assert event_of(eventName=written).name == plain


def test_the_account_is_the_receiving_one_else_the_callers(event_of: EventOf) -> None:
    assert event_of(recipientAccountId="444455556666").account == "444455556666"
    assert event_of(recipientAccountId=...).account == "111122223333"


def test_columns_hold_what_the_record_says(event_of: EventOf) -> None:
    event = event_of(
        userIdentity=session(sourceIdentity="ann"), errorMessage="no", sharedEventID="s", vpcEndpointId="vpce-1",
        readOnly=False, additionalEventData={"MFAUsed": "No"}, resources=[{"ARN": "arn:x"}],
    )  # fmt: skip

    assert (event.region, event.ip, event.agent) == ("us-east-1", "198.51.100.7", "aws-cli/2.15")
    assert (event.identity, event.key, event.issuer) == ("AssumedRole", "ASIASESSION000000000", ROLE)
    assert (event.session_start, event.mfa, event.source_identity) == ("2025-03-01T09:00:00Z", "false", "ann")
    assert (event.error_message, event.shared_id, event.vpce, event.read_only) == ("no", "s", "vpce-1", False)
    assert (event.additional, event.resources) == ({"MFAUsed": "No"}, [{"ARN": "arn:x"}])
