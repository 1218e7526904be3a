"""The rule pack against AWS, CloudTrail and ATT&CK; bursts and sequences with what they mean and what they do not."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from investigator.detections.bursts import BURSTS
from investigator.detections.detect import BY
from investigator.detections.sequences import SEQUENCES
from scripts.attack import attack
from scripts.attack_layer import LAYER, layer
from scripts.known_events import others
from scripts.lint_rules import problems, uncovered, unknown_names, untested
from scripts.rows import ROWS, rows
from scripts.rule_files import RULES, read, rule_files
from scripts.rules_page import PAGE, notes, page, whole_files
from tests.detections.records import Record, Records
from tests.detections.test_bursts import at
from tests.detections.test_rules import CASES, PLAIN
from tests.support.data import real_data

FILES = rule_files()
UNCOVERED = ()
"""Rows that nothing looks for."""


def asked(action: str, *requests: Mapping[str, JsonValue], **fields: JsonValue) -> list[Record]:
    """One call a second for each request."""
    return [at(n / 60, action, requestParameters=one, **fields) for n, one in enumerate(requests)]


def each(member: str, many: int) -> list[Mapping[str, JsonValue]]:
    return [{member: f"one-{n}"} for n in range(many)]


def in_regions(action: str, *regions: str, **fields: JsonValue) -> list[Record]:
    """One call a minute in each Region."""
    return [at(n, action, awsRegion=region, **fields) for n, region in enumerate(regions)]


LOOKS = "ListUsers ListRoles ListGroups GetUser ListPolicies ListAccountAliases".split()
REFUSED: JsonValue = {"ConsoleLogin": "Failure"}
PERSON = {"type": "IAMUser", "userName": "ana", "arn": "arn:aws:iam::111122223333:user/ana"}
"""Signs in by name."""
OTHER = {"type": "IAMUser", "userName": "bo", "arn": "arn:aws:iam::111122223333:user/bo"}


def refused(person: Mapping[str, JsonValue], ip: str, *minutes: float) -> list[Record]:
    """Console sign-ins in vain."""
    return [
        at(n, "signin:ConsoleLogin", userIdentity=person, sourceIPAddress=ip, responseElements=REFUSED) for n in minutes
    ]


NAMED = {"filterSet": {"items": [{"name": "vpc-id", "valueSet": {"items": [{"value": "vpc-0a1b"}]}}]}}
BURST_CASES: dict[str, tuple[list[Record], list[Record]]] = {
    "very-many-reads": (
        [at(n * 0.1, f"s{n % 8}:Get{n}", readOnly=True, requestParameters=NAMED) for n in range(30)],
        [at(n * 0.1, f"s{n % 7}:Get{n}", readOnly=True, requestParameters=NAMED) for n in range(40)],
    ),
    "many-kinds-denied": (
        [at(n, f"iam:Create{n}", errorCode="AccessDenied") for n in range(5)],
        [at(n, f"iam:Create{n % 4}", errorCode="AccessDenied") for n in range(9)],
    ),
    "identity-enumeration": (
        [at(n / 60, f"iam:{name}") for n, name in enumerate(LOOKS)],
        [at(n / 60, f"iam:{name}") for n, name in enumerate([*LOOKS[:5], *LOOKS[:5]])],
    ),
    "bucket-settings-swept": (
        asked("s3:GetBucketAcl", *each("bucketName", 10)),
        [*asked("s3:GetBucketAcl", *each("bucketName", 9)), *asked("s3:GetBucketPolicy", *each("bucketName", 9))],
    ),
    "sign-in-guessing": (
        [one for n in range(5) for one in refused(PERSON, f"198.51.100.{n}", n)],
        [*refused(PERSON, "198.51.100.7", 0, 1, 2, 3), *refused(OTHER, "198.51.100.8", 4)],
    ),
    "sign-in-spraying": (
        [*refused(PERSON, "198.51.100.7", 0, 1, 2), *refused(OTHER, "198.51.100.7", 3, 4)],
        [*refused(PERSON, "198.51.100.7", 0, 1, 2), *refused(OTHER, "198.51.100.8", 3, 4)],
    ),
    "parameters-read": (
        asked("ssm:GetParameters", {"names": [f"/app/{n}" for n in range(10)]}),
        asked("ssm:GetParameters", {"names": [f"/app/{n}" for n in range(9)]}, {"names": ["/app/1"]}),
    ),
    "windows-passwords-read": (
        asked("ec2:GetPasswordData", *each("instanceId", 5)),
        asked("ec2:GetPasswordData", *each("instanceId", 4), *each("instanceId", 4)),
    ),
    "start-up-scripts-read": (
        asked("ec2:DescribeInstanceAttribute", *({**one, "attribute": "userData"} for one in each("instanceId", 5))),
        asked("ec2:DescribeInstanceAttribute", *({**one, "attribute": "kernel"} for one in each("instanceId", 5))),
    ),
    "roles-tried": (
        asked("sts:AssumeRole", *each("roleArn", 5), errorCode="AccessDenied"),
        asked("sts:AssumeRole", *each("roleArn", 5)),
    ),
    "objects-read": (
        asked("s3:GetObject", *each("key", 200)),
        asked("s3:GetObject", *each("key", 199), *each("key", 2)),
    ),
    "commands-on-many-instances": (
        [*asked("ssm:SendCommand", {"instanceIds": ["i-1", "i-2"]}), *asked("ssm:StartSession", {"target": "i-3"})],
        asked("ssm:SendCommand", {"instanceIds": ["i-1", "i-2"]}, {"instanceIds": ["i-2"]}),
    ),
    "launches-refused": (
        asked("ec2:RunInstances", {}, {}, {}, errorCode="Client.InstanceLimitExceeded"),
        asked("ec2:RunInstances", {}, {}, {}),
    ),
    "launches-in-many-regions": (
        in_regions("ec2:RunInstances", "us-east-1", "eu-west-1", "sa-east-1"),
        in_regions("ec2:RunInstances", "us-east-1", "eu-west-1", "us-east-1", "eu-west-1"),
    ),
    "models-looked-up-in-regions": (
        in_regions("bedrock:ListFoundationModels", "us-east-1", "us-west-2", errorCode="AccessDenied"),
        in_regions("bedrock:ListFoundationModels", "us-east-1", "us-east-1"),
    ),
    "many-copies": (
        [at(0, "ec2:CreateSnapshot"), at(5, "rds:CreateDBSnapshot"), at(50, "ec2:CopyImage")],
        [at(0, "ec2:CreateSnapshot"), at(5, "rds:CreateDBSnapshot"), at(70, "ec2:CopyImage")],
    ),
    "texts-sent-in-bulk": (
        asked("sns:Publish", *each("phoneNumber", 20)),
        asked("sns:Publish", *each("phoneNumber", 19), *each("topicArn", 20)),
    ),
    "mail-sent-in-bulk": (
        asked("ses:SendRawEmail", *each("source", 50)),
        asked("ses:SendRawEmail", *each("source", 49)),
    ),
    "stacks-deleted": (
        asked("cloudformation:DeleteStack", *each("stackName", 3)),
        asked("cloudformation:DeleteStack", *each("stackName", 2), *each("stackName", 2)),
    ),
    "many-clusters": (
        asked("ecs:CreateCluster", *each("clusterName", 3)),
        asked("ecs:CreateCluster", *each("clusterName", 2), *each("clusterName", 2)),
    ),
    "objects-deleted-in-bulk": (
        asked("s3:DeleteObject", *each("key", 50)),
        asked("s3:DeleteObject", *each("key", 49)),
    ),
    "buckets-deleted": (
        asked("s3:DeleteBucket", *each("bucketName", 3)),
        asked("s3:DeleteBucket", *each("bucketName", 2), *each("bucketName", 2)),
    ),
    "disks-or-instances-removed-in-bulk": (
        asked("ec2:DeleteSnapshot", *each("snapshotId", 3)),
        [at(n * 10, "ec2:DeleteSnapshot", requestParameters=one) for n, one in enumerate(each("snapshotId", 3))],
    ),
    "identities-removed": (
        asked("iam:DeleteLoginProfile", *each("userName", 3)),
        asked("iam:DeleteLoginProfile", *each("userName", 2), *each("userName", 2)),
    ),
}  # fmt: skip
ELSEWHERE = {
    "test_bursts.py": [one.name for one in BURSTS if one.name not in BURST_CASES],
    "test_sequences.py": [one.name for one in SEQUENCES],
}
"""Bursts and sequences whose stories stand in other files."""
HELD = frozenset((*BURST_CASES, *(name for names in ELSEWHERE.values() for name in names)))


def test_the_pack_is_in_order():
    assert list(problems(FILES)) == []
    assert list(unknown_names(FILES)) == []


def test_everything_has_a_hit_and_a_near_miss():
    names = [*(file.path.stem for file in FILES), *(one.name for one in (*BURSTS, *SEQUENCES))]

    assert list(untested(names, {*CASES, *PLAIN, *HELD})) == []


@pytest.mark.parametrize("file", ELSEWHERE)
def test_a_story_of_another_file_is_told_found_and_missed(file: str):
    text = Path(__file__).with_name(file).read_text("utf-8")

    assert [name for name in ELSEWHERE[file] if text.count(f'"{name}"') < 2] == []


@pytest.mark.parametrize("name", BURST_CASES)
def test_a_burst_is_found_and_what_falls_short_of_it_is_not(name: str):
    [burst] = [one for one in BURSTS if one.name == name]
    enough, too_few = BURST_CASES[name]

    assert sum(len(tally.ids) for tally in Records(*numbered(enough)).crowded(burst.crowd, BY)) == len(enough)
    assert not Records(*numbered(too_few)).crowded(burst.crowd, BY)


def numbered(records: list[Record]) -> list[Record]:
    return [{**one, "eventID": f"{n:05}"} for n, one in enumerate(records)]


def test_every_row_but_these_has_a_rule():
    assert len(rows()) == sum(ROWS.values()) == 141
    assert uncovered(FILES) == UNCOVERED


def test_the_list_of_other_events_holds_nothing_that_no_rule_needs():
    texts = "\n".join(path.read_text("utf-8") for path in RULES.rglob("*.yml"))
    unused = {
        f"{source}:{name}"
        for events in (others().events, others().operations)
        for source, names in events.items()
        for name in names
        if f"{source}.amazonaws.com" not in texts or name not in texts
    }

    assert unused == set()


MISTAKES = [
    ("create-function", "CreateFunction", "CreateFunctions", "no service of lambda.amazonaws.com has the event CreateFunctions"),
    ("detector-disabled", "guardduty.", "guardsduty.", "no service of guardsduty.amazonaws.com has the event UpdateDetector"),
    ("root-change", "readOnly", "readonly", "CloudTrail has no field readonly"),
    ("root-console-sign-in", "userIdentity.type", "userIdentity.kind", "CloudTrail has no field userIdentity.kind"),
    ("database-password-set", "masterUser", "MasterUser", "no call of the rule has requestParameters.MasterUserPassword"),
    ("snapshot-shared", "add.items.userId", "add.items.user", "no call of the rule has requestParameters.createVolumePermission.add.items.user"),
    ("versioning-suspended", "Suspended", "Stopped", "no call of the rule takes Stopped as requestParameters.VersioningConfiguration.Status"),
    ("own-password", "investigator.on_self", "investigator.on_me", "CloudTrail has no field investigator.on_me"),
    ("trail-changed", ", attack.t1685.002", "", "T1562.008 without T1685.002, its number in the next version"),
    ("trail-changed", "attack.t1562.008, ", "", "T1685.002 without its number in version 18"),
    ("trail-changed", "attack.defense-evasion", "attack.impact", "no tag for its folder's tactic defense-evasion"),
    ("create-user", "t1136.003", "t1999", "T1999 is no technique that we know"),
    ("create-user", "row: C01", "row: C99", "the row C99"),
    ("create-user", "row: C01", "row: C01, loud: true", "Object contains unknown field `loud`"),
    ("create-user", "level: medium", "level: middling", "the level middling"),
    ("create-user", "id: 37a4c3d0-", "id: 37a4c3d0", "is no UUID"),
    ("create-user", "falsepositives:\n  -", "status: test\nreferences:\n  -", "unknown field `status`"),
    ("assume-role", "name: assume-role", "name: assume", "neither a row nor its own name"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "said"), MISTAKES)
def test_a_mistake_is_told(tmp_path: Path, name: str, right: str, wrong: str, said: str):
    [path] = RULES.rglob(f"{name}.yml")
    text = path.read_text("utf-8")
    copy = tmp_path / path.parent.name / path.name
    copy.parent.mkdir()
    copy.write_text(text.replace(right, wrong), "utf-8")

    assert right in text
    assert any(said in problem for problem in problems([read(copy)]))


def test_two_rules_of_one_id_are_told():
    assert any("rules have the id" in problem for problem in problems([FILES[0], FILES[0]]))


def test_what_no_test_holds_is_told():
    assert list(untested(["create-user", "unheard"], {"create-user"})) == [
        "unheard: the tests have no hit and no near miss"
    ]


def test_the_techniques_are_those_of_att_ck():
    """The list of infrastructure as a service, all of it; what is beside it is marked so."""
    text = (real_data("attack-iaas") / "attack_iaas.json").read_text("utf-8")
    cloud = {one["id"]: (one["name"], sorted(one["tactics"])) for one in json.loads(text)["iaas"]}

    assert {one.id: (one.name, sorted(one.tactics)) for one in attack().techniques if one.cloud} == cloud


def test_the_page_of_rules_is_current():
    assert PAGE.read_text("utf-8") == page(whole_files()), "run `make docs`"


def test_the_page_tells_the_level_of_an_attempt():
    text = page(whole_files())

    assert "| `logging-stopped`<br>Trail or event data store stopped or deleted | F01 | high | medium |" in text
    assert (
        "| `organization-guard-removed`<br>Account left the organisation, or a policy of it was removed | F14 | high | high |"
        in text
    )


def test_every_burst_and_sequence_has_a_note():
    told = notes()

    assert sorted(told) == sorted(one.name for one in (*BURSTS, *SEQUENCES))
    assert [name for name, note in told.items() if not note.endswith(".") or len(note.split()) < 4] == []


def test_the_layer_is_current():
    assert LAYER.read_text("utf-8") == layer(attack(), whole_files()), "run `make docs`"


def test_the_layer_is_one_that_the_navigator_reads():
    """What format 4.5 requires: the name, its version, a domain, an id for each technique, a whole gradient."""
    read_back = json.loads(LAYER.read_text("utf-8"))
    ids = [one["techniqueID"] for one in read_back["techniques"]]

    assert read_back["name"]
    assert read_back["versions"] == {"attack": "18", "navigator": "5.1.0", "layer": "4.5"}
    assert read_back["domain"] == "enterprise-attack"
    assert read_back["sorting"] in range(4)
    assert set(read_back["gradient"]) == {"colors", "minValue", "maxValue"}
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in read_back["gradient"]["colors"])
    assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", id_) for id_ in ids)
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {one.id for one in attack().techniques}
    assert all({"label", "color"} == set(one) for one in read_back["legendItems"])
    assert max(one["score"] for one in read_back["techniques"]) == read_back["gradient"]["maxValue"]
