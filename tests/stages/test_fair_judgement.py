"""Fair judgement: what must not clear anybody, and what must not accuse."""

import json
from dataclasses import replace

from investigator.domain.words import Role, Verdict
from investigator.stages.assessment.responders import only_denies
from tests.support.matters import history, judged
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
