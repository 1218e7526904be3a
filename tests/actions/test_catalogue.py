"""Every action of the catalogue becomes commands that the AWS CLI takes, that do what they say and that no value can break."""

import json
import re
import shutil
import subprocess
from itertools import product

import pytest

from investigator.actions.catalogue import ORDER, Subject, Unusable, catalogue, codes, render
from investigator.domain.safe_text import redact, visible
from tests.actions.aws_cli import Shell, understood, variables_of

CODES = """KEY-OFF KEY-ON KEY-DEL USER-REVOKE USER-DENY USER-CONSOLE MFA-OFF ROLE-REVOKE ROLE-TRUST POLICY-UNDO IDC-DENY ROOT
SNAP EC2-PROTECT EC2-ASG ASG-ZERO EC2-ISOLATE IMDS EC2-STOP EC2-TERM NET-BLOCK SG-CLOSE SSM-STOP FN-STOP S3-BLOCK S3-DENY
S3-VERSIONING S3-LIFECYCLE-UNDO S3-NOSSEC S3-UNDELETE KMS-SAVE SHARE-OFF SECRET-ROTATE CERT-REVOKE LOG-ON SCP-ATTACH
GUARD-NET GUARD-IAM GUARD-REGION GUARD-LOG SOURCE""".split()
AUTHORITY = "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1"
VALUES = {
    "user": "build", "key": "AKIAIOSFODNN7EXAMPLE", "role": "deploy", "instance": "i-0123456789abcdef0", "bucket": "acme-data",
    "serial": "arn:aws:iam::111122223333:mfa/phone", "policy": "arn:aws:iam::aws:policy/AdministratorAccess",
    "name": "inline", "group": "workers", "function": "sync", "session": "build-0123456789abcdef0", "network": "198.51.100.7/32",
    "port": "22", "protocol": "tcp", "from": "22", "to": "25", "snapshot": "snap-0123456789abcdef0",
    "image": "ami-0123456789abcdef0", "secret": "prod/db", "trail": "main", "authority": AUTHORITY,
    "certificate": f"{AUTHORITY}/certificate/0a1b2c", "detector": "12abc34d567e8fa901bc2d34e56789f0", "recorder": "default",
    "object": "reports/q3.pdf", "other": "999988887777", "number": "1", "since": "2026-01-27T19:00:00", "guardrail": "guard-net",
    "command_id": "0b1c2d3e-0000-4000-8000-000000000001",
}  # fmt: skip
IN_THE_SYNTAX_OF_THE_CLI = (
    "instance",
    "network",
    "other",
    "protocol",
    "from",
    "to",
    "number",
    "since",
    "guardrail",
    "port",
)
HOSTILE = (
    "a\nb", "$(touch owned)", "`touch owned`", 'a"b', "a'b", "a\\b", "-rf", "--profile", "file:///etc/passwd", "fileb://x",
    "http://x", "\u202ex", "a\x1b[0m", "a\x00b", '["a","b"]', '{"a":1}', "x" * 4_000,
)  # fmt: skip
ODD = (
    "a b", "a;touch owned", "a|b", "a&b", "a&&touch owned", "a(b)", "a>owned", "a<b", "a*", "~root", "!x", "#x", "a=b", "ключ",
    "名前", "a,b=c", "a{b}", "a[0]", "é" * 200, "a{file}", "a}b", "a?b", "a:b@c", "naïve\u200bname",
)  # fmt: skip


def subject(**values: str) -> Subject:
    return Subject(on="x", account="111122223333", region="us-east-1", values={**VALUES, **values})


def rendered(template: str, **values: str):
    return render(template, subject(**values), "ir-5b0c1f22a9d4", ("f1",))


def scripts(template: str, **values: str) -> dict[str, str]:
    """The commands of an action, in the order to run them."""
    action = rendered(template, **values)
    told = {"save": action.save, "command": action.command, "verify": action.verify, "undo": action.undo}
    if action.automation:
        told["automation"] = action.automation.command
    return {part: text for part, text in told.items() if text and text != "not reversible"}


def test_the_catalogue_has_every_code():
    assert set(CODES) <= codes()


@pytest.mark.parametrize("name", catalogue())
def test_the_aws_cli_takes_every_command(name, tmp_path):
    """Save, change, verify and undo run one after another in one folder, so that undo reads what save kept."""
    for before in re.findall(r"\S+-before\.json", scripts(name)["command"]):
        (tmp_path / before.removeprefix("file://")).write_text('{"Version": "2012-10-17", "Statement": []}')
    for part, script in scripts(name).items():
        ran = Shell(tmp_path, _answers(name), variables_of(script)).run(script)

        assert (part, ran.status, ran.complained) == (part, 0, "")
        assert [call.complaint for call in ran.asked() if call.complaint] == []
        assert ran.calls, part


def _answers(name: str) -> dict[str, str]:
    """What AWS says where a command acts only on what it finds."""
    found = {"S3-UNDELETE": ("list-object-versions DeleteMarkers[?IsLatest].Key|[0]", VALUES["object"])}
    listed = json.dumps({"Objects": [{"Key": "a'b\n\"c", "VersionId": "v2"}]})
    marked = "list-object-versions {Objects: DeleteMarkers[?IsLatest && LastModified>=`2026-01-27T19:00:00`].{Key: Key, VersionId: VersionId}}"
    return {marked: listed, **dict([found[name]] if name in found else [])}


@pytest.mark.parametrize("name", [name for name in catalogue() if variables_of(str(scripts(name)))])
def test_without_what_the_person_must_say_nothing_is_called(name, tmp_path):
    for script in scripts(name).values():
        if variables_of(script):
            ran = Shell(tmp_path).run(script)
            assert ran.status != 0
            assert ran.calls == ()


@pytest.mark.parametrize(
    "words",
    [
        "iam update-access-key --user-nane x --access-key-id AKIAIOSFODNN7EXAMPLE --status Inactive",
        "iam no-such-thing",
        "nothing here",
        "iam delete-access-key --user-name build --access-key-id",
        "iam list-users extra",
        "iam put-user-policy --user-name x --policy-name y --policy-document file://not-there.json",
        "ec2 modify-image-attribute --image-id ami-1 --launch-permission Remove=[{User=1}]",
        "s3api put-bucket-encryption --bucket b --server-side-encryption-configuration {\"Rules\":[{\"Blocked\":{}}]}",
    ],
)  # fmt: skip
def test_a_wrong_command_would_be_noticed(words, tmp_path):
    assert understood([*words.split(), "--region", "us-east-1"], tmp_path).complaint


@pytest.mark.parametrize("name", catalogue())
def test_every_action_names_effect_verify_and_undo(name):
    action = rendered(name)

    assert action.effect and action.verify and action.undo
    assert action.undo == "not reversible" or "aws " in action.undo
    assert action.needs == ("f1",)
    assert action.account == "111122223333"
    assert name == "SOURCE" or "--region us-east-1" in action.command


@pytest.mark.parametrize("name", [name for name, template in catalogue().items() if template.code not in ("SOURCE",)])
def test_what_undo_reads_was_kept_by_save_or_by_the_command(name):
    parts = scripts(name)
    written = set(re.findall(r"> (\S+)", f"{parts.get('save', '')} {parts['command']}"))

    for read in re.findall(r"file://(\S+)", parts.get("undo", "")):
        assert read.rstrip(";") in written


@pytest.mark.parametrize("name", catalogue())
def test_a_command_is_shown_as_it_runs(name):
    for script in scripts(name).values():
        assert visible(redact(script)).replace("\\\\", "\\") == script


def test_what_destroys_evidence_says_so_and_comes_after_the_snapshot():
    losing = [template for template in catalogue().values() if template.loses_evidence]

    assert {template.code for template in losing} == {"ASG-ZERO", "EC2-STOP", "EC2-TERM"}
    assert all(ORDER.index(template.order) > ORDER.index(catalogue()["SNAP"].order) for template in losing)


@pytest.mark.parametrize("name", ["USER-REVOKE", "ROLE-REVOKE"])
def test_the_moment_of_revocation_is_set_when_the_command_runs(name, tmp_path):
    [call] = Shell(tmp_path).run(scripts(name)["command"]).asked()
    policy = json.loads(call.parameters["PolicyDocument"])

    [statement] = policy["Statement"]
    assert statement["Effect"] == "Deny"
    assert re.fullmatch(
        r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", statement["Condition"]["DateLessThan"]["aws:TokenIssueTime"]
    )


def test_a_guardrail_is_never_attached_to_the_management_account(tmp_path):
    command = scripts("SCP-ATTACH")["command"]
    attached = Shell(tmp_path / "member", {"describe-organization": "999988887777"}).run(command)
    refused = Shell(tmp_path / "management", {"describe-organization": "111122223333"}).run(command)

    assert [call.operation for call in attached.asked()][-1] == "organizations:AttachPolicy"
    assert "organizations:AttachPolicy" not in [call.operation for call in refused.asked()]
    assert refused.status != 0


@pytest.mark.parametrize(
    ("latest", "version"),
    [("None", "None"), ("reports/q3.pdf.old", "v2"), ("reports", "v2"), ("", "")],
)
def test_only_the_delete_marker_of_this_very_object_is_removed(latest, version, tmp_path):
    """Not where the latest version is the object, and not the marker of another object that begins alike."""
    query = "list-object-versions DeleteMarkers[?IsLatest].{}|[0]"
    answers = {query.format("Key"): latest, query.format("VersionId"): version}
    ran = Shell(tmp_path, answers).run(scripts("S3-UNDELETE")["command"])

    assert {call.operation for call in ran.asked()} == {"s3:ListObjectVersions"}
    assert ran.status != 0


def test_objects_are_brought_back_whatever_their_names(tmp_path):
    ran = Shell(tmp_path, _answers("S3-UNDELETE-ALL")).run(scripts("S3-UNDELETE-ALL")["command"])

    deleting = list(ran.asked())[-1]
    assert deleting.operation == "s3:DeleteObjects"
    assert deleting.parameters["Delete"] == {"Objects": [{"Key": "a'b\n\"c", "VersionId": "v2"}]}


def test_nothing_is_brought_back_when_no_marker_is_left(tmp_path):
    nothing = {"list-object-versions": '{"Objects": []}'}
    ran = Shell(tmp_path, nothing).run(scripts("S3-UNDELETE-ALL")["command"])

    assert [call.operation for call in ran.asked()] == ["s3:ListObjectVersions"]


@pytest.mark.parametrize(("wrong", "put"), [("0", True), ("1", False), ("None", False)])
def test_a_policy_that_access_analyzer_finds_wrong_is_not_put(wrong, put, tmp_path):
    """A wrong one would lock out everybody but root."""
    command = scripts("S3-DENY")["command"]
    ran = Shell(tmp_path, {"validate-policy": wrong}, variables_of(command)).run(command)

    assert ("s3:PutBucketPolicy" in [call.operation for call in ran.asked()]) is put


def test_an_isolated_instance_loses_its_tracked_connections(tmp_path):
    """A group that allows everything untracks them; only then the empty group cuts them."""
    answers = {
        "create-security-group GroupId": "sg-0123456789abcdef0",
        "describe-network-interfaces NetworkInterfaces[].NetworkInterfaceId": "eni-1 eni-2",
    }
    ran = Shell(tmp_path, answers).run(scripts("EC2-ISOLATE")["command"])
    made = [call.operation.removeprefix("ec2:") for call in ran.asked()]

    assert made.index("AuthorizeSecurityGroupIngress") < made.index("ModifyNetworkInterfaceAttribute")
    assert made.index("RevokeSecurityGroupEgress") < made.index("ModifyNetworkInterfaceAttribute")
    assert made.count("ModifyNetworkInterfaceAttribute") == 4
    assert made[-1] == "DeleteSecurityGroup"


def test_a_blocked_kind_of_encryption_keeps_the_encryption_of_the_bucket(tmp_path):
    ran = Shell(tmp_path).run(scripts("S3-NOSSEC")["command"])

    [rule] = list(ran.asked())[-1].parameters["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["BlockedEncryptionTypes"] == {"EncryptionType": ["SSE-C"]}
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize("name", ["S3-BLOCK", "S3-DENY"])
def test_a_bucket_goes_back_to_what_it_had_or_to_nothing(name, tmp_path):
    """Where there was nothing to save, the file is empty and undo takes away what was put."""
    parts = scripts(name)
    kept = re.findall(r"> (\S+)", parts["save"])[0]
    shell = Shell(tmp_path, variables=variables_of(parts["undo"]))
    (tmp_path / kept).write_text("")
    assert next(call.operation for call in shell.run(parts["undo"]).asked()).startswith("s3:Delete")
    shell.run(parts["save"])
    assert next(call.operation for call in shell.run(parts["undo"]).asked()).startswith("s3:Put")


@pytest.mark.parametrize("name", catalogue())
def test_a_value_that_no_aws_name_holds_makes_no_command(name):
    for hostile, value in product(catalogue()[name].values, HOSTILE):
        with pytest.raises(Unusable):
            scripts(name, **{hostile: value})


@pytest.mark.parametrize("name", catalogue())
def test_a_value_inside_the_syntax_of_the_cli_has_only_its_own_form(name):
    for inside in catalogue()[name].values & set(IN_THE_SYNTAX_OF_THE_CLI):
        for value in ("a,b=c", "a b", "}]", "x=y", "*"):
            with pytest.raises(Unusable):
                scripts(name, **{inside: value})


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize(
    "name", ["KEY-OFF", "S3-UNDELETE", "S3-DENY", "POLICY-UNDO-USER-INLINE", "USER-DENY", "SECRET-ROTATE"]
)
def test_an_odd_value_arrives_as_it_is(name, value, tmp_path):
    """Whatever a shell or the CLI could make of it: each call has it as one argument, and nothing else happens."""
    named = [one for one in ("user", "object", "bucket", "name", "secret") if one in catalogue()[name].values]
    for script in scripts(name, **dict.fromkeys(named, value)).values():
        answers = {"list-object-versions DeleteMarkers[?IsLatest].Key|[0]": value}
        ran = Shell(tmp_path, answers, variables_of(script)).run(script)
        with_it = [words for _, *words in ran.calls if any(value in word for word in words)]

        assert with_it
        assert all(value in words or "start-automation-execution" in words for words in with_it)
        assert not (tmp_path / "owned").exists()


def test_a_missing_value_makes_no_command():
    with pytest.raises(LookupError, match="user"):
        render("KEY-OFF", Subject(on="x", region="us-east-1"), "ir-1", ("f1",))


def test_two_entities_do_not_share_the_file_of_the_saved_state():
    one, two = (
        render("S3-BLOCK", Subject(on=b, region="us-east-1", values={"bucket": b}), "ir-1", ("f1",))
        for b in ("b1", "b2")
    )

    assert one.save and two.save
    assert one.save.split("> ")[1] != two.save.split("> ")[1]
    assert one.id != two.id


def test_two_actions_on_one_thing_have_two_ids():
    one, two = (rendered("SG-CLOSE", port=port) for port in ("22", "3389"))

    assert one.id != two.id


@pytest.mark.parametrize("name", catalogue())
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_other_shells_read_every_command_too(name):
    for script in scripts(name).values():
        assert subprocess.run(["bash", "-n", "-c", script], capture_output=True, check=False).returncode == 0
