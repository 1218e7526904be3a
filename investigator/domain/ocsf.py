"""An OCSF event that was made from a CloudTrail record, as that record.

Sources: the OCSF mapping of CloudTrail (ocsf/examples, mappings 1.0.0-rc.2, 1.1.0 and 1.5.0) and Amazon Security
Lake, source versions 1 and 2. What the mapping has no place for stands in `unmapped` under its own path.
"""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from investigator.domain.cell_text import NOTHING, nested
from investigator.domain.record_words import STRUCTURES, TRUTHS
from investigator.domain.table_row import place, spelled, time_text

_PATHS = (
    ("metadata.product.version", "eventVersion"),
    ("api.service.name", "eventSource"),
    ("api.operation", "eventName"),
    ("cloud.region", "awsRegion"),
    ("src_endpoint.ip", "sourceIPAddress"),
    ("src_endpoint.domain", "sourceIPAddress"),
    ("http_request.user_agent", "userAgent"),
    ("api.response.error", "errorCode"),
    ("api.response.message", "errorMessage"),
    ("api.request.uid", "requestID"),
    ("api.version", "apiVersion"),
    ("metadata.uid", "eventID"),
    ("metadata.event_code", "eventType"),
    ("src_endpoint.uid", "vpcEndpointId"),
    ("actor.user.type", "userIdentity.type"),
    ("actor.user.uid_alt", "userIdentity.principalId"),
    ("actor.user.uuid", "userIdentity.arn"),
    ("actor.user.account.uid", "userIdentity.accountId"),
    ("actor.user.account_uid", "userIdentity.accountId"),
    ("actor.user.credential_uid", "userIdentity.accessKeyId"),
    ("actor.user.name", "userIdentity.userName"),
    ("actor.invoked_by", "userIdentity.invokedBy"),
    ("actor.session.issuer", "userIdentity.sessionContext.sessionIssuer.arn"),
    ("dst_endpoint.svc_name", "additionalEventData.LoginTo"),
)  # fmt: skip
"""Where OCSF keeps what a record says; of two places the first that is filled counts."""
_CATEGORIES = frozenset({"Management", "Data", "Insight", "NetworkActivity"})
_OUTSIDE_IDENTITIES = frozenset({"WebIdentityUser", "SAMLUser"})
_SESSION = "userIdentity.sessionContext."
_AUTHENTICATION = 3002
"""The OCSF class of sign-ins."""


def is_ocsf(event: Mapping[str, JsonValue]) -> bool:
    """Whether an object is an OCSF event of whatever source."""
    return "class_uid" in event and isinstance(event.get("metadata"), dict)


def record_of_event(event: Mapping[str, JsonValue]) -> dict[str, JsonValue] | None:
    """The CloudTrail record of an event; None for an event of another source."""
    if not _is_cloudtrail(event):
        return None
    record: dict[str, JsonValue] = {}
    for path, value in (*_mapped(event), *_caller(event), *_session(event), *_call(event), *_unmapped(event)):
        if value is not None and value != "":
            place(record, path, value)
    return record


def _is_cloudtrail(event: Mapping[str, JsonValue]) -> bool:
    source = _text(event, "api.service.name") or ""
    product = (_text(event, "metadata.product.name") or "").lower()
    return is_ocsf(event) and bool(_text(event, "api.operation")) and (
        product == "cloudtrail" or source.endswith(".amazonaws.com")
    )  # fmt: skip


def _at(event: Mapping[str, JsonValue], path: str) -> JsonValue:
    value: JsonValue = dict(event)
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(event: Mapping[str, JsonValue], path: str) -> str | None:
    value = _at(event, path)
    return value if isinstance(value, str) and value not in ("", "''") else None


def _mapped(event: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    yield from ((target, _text(event, path)) for path, target in _PATHS)
    yield "eventTime", time_text(_at(event, "time_dt") or _at(event, "time"))
    category = _text(event, "metadata.product.feature.name")
    yield "eventCategory", category if category in _CATEGORIES else None


def _caller(event: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """`uid` is the ARN, but in version 1.0.0-rc.2 the principal's id, and `uuid` the ARN."""
    uid = _text(event, "actor.user.uid") or ""
    yield "userIdentity.arn" if uid.startswith("arn:") else "userIdentity.principalId", uid
    provider = _text(event, "actor.idp.name")
    is_outside = _text(event, "actor.user.type") in _OUTSIDE_IDENTITIES
    yield (
        "userIdentity.identityProvider" if is_outside else f"{_SESSION}webIdFederationData.federatedProvider",
        provider,
    )


def _session(event: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    created = _at(event, "actor.session.created_time_dt") or _at(event, "actor.session.created_time")
    yield f"{_SESSION}attributes.creationDate", time_text(created) if created else None
    for key in ("is_mfa", "mfa"):
        if isinstance(mfa := _at(event, f"actor.session.{key}"), bool):
            yield f"{_SESSION}attributes.mfaAuthenticated", str(mfa).lower()
    if event.get("class_uid") in (_AUTHENTICATION, str(_AUTHENTICATION)) and isinstance(event.get("is_mfa"), bool):
        yield "additionalEventData.MFAUsed", "Yes" if event["is_mfa"] else "No"


def _call(event: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    for path, target in (("api.request.data", "requestParameters"), ("api.response.data", "responseElements")):
        value = _at(event, path)
        value = nested(value) if isinstance(value, str) else value
        yield target, value if isinstance(value, dict | list) else None
    resources = event.get("resources")
    if isinstance(resources, list):
        yield "resources", [_resource(one) for one in resources if isinstance(one, dict)] or None
    accounts = (_text(event, path) for path in ("unmapped.recipientAccountId", "cloud.account.uid", "accountid"))
    yield "recipientAccountId", next(filter(None, accounts), None)


def _resource(resource: Mapping[str, JsonValue]) -> JsonValue:
    account = _text(resource, "owner.account.uid") or _text(resource, "account_uid") or _text(resource, "account.uid")
    named = {"ARN": _text(resource, "uid"), "accountId": account, "type": _text(resource, "type")}
    return {key: value for key, value in named.items() if value}


def _unmapped(event: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    """Paths of the record that the mapping has no place for; in Parquet a list of pairs."""
    held = event.get("unmapped")
    pairs = held.items() if isinstance(held, dict) else ()
    for path, value in pairs:
        if isinstance(value, str) and value in NOTHING:
            continue
        holder = path.partition(".")[0]
        if path in TRUTHS and isinstance(value, str):
            yield path, {"true": True, "false": False}.get(value.lower(), value)
        elif path in STRUCTURES:
            yield path, spelled(nested(value) if isinstance(value, str) else value, holder)
        else:
            yield path, value
