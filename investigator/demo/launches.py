"""GPU launches: the machines of the story, and the RunInstances records that made or refused them."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from investigator.demo.company import ACCOUNT, hexed
from investigator.demo.journal import Call

GPU_TYPE = "g5.12xlarge"
BIG_GPU_TYPE = "p4d.24xlarge"
GPU_HOURLY = 6.8
"""USD an hour of one such machine."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One EC2 instance with its network interface, volume and group."""

    id: str
    name: str
    kind: str
    region: str
    launched: datetime
    private: str
    public: str = ""
    key_name: str = ""
    profile: str = ""
    tokens: str = "required"
    image: str = "ami-0d1c5f0a9b2e47c31"

    @property
    def interface(self) -> str:
        return hexed("eni", self.id)

    @property
    def volume(self) -> str:
        return hexed("vol", self.id)

    @property
    def group(self) -> str:
        return hexed("sg", f"{self.region}/{self.key_name or 'default'}")

    @property
    def subnet(self) -> str:
        return hexed("subnet", self.region)

    @property
    def vpc(self) -> str:
        return hexed("vpc", self.region)

    @property
    def zone(self) -> str:
        return f"{self.region}a"


def launch(machines: tuple[Machine, ...]) -> Call:
    """The RunInstances call that started these machines, all of one kind in one Region."""
    first = machines[0]
    response: JsonValue = {
        "requestId": hexed("r", f"request/{first.id}"),
        "reservationId": hexed("r", first.id),
        "ownerId": ACCOUNT,
        "groupSet": {},
        "instancesSet": {"items": [_started(machine, index) for index, machine in enumerate(machines)]},
    }
    return Call(
        action="ec2:RunInstances",
        region=first.region,
        request=_asked(first.kind, len(machines), first),
        response=response,
    )


def refused_launch(region: str, kind: str, like: Machine) -> Call:
    """A RunInstances call that the vCPU quota of the Region stopped."""
    return Call(
        action="ec2:RunInstances",
        region=region,
        request=_asked(kind, 2, like),
        error="Client.VcpuLimitExceeded",
        message=(
            "You have requested more vCPU capacity than your current vCPU limit of 64 allows for the instance bucket "
            "that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request "
            "to request an adjustment to this limit."
        ),
    )


def _asked(kind: str, count: int, like: Machine) -> JsonValue:
    asked: JsonValue = {"imageId": like.image, "minCount": 1, "maxCount": count}
    if like.key_name:
        asked["keyName"] = like.key_name
    return {
        "instancesSet": {"items": [asked]},
        "groupSet": {"items": [{"groupId": like.group}]},
        "instanceType": kind,
        "blockDeviceMapping": {},
        "availabilityZone": like.zone,
        "monitoring": {"enabled": False},
        "disableApiTermination": False,
        "disableApiStop": False,
        "clientToken": hexed("t", f"{kind}/{like.id}"),
    }


def _started(machine: Machine, index: int) -> JsonValue:
    return {
        "instanceId": machine.id,
        "imageId": machine.image,
        "instanceState": {"code": 0, "name": "pending"},
        "privateDnsName": f"ip-{machine.private.replace('.', '-')}.{machine.region}.compute.internal",
        "amiLaunchIndex": index,
        "productCodes": {},
        "instanceType": machine.kind,
        "launchTime": int(machine.launched.timestamp() * 1000),
        "placement": {"availabilityZone": machine.zone, "tenancy": "default"},
        "monitoring": {"state": "disabled"},
        "subnetId": machine.subnet,
        "vpcId": machine.vpc,
        "privateIpAddress": machine.private,
        "groupSet": {"items": [{"groupId": machine.group, "groupName": machine.key_name or "default"}]},
        "networkInterfaceSet": {"items": [{"networkInterfaceId": machine.interface, "subnetId": machine.subnet}]},
        **({"keyName": machine.key_name} if machine.key_name else {}),
        "metadataOptions": {"state": "pending", "httpTokens": machine.tokens, "httpEndpoint": "enabled"},
    }
