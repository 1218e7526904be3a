"""EC2: Regions, instances and what hangs on them."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.company import ACCOUNT, hexed, unique
from investigator.demo.incident import Incident
from investigator.demo.launches import Machine
from investigator.domain.times import to_text


def _regions(told: Incident, asked: Asked) -> Body:
    return {
        "Regions": [
            {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": "opt-in-not-required"}
            for name in told.regions
        ]
    }


def _machines(told: Incident, asked: Asked, wanted: Sequence[str]) -> Iterator[Machine]:
    """The machines of the Region with these ids, or all."""
    here = [machine for machine in told.estate.machines if machine.region == asked.region]
    for missing in set(wanted) - {machine.id for machine in here}:
        raise Fault("InvalidInstanceID.NotFound", f"The instance ID '{missing}' does not exist")
    yield from (machine for machine in here if not wanted or machine.id in wanted)


def _instances(told: Incident, asked: Asked) -> Body:
    found = _filtered(
        asked, [(machine, _instance(machine)) for machine in _machines(told, asked, asked.texts("InstanceIds"))]
    )
    return {"Reservations": [_reservation(machine, body) for machine, body in found]}


def _reservation(machine: Machine, body: Body) -> JsonValue:
    return {"ReservationId": hexed("r", machine.id), "OwnerId": ACCOUNT, "Groups": [], "Instances": [body]}


def _instance(machine: Machine) -> Body:
    body: Body = {
        "InstanceId": machine.id,
        "ImageId": machine.image,
        "State": {"Code": 16, "Name": "running"},
        "PrivateDnsName": f"ip-{machine.private.replace('.', '-')}.{machine.region}.compute.internal",
        "PublicDnsName": "",
        "AmiLaunchIndex": 0,
        "InstanceType": machine.kind,
        "LaunchTime": to_text(machine.launched),
        "Placement": {"AvailabilityZone": machine.zone, "GroupName": "", "Tenancy": "default"},
        "Monitoring": {"State": "disabled"},
        "SubnetId": machine.subnet,
        "VpcId": machine.vpc,
        "PrivateIpAddress": machine.private,
        "Architecture": "x86_64",
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": machine.volume, "Status": "attached"}},
        ],
        "NetworkInterfaces": [{"NetworkInterfaceId": machine.interface, "PrivateIpAddress": machine.private}],
        "SecurityGroups": [_group_ref(machine)],
        "MetadataOptions": {"State": "applied", "HttpTokens": machine.tokens, "HttpEndpoint": "enabled"},
        "Tags": [{"Key": "Name", "Value": machine.name}] if machine.name else [],
    }
    extra: Body = {
        **({"PublicIpAddress": machine.public} if machine.public else {}),
        **({"KeyName": machine.key_name} if machine.key_name else {}),
        **({"IamInstanceProfile": _profile(machine)} if machine.profile else {}),
    }
    return {**body, **extra}


def _profile(machine: Machine) -> Body:
    arn = f"arn:aws:iam::{ACCOUNT}:instance-profile/{machine.profile}"
    return {"Arn": arn, "Id": unique("AIPA", machine.profile)}


def _group_ref(machine: Machine) -> JsonValue:
    return {"GroupId": machine.group, "GroupName": machine.key_name or "default"}


def _attribute(told: Incident, asked: Asked) -> Body:
    [machine] = _machines(told, asked, (asked.text("InstanceId"),))
    if asked.text("Attribute") == "disableApiTermination":
        return {"InstanceId": machine.id, "DisableApiTermination": {"Value": False}}
    return {"InstanceId": machine.id, "UserData": {}}


def _volumes(told: Incident, asked: Asked) -> Body:
    return {"Volumes": [body for _, body in _filtered(asked, [(each, _volume(each)) for each in _here(told, asked)])]}


def _volume(machine: Machine) -> Body:
    made = to_text(machine.launched)
    attached: JsonValue = {
        "InstanceId": machine.id,
        "VolumeId": machine.volume,
        "Device": "/dev/xvda",
        "State": "attached",
        "AttachTime": made,
        "DeleteOnTermination": True,
    }
    return {
        "VolumeId": machine.volume,
        "State": "in-use",
        "Size": 100,
        "VolumeType": "gp3",
        "AvailabilityZone": machine.zone,
        "CreateTime": made,
        "Encrypted": not machine.key_name,
        "Attachments": [attached],
    }


def _profiles(told: Incident, asked: Asked) -> Body:
    found = _filtered(asked, [(each, _association(each)) for each in _here(told, asked) if each.profile])
    return {"IamInstanceProfileAssociations": [body for _, body in found]}


def _association(machine: Machine) -> Body:
    return {
        "AssociationId": hexed("iip-assoc", machine.id),
        "InstanceId": machine.id,
        "IamInstanceProfile": _profile(machine),
        "State": "associated",
    }


def _interfaces(told: Incident, asked: Asked) -> Body:
    found = _filtered(asked, [(each, _interface(each)) for each in _here(told, asked)])
    return {"NetworkInterfaces": [body for _, body in found]}


def _interface(machine: Machine) -> Body:
    return {
        "NetworkInterfaceId": machine.interface,
        "Status": "in-use",
        "InterfaceType": "interface",
        "VpcId": machine.vpc,
        "SubnetId": machine.subnet,
        "AvailabilityZone": machine.zone,
        "OwnerId": ACCOUNT,
        "PrivateIpAddress": machine.private,
        "Groups": [_group_ref(machine)],
        "Attachment": {"InstanceId": machine.id, "InstanceOwnerId": ACCOUNT, "DeviceIndex": 0, "Status": "attached"},
        **({"Association": {"PublicIp": machine.public, "IpOwnerId": "amazon"}} if machine.public else {}),
    }


def _groups(told: Incident, asked: Asked) -> Body:
    groups = {machine.group: machine for machine in _here(told, asked)}
    wanted = asked.texts("GroupIds")
    for missing in set(wanted) - set(groups):
        raise Fault("InvalidGroup.NotFound", f"The security group '{missing}' does not exist")
    found = [(each, _group(each)) for each in groups.values() if not wanted or each.group in wanted]
    return {"SecurityGroups": [body for _, body in _filtered(asked, found)]}


def _group(machine: Machine) -> Body:
    port = 22 if machine.key_name else 443
    source = "0.0.0.0/0" if machine.key_name else "10.0.0.0/8"
    return {
        "GroupId": machine.group,
        "GroupName": machine.key_name or "default",
        "Description": "nodes" if machine.key_name else "default VPC security group",
        "OwnerId": ACCOUNT,
        "VpcId": machine.vpc,
        "IpPermissions": [_rule("tcp", port, source)],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    }


def _rule(protocol: str, port: int, source: str) -> JsonValue:
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": source}]}


def _here(told: Incident, asked: Asked) -> list[Machine]:
    return [machine for machine in told.estate.machines if machine.region == asked.region]


def _filtered(asked: Asked, found: list[tuple[Machine, Body]]) -> list[tuple[Machine, Body]]:
    """Those that every filter of the request lets through."""
    given = asked.parameters.get("Filters")
    filters = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    return [(machine, body) for machine, body in found if all(_passes(machine, each) for each in filters)]


def _passes(machine: Machine, condition: Mapping[str, JsonValue]) -> bool:
    name, values = str(condition.get("Name")), condition.get("Values")
    if name not in _FILTERS:
        raise Fault("InvalidParameterValue", f"The filter '{name}' is invalid")
    return isinstance(values, list) and _FILTERS[name](machine) in values


_FILTERS: Mapping[str, Callable[[Machine], str]] = {
    "instance-id": lambda machine: machine.id,
    "attachment.instance-id": lambda machine: machine.id,
    "instance-state-name": lambda machine: "running",
    "instance-type": lambda machine: machine.kind,
    "key-name": lambda machine: machine.key_name,
    "vpc-id": lambda machine: machine.vpc,
    "group-id": lambda machine: machine.group,
    "state": lambda machine: "associated",
}

OPERATIONS: Mapping[str, Callable[[Incident, Asked], Body]] = {
    "DescribeRegions": _regions,
    "DescribeInstances": _instances,
    "DescribeInstanceAttribute": _attribute,
    "DescribeVolumes": _volumes,
    "DescribeIamInstanceProfileAssociations": _profiles,
    "DescribeNetworkInterfaces": _interfaces,
    "DescribeSecurityGroups": _groups,
}
