"""Words and alerts become facts, entities and a scenario; nothing is fetched and no secret stays."""

import json

import pytest

from investigator.domain.case import OpenCase
from investigator.domain.times import parse_instant
from investigator.domain.words import EntityKind, Scenario
from investigator.stages.intake import intake

NOW = parse_instant("2026-01-28T12:00:00Z")
KEY = "AKIAIOSFODNN7EXAMPLE"


def read(worry: str, **more):
    return intake(OpenCase(worry=worry, **more), NOW)


def facts(read_intake) -> dict[str, str]:
    return {answer.slot: answer.value for answer in read_intake.answers}


def test_a_leaked_key_opens_its_scenario_with_what_the_text_says():
    found = read(f"credentials of user build were committed to GitHub, key {KEY}")

    assert found.scenarios[0] is Scenario.LEAKED_ACCESS_KEY
    assert facts(found) == {"key": KEY, "principal": "build", "exposure": "GitHub"}


def test_an_address_since_monday_opens_suspicious_ip():
    found = read("Unusual API calls from 198.51.100.7 since Monday")

    assert found.scenarios == (Scenario.SUSPICIOUS_IP,)
    assert facts(found) == {"ip": "198.51.100.7", "start": "2026-01-26T00:00:00Z"}


def test_a_leaver_opens_terminated_employee():
    found = read("data access from terminated employee jdoe's credentials")

    assert found.scenarios[0] is Scenario.TERMINATED_EMPLOYEE
    assert facts(found) == {"person": "jdoe", "principal": "jdoe"}


def test_a_leaver_with_a_date_and_zone():
    found = facts(read("Former employee jane.roe (jane.roe@example.com) left on 5 January 2026 at 17:00 +02:00"))

    assert found["person"] == "jane.roe, jane.roe@example.com"
    assert found["left_at"] == "2026-01-05T15:00:00Z"
    assert "start" not in found


@pytest.mark.parametrize(
    ("worry", "scenario"),
    [
        ("A file from an internal S3 bucket (acme-data-x1) turned up outside the company", Scenario.S3_EXFILTRATION),
        ("our AWS bill tripled overnight, maybe crypto mining", Scenario.COST_SPIKE),
        ("i-0123456789abcdef0 talks to a mining pool", Scenario.COMPROMISED_INSTANCE),
        ("somebody signed in to the console as root at 3am without MFA", Scenario.CONSOLE_LOGIN),
        ("a user with administrator rights that nobody knows", Scenario.PRIVILEGE_ESCALATION),
        ("files in /var/www/html of host web-01 were modified", Scenario.FILE_TAMPERING),
        ("our Stripe API key was pushed to a public repo", Scenario.EXPOSED_SECRET),
        ("something is odd", Scenario.GENERAL),
    ],
)
def test_each_worry_is_classed_by_entities_and_words(worry, scenario):
    assert read(worry).scenarios[0] is scenario


def test_the_playbook_that_the_user_names_wins():
    found = read("Unusual API calls from 198.51.100.7", playbook="leaked-access-key")

    assert found.scenarios == (Scenario.LEAKED_ACCESS_KEY, Scenario.SUSPICIOUS_IP)


def test_a_secret_key_is_redacted_at_once_and_said_to_be_exposed():
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    found = read(f"we leaked {KEY}, secret access key: {secret}")

    assert secret not in found.model_dump_json()
    assert found.notes == (
        "A secret access key stood in the text. It was redacted here; treat it as exposed and replace it.",
    )


def test_the_time_of_noticing_opens_the_window_a_day_earlier():
    found = read(
        f"At 08:40 UTC on 2026-01-27 GuardDuty raised TorIPCaller. We think {KEY} of developer dev-alice leaked."
    )

    [start] = [answer for answer in found.answers if answer.slot == "start"]
    assert start.value == "2026-01-26T08:40:00Z"
    assert start.note == "24 hours before it was noticed (2026-01-27T08:40:00Z)"
    assert facts(found)["principal"] == "dev-alice"


def test_logs_that_end_before_it_was_noticed_still_get_the_day_before():
    assert facts(read("GuardDuty raised an alert at 18:00 on 2026-01-28"))["start"] == "2026-01-27T18:00:00Z"


def test_a_window_of_clock_times_belongs_to_the_day_of_the_text():
    found = read("On 10 July 2025 around noon UTC settings kept changing. Window: 11:42 to 12:38 UTC.")

    assert facts(found)["start"] == "2025-07-10T11:42:00Z"


def test_a_time_in_the_future_says_nothing():
    assert "start" not in facts(read("it began on 2027-01-01"))


def test_bucket_names_need_more_than_the_word_bucket():
    assert facts(read("the bucket turned up empty")).get("bucket") is None
    assert facts(read("bucket named 'invoices' is public"))["bucket"] == "invoices"
    assert facts(read("see s3://acme-data/2025/x.csv"))["bucket"] == "acme-data"


def test_regions_in_use_are_only_those_that_the_user_calls_theirs():
    assert (
        facts(read("RunInstances in ap-southeast-3, we only use eu-west-1 and eu-central-1"))["regions"]
        == "eu-west-1, eu-central-1"
    )
    assert "regions" not in facts(read("strange calls in ap-southeast-3"))


def test_words_after_user_are_no_names():
    assert "principal" not in facts(read("a user with administrator rights did it, and the user agent was odd"))


def test_a_long_text_is_cut_at_a_sentence():
    found = read("It is bad. " * 2_000)

    assert len(found.description) <= 8_000
    assert found.description.endswith("bad.…")


@pytest.mark.parametrize(
    "worry",
    [
        "[" * 100_000,
        "a@" * 100_000,
        "1." * 100_000,
        "/a" * 100_000,
        "user " * 50_000,
        "\x00\ud800 \x1b[2J",
        ":" * 100_000,
        "arn:aws:" * 20_000,
    ],
)
def test_hostile_text_is_read_without_harm(worry):
    assert read("x " + worry).scenarios


def test_the_same_request_gives_the_same_intake():
    worry = f"{KEY} and i-0123456789abcdef0 at 198.51.100.7, since Friday"

    assert read(worry) == read(worry)


def test_alert_and_words_are_read_together():
    record = {"eventName": "CreateUser", "eventSource": "iam.amazonaws.com", "eventTime": "2026-01-27T03:00:00Z",
              "eventID": "e1", "recipientAccountId": "111122223333", "userIdentity": {"accessKeyId": KEY}}  # fmt: skip
    found = read("it should not have come from 192.0.2.1", alert=json.loads(json.dumps(record)))

    assert facts(found) == {"account": "111122223333", "key": KEY, "ip": "192.0.2.1"}
    assert {entity.kind for entity in found.entities} >= {EntityKind.ACCESS_KEY, EntityKind.IP}
    assert found.scenarios[0] is Scenario.PRIVILEGE_ESCALATION


def test_a_parameter_that_is_named_by_its_path_is_the_secret():
    found = read("The password in parameter /shop/prod/mail was posted in a forum.")

    assert "/shop/prod/mail" in {answer.slot: answer.value for answer in found.answers}["secret"]
