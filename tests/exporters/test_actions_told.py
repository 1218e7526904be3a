"""Reports say which actions may be run together, and which document of Systems Manager does the same."""

import html

import pytest

from investigator.actions.catalogue import Subject, render
from tests.support.bundles import exported
from tests.support.documents import document

SUBJECT = Subject(on="build", account="111122223333", region="us-east-1", values={"user": "build"})
ACTIONS = (
    render("USER-DENY", SUBJECT, "ir-5b0c1f22a9d4", ("f1",), 1),
    render("USER-REVOKE", SUBJECT, "ir-5b0c1f22a9d4", ("f1",), 2),
)


@pytest.mark.parametrize("form", ["markdown", "html", "runbook"])
def test_turns_and_documents_are_told(form):
    told = html.unescape(exported(form, document(actions=ACTIONS)).decode())

    assert "may be run together" in told or form == "runbook"
    assert told.lower().index("turn 1") < told.lower().index("turn 2")
    assert "AWSSupport-ContainIAMPrincipal" in told
    assert '"DryRun":["true"]' in told
    assert "it cannot take a session by its ASIA key id alone" in told


def test_the_document_is_in_the_json_of_a_case():
    [deny, revoke] = document(actions=ACTIONS).actions

    assert deny.automation and deny.automation.document == "AWSSupport-ContainIAMPrincipal"
    assert (deny.turn, revoke.turn, revoke.automation) == (1, 2, None)
