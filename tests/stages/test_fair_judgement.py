"""Fair judgement: what must not clear anybody, and what must not accuse."""

import json
from dataclasses import replace

from investigator.domain.words import Outcome, Role, Severity, Tactic, Verdict
from investigator.stages.assessing import assess
from investigator.stages.assessment.responders import only_denies
from tests.support.matters import TakenAsTold, history, hits_on, judged, matter
from tests.support.story import key_of, told, user_arn

OFFICE_LIFE = history("09:00 alice s3:ListBuckets from 203.0.113.40")
THEFT = """
    03:00 alice sts:GetCallerIdentity from 198.51.100.7
    03:05 alice iam:CreateAccessKey(carol) -> AKIACAROL2000001 from 198.51.100.7
"""


def roles(assessed):
    return {entity.value: entity.role for entity in assessed.entities}


def test_reading_a_named_bucket_from_a_strange_network_is_not_everyday():
    story = told("03:00 alice s3:GetObject(acme-data) from 198.51.100.7")

    assessed = judged((*OFFICE_LIFE, *story), bucket="acme-data")

    assert assessed.verdict.value not in (Verdict.LIKELY_BENIGN, Verdict.BENIGN)
    assert roles(assessed)[key_of("alice")] is not Role.BENIGN


def test_one_strange_key_keeps_its_owner_from_being_cleared():
    other = tuple(
        replace(event, key="AKIABOBSOTHERKEY", id="ct:other")
        for event in told("03:00 alice s3:GetObject(acme-data) from 198.51.100.7")
    )
    office = tuple(
        replace(event, id="ct:office") for event in told("10:00 alice s3:GetObject(acme-data) from 203.0.113.40")
    )

    assessed = judged((*OFFICE_LIFE, *office, *other), bucket="acme-data")

    assert "used only networks" not in " ".join(claim.text for claim in assessed.claims)


def test_somebody_without_a_history_of_their_own_is_not_known():
    """The logs reach back 30 days, but this user is two days old."""
    new = history("09:00 dave s3:ListBuckets from 203.0.113.40", days=2)
    story = told("03:00 dave sts:GetCallerIdentity from 198.51.100.7")

    assessed = judged((*OFFICE_LIFE, *new, *story), principal="dave")

    assert assessed.verdict.value is Verdict.INCONCLUSIVE


def test_an_announced_change_clears_nothing_that_is_certain():
    assessed = judged((*OFFICE_LIFE, *told(THEFT)), key=key_of("alice"), change="CHG-1 maintenance")

    assert assessed.verdict.value is Verdict.CONFIRMED


def test_a_denied_change_is_no_change():
    office = told("2026-01-27 10:00 alice s3:ListBuckets from 203.0.113.40")

    assessed = judged((*OFFICE_LIFE, *office), key=key_of("alice"), change="Not that I know of")

    assert assessed.verdict.value is Verdict.LIKELY_BENIGN


def test_a_wide_network_of_ours_covers_all_of_it():
    assessed = judged((*OFFICE_LIFE, *told(THEFT)), key=key_of("alice"), known_ips="198.51.0.0/16")

    assert not any(role.accused for role in roles(assessed).values())


def test_a_policy_called_quarantine_makes_no_responder():
    story = told("""
        03:05 alice iam:CreateAccessKey(carol) -> AKIACAROL2000001 from 198.51.100.7
        03:06 mallory iam:PutUserPolicy(carol)
    """)
    grant = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    named = replace(
        story[1], request={"userName": "carol", "policyName": "AWSCompromisedKeyQuarantineV2", "policyDocument": grant}
    )

    assessed = judged((*OFFICE_LIFE, story[0], named), key=key_of("alice"))

    assert roles(assessed).get(user_arn("mallory")) is not Role.RESPONDER
    assert not any(finding.tactic == "response" for finding in assessed.findings)


def test_only_a_document_that_only_denies_contains():
    deny, allow = {"Effect": "Deny", "Action": "*"}, {"Effect": "Allow", "Action": "*"}

    assert only_denies(json.dumps({"Statement": [deny]}))
    assert only_denies(json.dumps({"Statement": deny}))
    assert not only_denies(json.dumps({"Statement": [deny, allow]}))
    assert not only_denies("not JSON")


def test_an_agent_called_null_does_not_unmake_a_claim():
    loud = tuple(replace(event, agent="null", error_message="null") for event in told(THEFT))

    assessed = judged((*OFFICE_LIFE, *loud), key=key_of("alice"))

    searches = [
        predicate.where
        for claim in assessed.claims
        for predicate in claim.predicates
        if "where" in type(predicate).model_fields
    ]
    assert searches
    assert not any("userAgent=null" in where or "errorMessage=null" in where for where in searches)


def test_logging_of_another_trail_started_does_not_undo_the_finding():
    story = told("""
        03:00 alice cloudtrail:StopLogging(main) from 198.51.100.7
        08:00 bob   cloudtrail:StartLogging(other)
    """)

    assessed = judged((*OFFICE_LIFE, *story), key=key_of("alice"))

    [told_so] = [claim for claim in assessed.claims if "no StartLogging" in claim.text]
    absent = [predicate for predicate in told_so.predicates if predicate.kind == "absent"]
    assert all("requestParameters.name=main" in predicate.where for predicate in absent)


OFFICE_CHANGE = "2026-01-27 10:00 alice iam:CreateUser(robot) from 203.0.113.40"


def test_a_new_kind_of_change_from_the_office_needs_a_word():
    assessed = judged((*OFFICE_LIFE, *told(OFFICE_CHANGE)), key=key_of("alice"))

    assert assessed.verdict.value is Verdict.INCONCLUSIVE
    assert assessed.verdict.against
    assert any("iam:CreateUser on robot" in claim.text for claim in assessed.claims)
    assert not any(role.accused for role in roles(assessed).values())


def test_with_an_announced_change_it_is_likely_benign():
    assessed = judged((*OFFICE_LIFE, *told(OFFICE_CHANGE)), key=key_of("alice"), change="CHG-1 a robot for exports")

    assert assessed.verdict.value is Verdict.LIKELY_BENIGN


def test_an_announced_change_is_no_word_for_a_call_from_a_strange_network():
    strange = told("03:00 alice iam:CreateUser(robot) from 198.51.100.7")

    told_so = {"change": "CHG-1 a robot for exports", "rotated": "yes, at 2026-01-27T02:00:00Z"}
    assessed = judged((*OFFICE_LIFE, *strange), principal="alice", **told_so)

    assert any("said to be switched off" in claim.text for claim in assessed.claims)
    assert assessed.verdict.value is Verdict.INCONCLUSIVE
    assert not any(role.accused for role in roles(assessed).values())
    assert all(finding.severity is not Severity.CRITICAL for finding in assessed.findings)


def test_a_new_user_is_at_home_where_its_maker_is():
    story = told(
        """
        2026-01-27 10:00 alice iam:CreateAccessKey(robot) -> AKIAROBOT00000000001 from 203.0.113.40
        2026-01-27 10:05 AKIAROBOT00000000001 s3:ListBuckets from {}
    """.replace("{}", "203.0.113.41")
    )

    assessed = judged((*OFFICE_LIFE, *story), principal="robot")

    assert not any(role.accused for role in roles(assessed).values())
    assert not any("AKIAROBOT00000000001 of robot was used" in claim.text for claim in assessed.claims)


def test_what_the_intruder_made_is_called_that():
    story = told("""
        03:00 alice iam:CreateUser(robot) from 198.51.100.7
        03:01 alice iam:CreateAccessKey(robot) -> AKIAROBOT00000000001 from 198.51.100.7
        03:02 AKIAROBOT00000000001 s3:ListBuckets from 198.51.100.7
    """)

    assessed = judged((*OFFICE_LIFE, *story), key=key_of("alice"))

    assert roles(assessed)[user_arn("robot")] is Role.CREATED_BY_ACTOR
    assert roles(assessed)[user_arn("alice")] is Role.COMPROMISED


def test_a_named_secret_read_from_a_strange_network_is_what_was_feared():
    story = told("03:00 alice secretsmanager:GetSecretValue(shop/payments) from 198.51.100.7")

    assessed = judged((*OFFICE_LIFE, *story), secret="shop/payments")

    assert assessed.verdict.value is Verdict.CONFIRMED
    assert roles(assessed)[key_of("alice")] is Role.COMPROMISED


def test_a_secret_that_nobody_named_accuses_nobody_by_itself():
    story = told("03:00 alice secretsmanager:GetSecretValue(shop/maps) from 198.51.100.7")

    assessed = judged((*OFFICE_LIFE, *story), secret="shop/payments")

    assert not any(role.accused for role in roles(assessed).values())


def signing_in(failures):
    """So many failures and a success from a strange network, and a call of the session."""
    tries = told(
        "\n".join(f"03:{minute:02d} alice signin:ConsoleLogin from 198.51.100.7" for minute in range(failures + 1))
    )
    bare = [
        replace(e, id=f"{e.id}in", key="", outcome=Outcome.FAILED if e is not tries[-1] else e.outcome) for e in tries
    ]
    [call] = told("03:30 alice iam:CreateUser(robot) from 198.51.100.7")
    session = replace(
        call, id="ct:session", key="ASIACONSOLE000000001", session_start=f"2026-01-27T03:{failures:02d}:00Z"
    )
    return (*OFFICE_LIFE, *bare, session)


def test_a_guessed_password_is_sure_misuse():
    guessed, typed = (judged(signing_in(failures), principal="alice") for failures in (6, 1))

    assert guessed.verdict.value is Verdict.CONFIRMED
    assert typed.verdict.value is Verdict.INCONCLUSIVE
    assert any("alice signed in to the console from 198.51.100.7" in claim.text for claim in guessed.claims)
    assert any("failed" in claim.text and "sign-ins of alice" in claim.text.lower() for claim in guessed.claims)


def test_what_anybody_read_of_a_bucket_that_the_intruder_opened_is_told():
    opening = told("03:00 alice s3:PutBucketPolicy(acme-data) from 198.51.100.7")
    read = [
        replace(event, id="ct:read", request={"bucketName": "acme-data", "key": "list.csv"})
        for event in told("04:00 anonymous s3:GetObject(acme-data) from 192.0.2.9")
    ]

    opened = judged((*OFFICE_LIFE, *opening, *read), key=key_of("alice"))
    public = judged((*OFFICE_LIFE, *read), key=key_of("alice"))

    assert read[0].id in {id_ for finding in opened.findings for id_ in finding.evidence}
    assert read[0].id not in {id_ for finding in public.findings for id_ in finding.evidence}


def test_a_company_network_is_not_blocked_for_what_came_through_it():
    others = [
        replace(event, id=f"{event.id}{name}")
        for name in ("bob", "carol", "dave")
        for event in history(f"11:00 {name} s3:ListBuckets from 198.51.100.9")
    ]

    assessed = judged((*OFFICE_LIFE, *others, *told(THEFT)), key=key_of("alice"))

    assert roles(assessed)["198.51.100.7"] is Role.UNKNOWN


def test_what_somebody_without_a_history_changed_is_told_and_speaks_neither_way():
    story = told("10:00 dave iam:CreateUser(robot) from 203.0.113.40")

    assessed = judged(story, bucket="acme-data")

    [found] = [finding for finding in assessed.findings if story[0].id in finding.evidence]
    assert found.id not in (*assessed.verdict.supports, *assessed.verdict.against)
    assert any("what is usual for it is not known" in claim.text for claim in assessed.claims)
    assert assessed.verdict.value is Verdict.INCONCLUSIVE


def test_an_announced_change_stands_beside_what_would_be_harmful_without_it():
    shared = told("10:00 alice ec2:ModifySnapshotAttribute(snap-1) from 203.0.113.40")
    [hit] = hits_on([replace(shared[0], name="StopLogging")])
    harmful = hit.model_copy(update={"harmful": True, "level": Severity.HIGH, "tactic": Tactic.EXFILTRATION})

    announced, silent = (
        assess(matter((*OFFICE_LIFE, *shared), answers, hits=(harmful,)), (), TakenAsTold())
        for answers in ({"change": "CHG-9 a copy for the partner"}, {})
    )

    assert announced.verdict.value is silent.verdict.value is Verdict.INCONCLUSIVE
    assert "a change was announced" in " ".join(claim.text for claim in announced.claims)
    assert "a change was announced" not in " ".join(claim.text for claim in silent.claims)


def test_where_a_key_was_used_before_its_exposure_is_its_owners_though_the_history_is_short():
    short = history("09:00 alice s3:ListBuckets from 203.0.113.40", days=2)
    told_so = {"key": key_of("alice"), "exposure": "GitHub, on 2026-01-27"}

    home, abroad = (
        judged((*short, *told(f"10:00 alice iam:CreateUser(robot) from {address}")), **told_so)
        for address in ("203.0.113.41", "198.51.100.7")
    )

    assert not any(role.accused for role in roles(home).values())
    assert roles(abroad)[key_of("alice")] is Role.COMPROMISED
