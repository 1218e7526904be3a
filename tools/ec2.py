"""Questions to EC2: instances, their roles, networks and disks, and what they run at start."""

from collections.abc import Iterator

from pydantic import JsonValue

from investigator.domain.observation import Observation
from investigator.domain.paths import first_text, texts
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws
from investigator.ports.tool import EVERY_REGION, tool

from ._inputs import Everything, Instances, OneInstance
from ._states import Seen, elements, is_missing, pick, ref

INSTANCE = (
    "InstanceId",
    "InstanceType",
    "ImageId",
    "State.Name",
    "LaunchTime",
    "KeyName",
    "PublicIpAddress",
    "PrivateIpAddress",
    "VpcId",
    "SubnetId",
    "IamInstanceProfile.Arn",
    "MetadataOptions.HttpTokens",
    "SecurityGroups",
    "Tags",
)
INTERFACE = (
    "NetworkInterfaceId",
    "Association.PublicIp",
    "PrivateIpAddress",
    "Attachment.InstanceId",
    "Status",
    "VpcId",
    "Groups",
)
GROUP = ("GroupId", "GroupName", "VpcId", "IpPermissions", "IpPermissionsEgress")
VOLUME = ("VolumeId", "State", "Encrypted", "SnapshotId", "CreateTime", "Size", "Attachments")


@tool("Which instances are there, since when, and how are they set up?",
      permissions={"ec2:DescribeInstances"}, where=EVERY_REGION)  # fmt: skip
def instances(inputs: Instances, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("ec2", "DescribeInstances", **_only("instance-id", inputs)):
        for instance in texts(page.body, "Reservations.Instances.InstanceId"):
            path = "Reservations." + pick("Instances", "InstanceId", instance)
            yield Seen(page, aws).state("instance", ref(EntityKind.INSTANCE, instance), path, INSTANCE)


@tool("Which role does an instance have?",
      permissions={"ec2:DescribeIamInstanceProfileAssociations"}, where=EVERY_REGION)  # fmt: skip
def instance_profiles(inputs: Instances, aws: Aws) -> Iterator[Observation]:
    keys = ("InstanceId", "IamInstanceProfile.Arn", "State", "Timestamp")
    path = "IamInstanceProfileAssociations"
    for page in aws.pages("ec2", "DescribeIamInstanceProfileAssociations", **_only("instance-id", inputs)):
        for each in elements(page.body, path):
            entity = ref(EntityKind.INSTANCE, first_text(each, "InstanceId"))
            association = pick(path, "AssociationId", first_text(each, "AssociationId"))
            yield Seen(page, aws).state("instance_profile", entity, association, keys)


@tool("Which network interfaces are there, with which addresses?",
      permissions={"ec2:DescribeNetworkInterfaces"}, where=EVERY_REGION)  # fmt: skip
def network_interfaces(inputs: Instances, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("ec2", "DescribeNetworkInterfaces", **_only("attachment.instance-id", inputs)):
        for interface in texts(page.body, "NetworkInterfaces.NetworkInterfaceId"):
            path = pick("NetworkInterfaces", "NetworkInterfaceId", interface)
            yield Seen(page, aws).state("network_interface", ref(EntityKind.RESOURCE, interface), path, INTERFACE)


@tool("What do security groups let in and out?", permissions={"ec2:DescribeSecurityGroups"}, where=EVERY_REGION)
def security_groups(inputs: Everything, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("ec2", "DescribeSecurityGroups"):
        for group in texts(page.body, "SecurityGroups.GroupId"):
            path = pick("SecurityGroups", "GroupId", group)
            yield Seen(page, aws).state("security_group", ref(EntityKind.RESOURCE, group), path, GROUP)


@tool("Which disks are there, and where are they attached?", permissions={"ec2:DescribeVolumes"}, where=EVERY_REGION)
def volumes(inputs: Instances, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("ec2", "DescribeVolumes", **_only("attachment.instance-id", inputs)):
        for volume in texts(page.body, "Volumes.VolumeId"):
            path = pick("Volumes", "VolumeId", volume)
            yield Seen(page, aws).state("volume", ref(EntityKind.VOLUME, volume), path, VOLUME)


@tool("What does this instance run at start?", permissions={"ec2:DescribeInstanceAttribute"}, where=EVERY_REGION)
def user_data(inputs: OneInstance, aws: Aws) -> Iterator[Observation]:
    """Secret values are redacted before the answer is kept; a Region that does not know the instance yields nothing."""
    for page in aws.pages("ec2", "DescribeInstanceAttribute", InstanceId=inputs.instance, Attribute="userData"):
        if not is_missing(page):
            entity = ref(EntityKind.INSTANCE, inputs.instance)
            yield Seen(page, aws).state("user_data", entity, "UserData", ("Value",))


def _only(name: str, inputs: Instances) -> dict[str, JsonValue]:
    """A filter on one instance: an id of another Region then gives an empty list, not an error."""
    return {"Filters": [{"Name": name, "Values": [inputs.instance]}]} if inputs.instance else {}
