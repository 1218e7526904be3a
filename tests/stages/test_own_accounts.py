"""Shares among the accounts of one owner, and people who call from home in another role."""

from dataclasses import replace

import pytest

from investigator.domain.hit import Hit
from investigator.domain.words import Severity, Tactic
from investigator.stages.assessment.own_accounts import own_accounts, stays_at_home
from tests.doubles.fake_snapshot import FakeSnapshot
from tests.support.matters import history, judged
from tests.support.story import told

SISTER, STRANGER = "444455556666", "999988887777"
[EVENT] = told("10:00 alice rds:ModifyDBSnapshotAttribute")
HIT = Hit(
    rule_id="G06", title="shared", level=Severity.HIGH, tactic=Tactic.EXFILTRATION, techniques=("T1537",),
    principal=EVENT.principal, account=EVENT.account, first=EVENT.time, last=EVENT.time, count=1,
    event_ids=(EVENT.id,), harmful=True,
)  # fmt: skip
OWN = own_accounts(FakeSnapshot((EVENT, replace(EVENT, id="ct:2", account=SISTER))))


@pytest.mark.parametrize(
    ("request_", "home"),
    [
        ({"valuesToAdd": [SISTER]}, True),
        ({"valuesToAdd": [STRANGER]}, False),
        ({"valuesToAdd": [SISTER, STRANGER]}, False),
        ({"valuesToAdd": [SISTER, "all"]}, False),
        ({"policy": f'{{"Principal":{{"AWS":["arn:aws:iam::{SISTER}:root","*"]}}}}'}, False),
        ({"policy": f'{{"Principal":{{"AWS":"arn:aws:iam::{SISTER}:root"}},"Resource":"*"}}'}, True),
        ({"createVolumePermission": {"add": {"items": [{"userId": SISTER}, {"group": "all"}]}}}, False),
        ({"valuesToAdd": []}, False),
    ],
)
def test_a_share_stays_at_home_when_it_names_accounts_of_the_logs_alone(request_, home):
    assert stays_at_home(HIT, replace(EVENT, request=request_), OWN) is home


def test_only_rules_on_shares_ask_for_it():
    stopped = HIT.model_copy(update={"techniques": ("T1562.008",)})

    assert not stays_at_home(stopped, replace(EVENT, request={"name": SISTER}), OWN)


def session(event, role, number):
    """The call as a person's, in this role."""
    arn = f"arn:aws:iam::111122223333:role/{role}"
    return replace(
        event, identity="AssumedRole", arn=f"arn:aws:sts::111122223333:assumed-role/{role}/ana@example.com", user="",
        session="ana@example.com", principal=arn, issuer=arn, key=f"ASIA{role.upper()}{number:08d}",
        id=f"{event.id}{role}",
    )  # fmt: skip


@pytest.mark.parametrize(("home", "strange"), [("198.51.100.7", False), ("192.0.2.7", True)])
def test_a_person_at_home_is_known_from_another_role(home, strange):
    admin = [session(e, "admin", 1) for e in history("09:00 ana s3:ListBuckets from 203.0.113.40")]
    reader = [session(e, "reader", 2) for e in history("10:00 ana s3:ListBuckets from 198.51.100.9", days=9)]
    [made] = told(f"03:00 ana iam:CreateUser(svc) from {home}")

    assessed = judged((*admin, *reader, session(made, "admin", 3)))

    supporting = [finding for finding in assessed.findings if finding.id in assessed.verdict.supports]
    assert any(finding.tactic is Tactic.INITIAL_ACCESS for finding in supporting) is strange
