"""A handful of tools that tests plan and gather with: the shapes of the real ones, without their services."""

from collections.abc import Iterator

from investigator.domain.entity import EntityRef
from investigator.domain.event import Event
from investigator.domain.facts import (
    AccessKeyId,
    BucketName,
    CaseWindow,
    EventName,
    InstanceId,
    IpAddress,
    PrincipalName,
    UserName,
)
from investigator.domain.observation import Observation
from investigator.domain.paths import texts
from investigator.domain.search import where
from investigator.domain.state import State
from investigator.domain.times import parse_instant
from investigator.domain.value import Value
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws
from investigator.ports.store import Store
from investigator.ports.tool import EVERY_REGION, HOME, Tool, tool

LOOKUP = {"cloudtrail:LookupEvents"}


class KeyUse(Value):
    key: AccessKeyId
    window: CaseWindow


class PrincipalUse(Value):
    principal: PrincipalName
    window: CaseWindow


class AddressUse(Value):
    ip: IpAddress
    window: CaseWindow


class NamedCalls(Value):
    event_name: EventName
    window: CaseWindow


class OneUser(Value):
    user: UserName


class OneInstance(Value):
    instance: InstanceId


class OneBucket(Value):
    bucket: BucketName


class Costs(Value):
    window: CaseWindow


def from_module(made: Tool, source: str) -> Tool:
    """The tool as if it stood in `tools/<source>.py`."""
    return Tool(made.name, source, made.question, made.inputs, made.permissions, made.where, made.gather)


def _looked_up(aws: Aws, **attribute: str) -> Iterator[Event]:
    for page in aws.pages("cloudtrail", "LookupEvents", **attribute):
        for number in texts(page.body, "Events.EventId"):
            yield Event(
                id=f"ct:{number}", time=parse_instant("2026-01-27T03:00:00Z"), source="iam.amazonaws.com", name="X"
            )


def in_logs() -> tuple[Tool, ...]:
    """The questions that log files answer."""

    @tool("Which calls did this key sign?")
    def calls_by_key(inputs: KeyUse, store: Store) -> Iterator[Observation]:
        yield store.group(where(key=inputs.key))

    @tool("Which calls did this principal make?")
    def calls_by_principal(inputs: PrincipalUse, store: Store) -> Iterator[Observation]:
        yield store.group(where(principal=inputs.principal))

    @tool("Which calls came from this address?")
    def calls_by_ip(inputs: AddressUse, store: Store) -> Iterator[Observation]:
        yield store.group(where(ip=inputs.ip))

    @tool("Which calls of this name were made?")
    def calls_by_name(inputs: NamedCalls, store: Store) -> Iterator[Observation]:
        yield store.group(where(name=inputs.event_name))

    made = (calls_by_key, calls_by_principal, calls_by_ip, calls_by_name)
    return tuple(from_module(each, "logs") for each in made)


def in_history() -> tuple[Tool, ...]:
    """The questions that CloudTrail's event history answers; by address it cannot."""

    @tool("Which calls did this key sign?", permissions=LOOKUP, where=EVERY_REGION)
    def calls_by_key(inputs: KeyUse, aws: Aws) -> Iterator[Observation]:
        yield from _looked_up(aws, AccessKeyId=inputs.key)

    @tool("Which calls of this name were made?", permissions=LOOKUP, where=EVERY_REGION)
    def calls_by_name(inputs: NamedCalls, aws: Aws) -> Iterator[Observation]:
        yield from _looked_up(aws, EventName=inputs.event_name)

    return tuple(from_module(each, "cloudtrail") for each in (calls_by_key, calls_by_name))


def of_services() -> tuple[Tool, ...]:
    """Questions about how things are set up, and what they cost."""

    @tool("Which keys has this user?", permissions={"iam:ListAccessKeys"}, where=HOME)
    def keys_of_user(inputs: OneUser, aws: Aws) -> Iterator[Observation]:
        for page in aws.pages("iam", "ListAccessKeys", UserName=inputs.user):
            for number, key in enumerate(texts(page.body, "AccessKeyMetadata.AccessKeyId")):
                yield State(
                    answer=page.answer,
                    path=f"AccessKeyMetadata[{number}]",
                    entity=EntityRef(kind=EntityKind.ACCESS_KEY, value=key),
                    kind="access_key",
                    account=aws.account,
                    region=aws.region,
                )

    @tool("How is this instance set up?", permissions={"ec2:DescribeInstances"}, where=EVERY_REGION)
    def instance_set_up(inputs: OneInstance, aws: Aws) -> Iterator[Observation]:
        for page in aws.pages("ec2", "DescribeInstances", InstanceIds=[inputs.instance]):
            for number, instance in enumerate(texts(page.body, "Reservations.Instances.InstanceId")):
                yield State(
                    answer=page.answer,
                    path=f"Reservations[{number}]",
                    entity=EntityRef(kind=EntityKind.INSTANCE, value=instance),
                    kind="instance",
                    account=aws.account,
                    region=aws.region,
                )

    @tool("Who may read this bucket?", permissions={"s3:GetBucketPolicy"}, where=HOME)
    def bucket_policy(inputs: OneBucket, aws: Aws) -> Iterator[Observation]:
        for page in aws.pages("s3", "GetBucketPolicy", Bucket=inputs.bucket):
            yield State(
                answer=page.answer,
                path="",
                entity=EntityRef(kind=EntityKind.BUCKET, value=inputs.bucket),
                kind="bucket_policy",
                account=aws.account,
                region=aws.region,
            )

    @tool("What did it cost?", permissions={"ce:GetCostAndUsage"}, where=HOME)
    def cost(inputs: Costs, aws: Aws) -> Iterator[Observation]:
        for _ in aws.pages("ce", "GetCostAndUsage"):
            yield from ()

    made = ((keys_of_user, "iam"), (instance_set_up, "ec2"), (bucket_policy, "s3"), (cost, "cost"))
    return tuple(from_module(each, source) for each, source in made)
