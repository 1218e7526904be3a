"""Documents of AWS Systems Manager beside the commands: a dry run first, and only with parameters that the document has."""

import json

import pytest

from investigator.actions.documents import documents
from tests.actions.aws_cli import PARAMETERS, Shell, variables_of
from tests.actions.test_catalogue import VALUES, rendered

OFFERED = [(template, name) for name, document in documents().items() for template in document.offered]
CONTAINING = [pair for pair in OFFERED if "Contain" in pair[1]]


def command(template: str, **values: str) -> str:
    automation = rendered(template, **values).automation
    assert automation
    return automation.command


def started(ran) -> list[dict]:
    """The parameters of each automation that was started."""
    return [call.parameters for call in ran.asked() if call.operation == "ssm:StartAutomationExecution"]


def test_the_documents_of_the_specification_are_offered():
    assert {name for _, name in OFFERED} == {
        "AWSSupport-ContainIAMPrincipal", "AWSSupport-ContainEC2Instance", "AWSSupport-ContainS3Resource",
        "AWSConfigRemediation-RevokeUnusedIAMUserCredentials",
    }  # fmt: skip


@pytest.mark.parametrize(("template", "document"), CONTAINING)
def test_containment_begins_as_a_dry_run_with_a_place_for_its_backup(template, document, tmp_path):
    text = command(template)
    [start] = started(Shell(tmp_path, variables=variables_of(text)).run(text))

    assert start["DocumentName"] == document
    assert start["Parameters"]["DryRun"] == ["true"]
    assert start["Parameters"]["Action"] == ["Contain"]
    assert start["Parameters"]["BackupS3BucketName"] == ["person-set"]


@pytest.mark.parametrize(("template", "document"), OFFERED)
@pytest.mark.parametrize("missing", ["first", "last", "all"])
def test_a_parameter_that_the_document_does_not_have_is_said_and_nothing_starts(template, document, missing, tmp_path):
    text = command(template)
    [start] = started(Shell(tmp_path / "whole", variables=variables_of(text)).run(text))
    names = list(start["Parameters"])
    gone = {"first": names[:1], "last": names[-1:], "all": names}[missing]
    has = "\t".join(name for name in PARAMETERS.split() if name not in gone)

    ran = Shell(tmp_path / "less", {"describe-document": has}, variables_of(text)).run(text)

    assert started(ran) == []
    assert ran.status != 0
    assert f"{document} has no parameter {gone[0]}" in ran.complained


@pytest.mark.parametrize(("template", "document"), CONTAINING)
def test_its_limits_are_said(template, document):
    automation = rendered(template).automation
    assert automation
    limits = " ".join(automation.limits)

    assert "DryRun false" in limits
    assert "undone with Action" in limits
    assert "ASIA" in limits or "IAM" not in document
    assert "BackupS3BucketName" in limits or "EC2" in document


@pytest.mark.parametrize(
    ("template", "parameters"),
    [
        ("KEY-OFF", {"PrincipalType": "IAM user", "PrincipalName": VALUES["user"]}),
        ("ROLE-REVOKE", {"PrincipalType": "IAM role", "PrincipalName": VALUES["role"]}),
        ("IDC-DENY", {"PrincipalType": "Identity Center user", "PrincipalName": "person-set"}),
        ("EC2-ISOLATE", {"InstanceId": VALUES["instance"]}),
        ("S3-DENY", {"BucketName": VALUES["bucket"]}),
    ],
)
def test_it_is_about_what_the_action_is_about(template, parameters, tmp_path):
    text = command(template)
    [start] = started(Shell(tmp_path, variables=variables_of(text)).run(text))

    assert {name: [value] for name, value in parameters.items()}.items() <= start["Parameters"].items()


@pytest.mark.parametrize("value", ["a b", "a,b=c", "a]}b", "a;touch owned", "ключ", "a&&touch owned", "*"])
def test_an_odd_name_stays_one_text_of_the_parameters(value, tmp_path):
    text = command("USER-DENY", user=value)
    [start] = started(Shell(tmp_path, variables=variables_of(text)).run(text))

    assert start["Parameters"]["PrincipalName"] == [value]
    assert not (tmp_path / "owned").exists()


def test_the_check_of_parameters_reads_whole_names(tmp_path):
    """A document that only has a longer name of that kind has not this one."""
    text = command("S3-BLOCK")
    has = json.dumps(PARAMETERS).strip('"').replace(" BucketName ", " BucketNameOther ").replace(" ", "\t")
    ran = Shell(tmp_path, {"describe-document": has}, variables_of(text)).run(text)

    assert "has no parameter BucketName" in ran.complained
    assert started(ran) == []
