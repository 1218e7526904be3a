"""What the operator's settings leave aside is told, and makes no finding."""

import pytest

from tests.support.investigations import Room, worry
from tests.support.log_files import write_log
from tests.support.matters import history
from tests.support.story import ACCOUNT, told

STORY = """
    03:06 carol iam:CreateUser(dave)
    03:07 carol cloudtrail:StopLogging(management-events)
    03:30 admin iam:ListUsers
"""
WORRY = "The trail management-events was stopped on 2026-01-27."


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    days = (*history("09:00 carol s3:ListBuckets"), *history("10:00 admin iam:ListUsers"))
    return write_log(tmp_path_factory.mktemp("logs"), (*days, *told(STORY)))


def case(logs, folder, **settings):
    return Room(folder, settings).run(worry(WORRY, logs))


def rules(document):
    return {rule for finding in document.findings for rule in finding.rules}


def aside(document):
    return [gap.what for gap in document.gaps if "rule_modes" in gap.why]


def test_without_a_word_the_rule_finds_and_nothing_is_aside(logs, tmp_path):
    document = case(logs, tmp_path)

    assert "F01" in rules(document)
    assert aside(document) == []


@pytest.mark.parametrize("does", ["off", "count"])
def test_a_rule_that_rests_or_counts_makes_no_finding_and_a_gap_says_so(logs, tmp_path, does):
    document = case(logs, tmp_path, rule_modes=(f"{ACCOUNT}/F01={does}",))

    assert "F01" not in rules(document)
    [what] = aside(document)
    assert ACCOUNT in what


def test_another_accounts_word_changes_nothing(logs, tmp_path):
    document = case(logs, tmp_path, rule_modes=("999988887777=off",))

    assert "F01" in rules(document)
    assert aside(document) == []
