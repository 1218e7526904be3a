"""On recorded incidents: what the intruder made and used is found, and nobody else is followed."""

import json

import pytest

from investigator.domain.case import OpenCase
from investigator.domain.search import Search
from investigator.evidence.library import EvidenceLibrary
from investigator.stages.case_facts import CaseFacts
from investigator.stages.intake import intake
from investigator.stages.steps.leads import find_leads, suspects_of
from tests.support.data import real_data

ACCUSED, INNOCENT = ("compromised", "created_by_actor"), ("responder", "administrator", "unrelated")


def named(truth: dict, roles: tuple[str, ...]) -> set[str]:
    keys = {key["id"] for key in truth["access_keys"] if key["role"] in roles}
    return keys | {principal["arn"] for principal in truth["principals"] if principal["role"] in roles}


@pytest.mark.parametrize("name", ["leaked-credentials-meridian", "ec2-role-theft-s3", "multi-technique-stratus"])
def test_the_reporters_words_and_the_logs_lead_to_what_the_intruder_used(name, tmp_path):
    folder = real_data(name)
    truth = json.loads((folder / "ground_truth.json").read_text())
    library = EvidenceLibrary(tmp_path)
    store = library.open(library.pin([folder / "data"]))
    as_of = store.group(Search()).last
    facts = CaseFacts(intake(OpenCase(worry=truth["incident_description"]), as_of).answers)
    trail = find_leads(facts, facts.window(as_of), store, 60)
    reached = {lead.entity.value for lead in trail.leads} | {ref.value for ref in suspects_of(facts, store)}

    assert len(named(truth, ACCUSED) - reached) <= 2
    assert not named(truth, INNOCENT) & reached
