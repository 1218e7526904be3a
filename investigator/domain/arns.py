"""What ARNs name, and the ARNs of principals."""

from collections.abc import Iterator

from investigator.domain.entity import EntityRef
from investigator.domain.words import EntityKind

_BY_SERVICE = {
    "lambda": EntityKind.FUNCTION,
    "secretsmanager": EntityKind.SECRET,
    "kms": EntityKind.KEY,
    "acm": EntityKind.CERTIFICATE,
}
_BY_TYPE = {
    ("iam", "user"): EntityKind.PRINCIPAL,
    ("iam", "role"): EntityKind.PRINCIPAL,
    ("iam", "root"): EntityKind.PRINCIPAL,
    ("iam", "policy"): EntityKind.POLICY,
    ("sts", "assumed-role"): EntityKind.SESSION,
    ("sts", "federated-user"): EntityKind.SESSION,
}
_BY_ID = {
    ("ec2", "instance"): EntityKind.INSTANCE,
    ("ec2", "volume"): EntityKind.VOLUME,
    ("ec2", "snapshot"): EntityKind.SNAPSHOT,
    ("ec2", "image"): EntityKind.IMAGE,
}


def arn_entities(arn: str) -> Iterator[EntityRef]:
    """What an ARN names: its resource, and the account that owns it."""
    _, _, service, _, account, resource = arn.split(":", 5)
    yield _resource(arn, service, resource)
    if account.isdigit():
        yield EntityRef(kind=EntityKind.ACCOUNT, value=account)


def _resource(arn: str, service: str, resource: str) -> EntityRef:
    kind, _, name = resource.partition("/")
    if service == "s3":
        return EntityRef(kind=EntityKind.OBJECT if name else EntityKind.BUCKET, value=resource)
    if by_id := _BY_ID.get((service, kind)):
        return EntityRef(kind=by_id, value=name)
    by_type = _BY_TYPE.get((service, kind)) or _BY_SERVICE.get(service) or EntityKind.RESOURCE
    return EntityRef(kind=by_type, value=arn)


def principal_arn(account: str, kind: str, name: str, partition: str = "aws") -> str:
    """The ARN of a user, role or root, or "" when a part is not known."""
    if not account or not kind or (not name and kind != "root"):
        return ""
    return f"arn:{partition}:iam::{account}:{'root' if kind == 'root' else f'{kind}/{name}'}"
