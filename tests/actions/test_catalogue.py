"""Every action of the catalogue becomes a command that the AWS CLI takes and that no value can break."""

import shlex

import pytest

from investigator.actions.catalogue import ORDER, Subject, Unusable, catalogue, codes, render
from investigator.domain.safe_text import redact, visible
from tests.actions.aws_cli import calls, wrong

CODES = """KEY-OFF KEY-ON KEY-DEL USER-REVOKE USER-DENY USER-CONSOLE MFA-OFF ROLE-REVOKE ROLE-TRUST POLICY-UNDO IDC-DENY ROOT
SNAP EC2-PROTECT EC2-ASG ASG-ZERO EC2-ISOLATE IMDS EC2-STOP EC2-TERM NET-BLOCK SG-CLOSE SSM-STOP FN-STOP S3-BLOCK S3-DENY
S3-VERSIONING S3-LIFECYCLE-UNDO S3-NOSSEC S3-UNDELETE KMS-SAVE SHARE-OFF SECRET-ROTATE CERT-REVOKE LOG-ON SCP-ATTACH
GUARD-NET GUARD-IAM GUARD-REGION GUARD-LOG SOURCE""".split()
VALUES = {
    "user": "build", "key": "AKIAIOSFODNN7EXAMPLE", "role": "deploy", "instance": "i-0123456789abcdef0", "bucket": "acme-data",
    "serial": "arn:aws:iam::111122223333:mfa/phone", "policy": "arn:aws:iam::aws:policy/AdministratorAccess", "version": "v1",
    "name": "inline", "group": "workers", "function": "sync", "session": "build-0123456789abcdef0", "network": "198.51.100.7/32",
    "port": "22", "snapshot": "snap-0123456789abcdef0", "image": "ami-0123456789abcdef0", "secret": "prod/db", "trail": "main",
    "authority": "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1", "detector": "12abc34d567e8fa901bc2d34e56789f0",
    "recorder": "default", "object": "reports/q3.pdf", "account": "111122223333",
}  # fmt: skip


def subject(**values: str) -> Subject:
    return Subject(on="x", account="111122223333", region="us-east-1", values={**VALUES, **values})


def scripts(name: str, **values: str) -> list[str]:
    action = render(catalogue()[name], subject(**values), "ir-5b0c1f22a9d4", ("f1",))
    return [
        action.command,
        action.verify,
        *([action.save] if action.save else []),
        *([] if action.undo == "not reversible" else [action.undo]),
    ]


def test_the_catalogue_has_every_code():
    assert set(CODES) <= codes()


@pytest.mark.parametrize("name", catalogue())
def test_the_aws_cli_takes_every_command(name):
    for script in scripts(name):
        assert wrong(script) == []
        assert name == "SOURCE" or list(calls(script))


def test_a_wrong_command_would_be_noticed():
    assert wrong("aws iam update-access-key --user-nam x --access-key-id k --status Inactive")
    assert wrong("aws iam no-such-thing")
    assert wrong("aws nothing here")
    assert wrong("aws iam delete-access-key --user-name build --access-key-id")


@pytest.mark.parametrize("name", catalogue())
def test_every_action_names_effect_verify_and_undo(name):
    action = render(catalogue()[name], subject(), "ir-5b0c1f22a9d4", ("f1",))

    assert action.effect and action.verify and action.undo
    assert action.needs == ("f1",)
    assert action.account == "111122223333"
    assert name == "SOURCE" or "--region us-east-1" in action.command


@pytest.mark.parametrize("name", catalogue())
def test_a_command_is_shown_as_it_runs(name):
    for script in scripts(name):
        assert visible(redact(script)).replace("\\\\", "\\") == script


def test_what_destroys_evidence_says_so_and_comes_after_the_snapshot():
    losing = [template for template in catalogue().values() if template.loses_evidence]

    assert {template.code for template in losing} == {"ASG-ZERO", "EC2-STOP", "EC2-TERM"}
    assert all(ORDER.index(template.order) > ORDER.index(catalogue()["SNAP"].order) for template in losing)


def test_the_moment_of_revocation_is_set_when_the_command_runs():
    for name in ("USER-REVOKE", "ROLE-REVOKE"):
        command = scripts(name)[0]
        assert command.startswith("T=$(date -u +%Y-%m-%dT%H:%M:%SZ) && printf ")
        assert '"aws:TokenIssueTime":"%s"' in command


@pytest.mark.parametrize("value", ["a b", "a;id", "a|b", "a&b", "a(b)", "a>b", "a*", "~root", "!x", "#x"])
def test_a_value_stays_one_word_of_the_shell(value):
    command = scripts("KEY-OFF", user=value)[0]

    words = shlex.split(command)
    assert words[words.index("--user-name") + 1] == value


@pytest.mark.parametrize(
    "value",
    ["a\nb", "$(id)", "`id`", 'a"b', "a'b", "a\\b", "-rf", "file:///etc/passwd", "http://x", "\u202ex", "a\x1b[0m"],
)
def test_a_value_that_no_aws_name_holds_makes_no_command(value):
    with pytest.raises(Unusable):
        scripts("KEY-OFF", user=value)


def test_a_missing_value_makes_no_command():
    with pytest.raises(LookupError, match="user"):
        render(catalogue()["KEY-OFF"], Subject(on="x", region="us-east-1"), "ir-1", ("f1",))


def test_two_entities_do_not_share_the_file_of_the_saved_state():
    one, two = (
        render(catalogue()["S3-BLOCK"], Subject(on=b, region="us-east-1", values={"bucket": b}), "ir-1", ("f1",))
        for b in ("b1", "b2")
    )

    assert one.save and two.save
    assert one.save.split("> ")[1] != two.save.split("> ")[1]
    assert one.id != two.id
