"""The verdict is formed from what holds: a finding that proof cannot confirm takes nothing with it into the report."""

from collections.abc import Iterable
from dataclasses import dataclass

from investigator.domain.words import Confidence, Role, Verdict
from investigator.stages.assessing import assess
from investigator.stages.proposing import Judged, Limits, propose
from tests.support.matters import TakenAsTold, history, judged, matter
from tests.support.story import key_of, told

OFFICE_LIFE = history("09:00 alice s3:ListBuckets from 203.0.113.40")
THEFT = told("""
    03:00 alice sts:GetCallerIdentity        from 198.51.100.7
    03:05 alice iam:CreateAccessKey(carol)   -> AKIACAROL2000001 from 198.51.100.7
    03:06 AKIACAROL2000001 s3:GetObject(acme-data) from 198.51.100.7
""")
USUAL = told("2026-01-27 10:00 alice s3:ListBuckets from 203.0.113.40")


@dataclass
class Doubting(TakenAsTold):
    """A proof that fails the sentences with these words, and finds these records changed."""

    words: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    def judged(self, claims, cells):
        fails = {claim.id: any(word in claim.text for word in self.words) for claim in claims}
        return tuple(claim.model_copy(update={"holds": not fails[claim.id]}) for claim in claims)

    def changed(self, events: Iterable) -> frozenset[str]:
        return frozenset(event.id for event in events if event.id in self.records)


def doubted(events, *words, records=()):
    case = matter(events, {"key": key_of("alice")})
    assessed = assess(case, (), Doubting(words, records))
    judged_case = Judged(assessed, case.linked, case.gathered, case.store)
    return assessed, propose(judged_case, "ir-case", Limits(disrupt=True)).actions


def texts(assessed):
    return " ".join(claim.text for claim in assessed.claims if claim.holds)


def accused(assessed):
    return [entity.value for entity in assessed.entities if entity.role.accused]


def test_when_the_misuse_does_not_hold_nobody_is_accused_and_nothing_is_proposed():
    assessed, actions = doubted((*OFFICE_LIFE, *THEFT), f"{key_of('alice')} of alice was used")

    assert (assessed.verdict.value, assessed.verdict.confidence) == (Verdict.INCONCLUSIVE, Confidence.LOW)
    assert accused(assessed) == []
    assert actions == ()
    assert "AKIACAROL2000001" not in texts(assessed)


def test_what_was_lost_is_a_gap_that_names_its_records():
    assessed, _ = doubted((*OFFICE_LIFE, *THEFT), f"{key_of('alice')} of alice was used")

    [gap] = [gap for gap in assessed.gaps if "did not hold" in gap.why]
    assert "ct:1" in gap.what
    assert gap.id in assessed.verdict.unknown


def test_sentences_that_failed_stay_marked_so_that_the_case_ends_as_damaged():
    assessed, _ = doubted((*OFFICE_LIFE, *THEFT), f"{key_of('alice')} of alice was used")

    assert f"{key_of('alice')} of alice was used" in " ".join(c.text for c in assessed.claims if not c.holds)
    assert [claim.id for claim in assessed.claims] == [f"c{n}" for n in range(1, len(assessed.claims) + 1)]
    assert not {claim.id for claim in assessed.claims if not claim.holds} & {
        *assessed.overview, *(name for finding in assessed.findings for name in finding.claims)
    }  # fmt: skip


def test_a_verdict_without_findings_rests_on_what_was_read():
    assessed = judged(OFFICE_LIFE, key="AKIANEVERSEEN0001")

    [read, verdict] = assessed.claims
    assert "The records given hold" in read.text
    assert (verdict.rests_on, verdict.holds) == ((read.id,), True)


def test_a_second_key_that_does_not_hold_leaves_the_first():
    assessed, _ = doubted((*OFFICE_LIFE, *THEFT), "obtained AKIACAROL2000001")

    assert key_of("alice") in accused(assessed)
    assert "AKIACAROL2000001" not in accused(assessed)
    assert all(not finding.evidence or "AKIACAROL2000001" not in finding.entities for finding in assessed.findings)


def test_a_verdict_that_stood_on_an_effect_falls_with_it():
    quiet = told("""
        03:00 alice sts:GetCallerIdentity from 198.51.100.7
        03:04 alice iam:CreateUser(svc)   from 198.51.100.7
    """)
    whole, _ = doubted((*OFFICE_LIFE, *quiet))
    lessened, _ = doubted((*OFFICE_LIFE, *quiet), "CreateUser seen")

    assert whole.verdict.value is Verdict.CONFIRMED
    assert lessened.verdict.value is Verdict.LIKELY
    assert {*lessened.verdict.supports} <= {finding.id for finding in lessened.findings}


def test_a_lost_clearance_clears_nobody():
    assert judged((*OFFICE_LIFE, *USUAL), key=key_of("alice")).verdict.value is Verdict.LIKELY_BENIGN

    assessed, _ = doubted((*OFFICE_LIFE, *USUAL), "alice called")

    assert assessed.verdict.value is Verdict.INCONCLUSIVE
    assert assessed.verdict.against == ()


def test_a_lost_theft_never_reads_as_benign():
    assessed, _ = doubted((*OFFICE_LIFE, *USUAL, *THEFT[1:2]), records=("ct:2",))

    assert assessed.verdict.value is Verdict.INCONCLUSIVE


def test_one_changed_record_takes_every_finding_that_cites_it():
    assessed, _ = doubted((*OFFICE_LIFE, *THEFT), records=("ct:3",))

    assert all("ct:3" not in finding.evidence for finding in assessed.findings)
    assert all("ct:3" not in entry.evidence for entry in assessed.timeline)
    assert all("ct:3" not in entity.evidence for entity in assessed.entities)


def test_a_responder_whose_acts_do_not_hold_is_no_responder():
    response = told("""
        03:00 alice cloudtrail:StopLogging(main) from 198.51.100.7
        09:00 bob   cloudtrail:StartLogging(main)
    """)
    whole, _ = doubted((*OFFICE_LIFE, *response))
    lost, _ = doubted((*OFFICE_LIFE, *response), "bob responded")

    assert Role.RESPONDER in {entity.role for entity in whole.entities}
    assert Role.RESPONDER not in {entity.role for entity in lost.entities}
