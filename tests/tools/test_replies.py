"""A reply that is cut, foreign, late or refused is never read as "nothing happened"."""

import json
from pathlib import Path
from typing import Any

import pytest
from investigator.tools.aws import Limits

from investigator.domain.trouble import NoCredentials
from investigator.domain.words import CellState
from investigator.ports.aws import Page, Refused
from tests.doubles.loopback_aws import Asked, Error, Raw, Script, loopback
from tests.tools.doors import ACCOUNT, HOME, Lines, NoWait, live, record, saved

GOOD = {"Events": [record("e1", "2026-01-27T03:06:00Z")]}
TEXT = json.dumps(GOOD).encode()
PATIENT = Limits(attempts=4, call_seconds=30, step_seconds=60)


def read(
    answers: dict[str, Script], folder: Path, operation: str = "cloudtrail:LookupEvents", **options: Any
) -> list[Page]:
    """The pages of one request."""
    service, _, name = operation.partition(":")
    given = {"UserName": "alice"} if service == "iam" else {"Bucket": "acme"} if service == "s3" else {}
    with loopback(answers) as world:
        return list(live(world.url, folder, **options).at(ACCOUNT, HOME).pages(service, name, **given))


BAD = {
    "Content-Length longer than the body": Raw(TEXT, claims=len(TEXT) + 20),
    "JSON cut": Raw(TEXT[:-30]),
    "empty": Raw(b""),
    "a web page": Raw(b"<html><body>Sign in to the hotel network</body></html>", content_type="text/html"),
    "null": Raw(b"null"),
    "a list": Raw(b"[]"),
    "no result key": Raw(b"{}"),
    "result key is null": Raw(b'{"Events": null}'),
    "wrong type": Raw(b'{"Events": "none"}'),
    "wrong inner type": Raw(b'{"Events": [1]}'),
    "not a number": Raw(b'{"Events": [], "x": NaN}'),
    "bad UTF-8": Raw(b'{"Events": ["\xff\xfe"]}'),
    "bytes that only look like gzip": Raw(b"\x1f\x8b\x08\x00rest"),
    "too deep": Raw(b'{"Events": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
}


@pytest.mark.parametrize("reply", BAD.values(), ids=BAD.keys())
def test_a_bad_reply_is_asked_for_three_times_then_incomplete(reply: Raw, tmp_path: Path) -> None:
    audit = Lines()

    with pytest.raises(Refused) as refusal:
        read({"cloudtrail:LookupEvents": [reply]}, tmp_path, audit=audit)

    assert refusal.value.state is CellState.INCOMPLETE
    assert "bad_reply" in refusal.value.gap.why
    assert [line["outcome"] for _, line in audit.lines if line["operation"] == "cloudtrail:LookupEvents"] == [
        "BadReply"
    ] * 3


def test_a_good_reply_after_a_bad_one_counts(tmp_path: Path) -> None:
    [page] = read({"cloudtrail:LookupEvents": [Raw(TEXT[:-9]), GOOD]}, tmp_path)

    assert page.body == GOOD


@pytest.mark.parametrize(
    "body", [b"", b"<html><p>x</p></html>", b"<html>", b"<ListUsersResponse/>", b"<GetUserResponse/>"]
)
def test_foreign_xml_is_no_user(body: bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="GetUser"):
        read({"iam:GetUser": [Raw(body, content_type="text/xml")]}, tmp_path, "iam:GetUser")


@pytest.mark.parametrize("body", [b"", b"<html><p>x</p></html>", b'{"Version"'])
def test_a_web_page_is_no_bucket_policy(body: bytes, tmp_path: Path) -> None:
    reply = Raw(body, claims=len(body) + (5 if body.startswith(b"{") else 0))
    with pytest.raises(Refused, match="GetBucketPolicy"):
        read({"s3:GetBucketPolicy": [reply]}, tmp_path, "s3:GetBucketPolicy")


def test_throttling_costs_no_page(tmp_path: Path) -> None:
    audit = Lines()
    slow = Error("ThrottlingException", 400)
    [first, second] = read(
        {"cloudtrail:LookupEvents": [{**GOOD, "NextToken": "t"}, slow, slow, {"Events": []}]},
        tmp_path, audit=audit, limits=PATIENT)  # fmt: skip

    assert (first.body["Events"], second.body) == (GOOD["Events"], {"Events": []})
    assert len(audit.request_ids()) == 3
    assert [len(line["repeated"]) for _, line in audit.lines if "repeated" in line] == [2]


def test_throttling_until_the_deadline_is_a_gap(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        read(
            {"cloudtrail:LookupEvents": [Error("ThrottlingException")]},
            tmp_path,
            limits=Limits(attempts=1, step_seconds=0.2, pause=0.05),
        )

    assert (refusal.value.state, refusal.value.gap.why[:21]) == (CellState.INCOMPLETE, "incomplete: throttled")


def test_the_event_history_has_a_bucket_of_its_own_for_each_account_and_region(tmp_path: Path) -> None:
    rate = NoWait()
    read({"cloudtrail:LookupEvents": [{**GOOD, "NextToken": "t"}, GOOD]}, tmp_path, rate=rate)

    assert rate.buckets == [("111122223333/us-east-1/LookupEvents", 1.9)] * 2


@pytest.mark.parametrize(
    ("tokens", "pages"), [(("A", "A"), 2), (("A", "B"), 3)], ids=["same token twice", "tokens that go round"]
)
def test_tokens_that_come_back_end_the_list(tokens: tuple[str, ...], pages: int, tmp_path: Path) -> None:
    turn = iter(range(1_000))
    answers = {"cloudtrail:LookupEvents": lambda _: {**GOOD, "NextToken": tokens[next(turn) % len(tokens)]}}
    got = drained(answers, tmp_path)

    assert (len(got.pages), got.refusal.gap.why) == (pages, "incomplete: pagination (the paging token came back)")


def test_empty_pages_for_ever_end_at_fifty(tmp_path: Path) -> None:
    turn = iter(range(1_000))
    got = drained({"cloudtrail:LookupEvents": lambda _: {"Events": [], "NextToken": str(next(turn))}}, tmp_path)

    assert (len(got.pages), "50 empty pages" in got.refusal.gap.why) == (50, True)


def test_the_page_budget_says_how_far_it_came(tmp_path: Path) -> None:
    turn = iter(range(1_000))
    got = drained({"cloudtrail:LookupEvents": lambda _: {**GOOD, "NextToken": str(next(turn))}}, tmp_path)

    assert (len(got.pages), "read back to 2026-01-27T03:06:00Z" in got.refusal.gap.why) == (200, True)


class Drained:
    """What came before the refusal, live and again out of the folder."""

    def __init__(self, pages: list[Page], refusal: Refused) -> None:
        self.pages = pages
        self.refusal = refusal


def drained(answers: dict[str, Script], folder: Path) -> Drained:
    with loopback(answers) as world:
        first = drain(live(world.url, folder).at(ACCOUNT, HOME))
    again = drain(saved(folder).at(ACCOUNT, HOME))
    assert (again.pages, again.refusal.gap, again.refusal.state) == (
        first.pages,
        first.refusal.gap,
        first.refusal.state,
    )
    return first


def drain(aws: Any) -> Drained:
    pages: list[Page] = []
    with pytest.raises(Refused) as refusal:
        for page in aws.pages("cloudtrail", "LookupEvents"):
            pages.append(page)
    return Drained(pages, refusal.value)


def test_a_denial_names_the_missing_permission_and_replays(tmp_path: Path) -> None:
    message = "User: x is not authorized ... with an explicit deny in a service control policy"
    got = drained({"cloudtrail:LookupEvents": [Error("AccessDeniedException", 400, message)]}, tmp_path)

    assert got.refusal.state is CellState.DENIED
    assert "not permitted cloudtrail:LookupEvents (an explicit deny in a service control policy)" in got.refusal.gap.why


def test_the_permission_of_an_operation_with_another_name_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        read({"s3:GetBucketEncryption": [Error("AccessDenied", 403)]}, tmp_path, "s3:GetBucketEncryption")

    assert "s3:GetEncryptionConfiguration" in refusal.value.gap.close


@pytest.mark.parametrize(
    "code", ["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId"]
)
def test_credentials_that_do_not_hold_pause_the_run_and_are_not_saved(code: str, tmp_path: Path) -> None:
    with pytest.raises(NoCredentials, match="--profile"):
        read({"cloudtrail:LookupEvents": [Error(code)]}, tmp_path)

    assert list(tmp_path.rglob("*.jsonl")) == []


def test_without_credentials_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with loopback({}) as world, pytest.raises(NoCredentials, match="sign in"):
        live(world.url, tmp_path).cells()

    assert world.bytes_read == 0


def test_a_profile_that_is_not_there_is_no_credentials(tmp_path: Path) -> None:
    with loopback({}) as world, pytest.raises(NoCredentials, match="nobody"):
        live(world.url, tmp_path, profile="nobody").cells()


def test_a_region_that_is_off_is_disabled_and_the_run_goes_on(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Any:
        return GOOD if asked.region == HOME else Error("UnrecognizedClientException", 400)

    with loopback({"cloudtrail:LookupEvents": answer}) as world:
        accounts = live(world.url, tmp_path, regions=("me-south-1",))
        with pytest.raises(Refused) as refusal:
            list(accounts.at(ACCOUNT, "me-south-1").pages("cloudtrail", "LookupEvents"))
        assert len(list(accounts.at(ACCOUNT, HOME).pages("cloudtrail", "LookupEvents"))) == 1

    assert refusal.value.state is CellState.DISABLED
    with pytest.raises(Refused) as again:
        list(saved(tmp_path).at(ACCOUNT, "me-south-1").pages("cloudtrail", "LookupEvents"))
    assert again.value.gap == refusal.value.gap


def test_a_key_that_was_deleted_meanwhile_is_no_region_that_is_off(tmp_path: Path) -> None:
    known = iter([{"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/ir", "UserId": "u"}])
    answers: dict[str, Script] = {
        "sts:GetCallerIdentity": lambda _: next(known, Error("InvalidClientTokenId", 403)),
        "cloudtrail:LookupEvents": [Error("UnrecognizedClientException")],
    }
    with loopback(answers) as world:
        aws = live(world.url, tmp_path, regions=("eu-west-1",)).at(ACCOUNT, "eu-west-1")
        with pytest.raises(NoCredentials):
            list(aws.pages("cloudtrail", "LookupEvents"))


def test_paid_requests_end_at_their_budget(tmp_path: Path) -> None:
    limits = Limits(attempts=1, cost_explorer_requests=1)
    with loopback({"ce:GetCostAndUsage": [{"ResultsByTime": [], "NextPageToken": "t"}]}) as world:
        aws = live(world.url, tmp_path, limits=limits).at(ACCOUNT, HOME)
        with pytest.raises(Refused, match="GetCostAndUsage") as refusal:
            list(aws.pages("ce", "GetCostAndUsage", TimePeriod={"Start": "2026-01-01", "End": "2026-01-02"},
                           Granularity="DAILY", Metrics=["UnblendedCost"]))  # fmt: skip

    assert "budget" in refusal.value.gap.why
    assert world.operations().count("ce:GetCostAndUsage") == 1


def test_parameters_that_aws_would_not_take_are_a_gap(tmp_path: Path) -> None:
    with loopback({}) as world, pytest.raises(Refused, match="GetUser"):
        list(live(world.url, tmp_path).at(ACCOUNT, HOME).pages("iam", "GetUser", UserName=""))


def test_hostile_text_in_a_request_is_harmless_in_the_gap(tmp_path: Path) -> None:
    with loopback({"iam:GetUser": [Error("ValidationError", 400)]}) as world, pytest.raises(Refused) as refusal:
        list(live(world.url, tmp_path).at(ACCOUNT, HOME).pages("iam", "GetUser", UserName="x\x1b]52;c;aGk=\x07\u202e"))

    assert refusal.value.gap.what.isprintable()


def test_our_calls_carry_the_name_of_the_case(tmp_path: Path) -> None:
    with loopback({"cloudtrail:LookupEvents": [GOOD]}) as world:
        list(live(world.url, tmp_path).at(ACCOUNT, HOME).pages("cloudtrail", "LookupEvents"))

    assert all("case/ir-000000000000" in each.agent for each in world.asked)


def test_empty_is_empty_when_aws_says_so(tmp_path: Path) -> None:
    [page] = read({"cloudtrail:LookupEvents": [{"Events": []}]}, tmp_path)

    assert page.body == {"Events": []}
