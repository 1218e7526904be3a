"""What a question must know: the input models that tools share, so that alternatives of one question have the same."""

from investigator.domain.facts import (
    AccessKeyId,
    BucketName,
    CaseWindow,
    EventName,
    InstanceId,
    IpAddress,
    PrincipalName,
    ResourceName,
    RoleName,
    SessionName,
    UserName,
)
from investigator.domain.value import Value


class Everything(Value):
    """Nothing must be known: the question is about the whole account and Region."""


class Within(Value):
    """When."""

    window: CaseWindow


class KeyUse(Within):
    """Which access key, and when."""

    key: AccessKeyId


class PrincipalUse(Within):
    """Which user or role (name or ARN), and when."""

    principal: PrincipalName


class SessionUse(Within):
    """Which role session name, and when."""

    session: SessionName


class AddressUse(Within):
    """Which IP address or CIDR, and when."""

    ip: IpAddress


class ResourceUse(Within):
    """Which resource, by the name, id or ARN that records give it, and when."""

    resource: ResourceName


class NamedCalls(Within):
    """Which call, e.g. `CreateUser`, and when."""

    event_name: EventName


class OneKey(Value):
    """Which access key."""

    key: AccessKeyId


class OneUser(Value):
    """Which IAM user."""

    user: UserName


class OneRole(Value):
    """Which IAM role."""

    role: RoleName


class OneBucket(Value):
    """Which bucket."""

    bucket: BucketName


class Instances(Value):
    """Which instance; all of them when it is not known ("")."""

    instance: InstanceId = ""


class OneInstance(Value):
    """Which instance."""

    instance: InstanceId
