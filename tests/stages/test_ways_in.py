"""Ways in that an intruder makes: doors for other accounts, code on machines and functions, keys that a leaver kept."""

from dataclasses import replace

from investigator.domain.words import Actor, Role, Scenario, Verdict
from investigator.stages.assessing import assess
from tests.support.matters import TakenAsTold, history, hits_on, judged, matter
from tests.support.story import key_of, told, user_arn

STRANGER, VISITOR = "198.51.100.7", "ASIAVISITOR0000000001"
OFFICE_LIFE = history("09:00 alice s3:ListBuckets from 203.0.113.40")
OPENED = told(f"""
    03:00 alice sts:GetCallerIdentity                from {STRANGER}
    03:05 alice iam:UpdateAssumeRolePolicy(support)  from {STRANGER}
    03:30 guest sts:AssumeRole(support/visit) -> {VISITOR} from 192.0.2.9
    03:35 {VISITOR} s3:ListBuckets                   from 192.0.2.9
""")


def roles(assessed):
    return {entity.value: entity.role for entity in assessed.entities}


def by_another_account(event, account="999988887777"):
    """The call as the account that owns the role sees it."""
    caller = {"type": "AWSAccount", "accountId": account}
    return replace(
        event, identity="AWSAccount", actor=Actor.OTHER_ACCOUNT, arn="", user="", key="", principal=account,
        user_identity=caller,
    )  # fmt: skip


def test_who_comes_through_a_door_that_the_intruder_opened_is_he():
    opening, visit = OPENED[:2], (by_another_account(OPENED[2]), OPENED[3])

    assessed = judged((*OFFICE_LIFE, *opening, *visit), key=key_of("alice"))

    assert roles(assessed)[VISITOR] is Role.COMPROMISED
    [found] = [finding for finding in assessed.findings if VISITOR in finding.entities]
    assert {OPENED[1].id, OPENED[2].id} <= set(found.evidence)


def test_who_always_took_the_role_is_nobody_new():
    visits = history(f"11:00 guest sts:AssumeRole(support/visit) -> {VISITOR}X from 192.0.2.9")
    before = [by_another_account(replace(event, id=f"{event.id}g")) for event in visits]

    assessed = judged(
        (*OFFICE_LIFE, *before, *OPENED[:2], by_another_account(OPENED[2]), OPENED[3]), key=key_of("alice")
    )

    assert VISITOR not in roles(assessed)


FUNCTION = "ASIAFUNCTION00000001"
CODE = told(f"""
    02:00 svc   sts:AssumeRole(api-role/api) -> {FUNCTION} from 192.0.2.20
    02:01 {FUNCTION} dynamodb:GetItem                      from 192.0.2.20
    03:00 alice lambda:UpdateFunctionCode                  from {STRANGER}
    03:10 {FUNCTION} dynamodb:GetItem                      from 192.0.2.20
    03:11 {FUNCTION} ssm:GetParametersByPath               from 192.0.2.20
""")


def test_what_is_new_for_a_function_after_its_code_was_replaced_is_the_intruders():
    life = [
        replace(event, id=f"{event.id}f{number}", key=f"ASIAOLD{number:013d}", **_as_the_function())
        for number, event in enumerate(history("04:00 x dynamodb:GetItem from 192.0.2.20"))
    ]
    changed = replace(CODE[2], request={"functionName": "api"})
    events = (*OFFICE_LIFE, *life, *CODE[:2], changed, *CODE[3:])
    case = matter(events, {"key": key_of("alice"), "principal": "api"})

    assessed = assess(case, (), TakenAsTold())

    [found] = [
        finding for finding in assessed.findings if finding.tactic == "initial-access" and FUNCTION in finding.entities
    ]
    assert CODE[4].id in found.evidence
    assert {CODE[1].id, CODE[3].id}.isdisjoint(found.evidence)


def _as_the_function():
    own = CODE[1]
    return {name: getattr(own, name) for name in ("identity", "arn", "principal", "issuer", "session", "user", "actor")}


HOME = "192.0.2.77"
LEFT = {"person": "alice", "left_at": "2026-01-27T17:00:00Z"}
KEPT = told(f"""
    14:00 alice iam:CreateAccessKey(robot) -> AKIAKEPT000000000001
    20:00 AKIAKEPT000000000001 s3:ListBuckets from {HOME}
""")


def leaving(*events):
    case = matter((*OFFICE_LIFE, *history("04:00 robot s3:ListBuckets from 203.0.113.99"), *events), LEFT)
    intake = case.intake.model_copy(update={"scenarios": (Scenario.TERMINATED_EMPLOYEE,)})
    return assess(replace(case, intake=intake, hits=hits_on(events)), (), TakenAsTold())


def test_a_key_that_a_leaver_made_for_another_and_used_from_elsewhere_is_told():
    assessed = leaving(*KEPT)

    assert roles(assessed)["AKIAKEPT000000000001"].accused
    assert not roles(assessed)[user_arn("alice")].accused
    assert any("before the access of its maker ended" in claim.text for claim in assessed.claims)


def test_a_key_that_was_made_for_a_robot_and_is_used_by_it_accuses_nobody():
    at_home = replace(KEPT[1], ip="203.0.113.99")

    assessed = leaving(KEPT[0], at_home)

    assert not any(role.accused for role in roles(assessed).values())
    assert assessed.verdict.value is Verdict.INCONCLUSIVE


def test_many_objects_taken_before_leaving_are_told_as_a_fact():
    lines = "\n".join(f"14:{minute:02d} alice s3:GetObject(plans)" for minute in range(30))
    reads = [replace(e, id=f"{e.id}r", request={"bucketName": "plans", "key": f"{e.id}.pdf"}) for e in told(lines)]

    assessed = leaving(*reads)

    assert any(
        "30 objects of bucket plans" in claim.text or "Objects of bucket plans" in claim.text
        for claim in assessed.claims
    )
    assert not any(role.accused for role in roles(assessed).values())


def test_without_a_history_of_the_robot_its_own_earlier_network_is_home():
    at_home = [replace(event, ip="203.0.113.99") for event in told("13:00 robot s3:ListBuckets")]
    later = replace(KEPT[1], ip="203.0.113.98")
    case = matter((*at_home, *(replace(event, id=f"{event.id}k") for event in (KEPT[0], later))), LEFT)
    intake = case.intake.model_copy(update={"scenarios": (Scenario.TERMINATED_EMPLOYEE,)})

    assessed = assess(replace(case, intake=intake), (), TakenAsTold())

    assert not any(role.accused for role in roles(assessed).values())
