"""The keys of a CloudTrail record as AWS spells them, and how to find them behind another spelling.

Query engines lower the case of column names, spreadsheets put spaces into them, flattened exports join a path by dots.
Source of the keys: specification 9.6, record dictionary.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

SCALARS = (
    "eventVersion", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode",
    "errorMessage", "requestID", "eventID", "readOnly", "eventType", "apiVersion", "managementEvent",
    "recipientAccountId", "sharedEventID", "vpcEndpointId", "vpcEndpointAccountId", "eventCategory",
    "sessionCredentialFromConsole",
)  # fmt: skip
STRUCTURES = (
    "userIdentity", "requestParameters", "responseElements", "additionalEventData", "resources", "serviceEventDetails",
    "addendum", "edgeDeviceDetails", "tlsDetails", "insightDetails",
)  # fmt: skip
"""Keys whose value is an object or a list."""
TRUTHS = frozenset({"readOnly", "managementEvent"})
"""Keys whose value is true or false."""
FREE = frozenset({"requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"})
"""Structures whose keys are those of the service that was called."""
_INNER = (
    "type", "principalId", "arn", "ARN", "accountId", "accessKeyId", "userName", "invokedBy", "onBehalfOf", "userId",
    "identityStoreArn", "identityProvider", "credentialId", "sessionContext", "sessionIssuer", "attributes",
    "creationDate", "mfaAuthenticated", "sourceIdentity", "ec2RoleDelivery", "webIdFederationData",
    "federatedProvider", "assumedRoot", "inScopeOf", "tlsVersion", "cipherSuite", "clientProvidedHostHeader",
    "reason", "updatedFields", "originalRequestID", "originalEventID",
)  # fmt: skip
IDENTITY_PATHS = (
    *(f"userIdentity.{key}" for key in (
        "type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy", "identityProvider",
    )),
    *(f"userIdentity.sessionContext.{key}" for key in (
        "sourceIdentity", "attributes.creationDate", "attributes.mfaAuthenticated", "sessionIssuer.type",
        "sessionIssuer.principalId", "sessionIssuer.arn", "sessionIssuer.accountId", "sessionIssuer.userName",
        "webIdFederationData.federatedProvider", "ec2RoleDelivery",
    )),
)  # fmt: skip
"""Paths that a flattened table gives a column of their own."""
_OTHER_NAMES = {
    "eventdatetime": "eventTime", "sourceip": "sourceIPAddress", "requestuseragent": "userAgent",
    "userid": "userIdentity", "accesskey": "userIdentity.accessKeyId", "awsaccesskey": "userIdentity.accessKeyId",
    "accesskeyid": "userIdentity.accessKeyId",
}  # fmt: skip
"""Names of the same things in the console's download and in other products."""
_ODD = re.compile(r"[^a-z0-9]")


@lru_cache(4096)
def folded(name: str) -> str:
    """A name without case, spaces and punctuation."""
    return _ODD.sub("", name.lower())


_INNER_BY_LOWER: Mapping[str, str] = {key.lower(): key for key in reversed(_INNER)}
_PATHS: Mapping[str, str] = {folded(path): path for path in (*SCALARS, *STRUCTURES, *IDENTITY_PATHS)} | _OTHER_NAMES


@lru_cache(4096)
def path_of(column: str) -> str | None:
    """The record path that a column holds; None for a column that is none of a record."""
    holder, dot, inner = column.strip().partition(".")
    if dot and inner and (path := _PATHS.get(folded(holder))) in FREE:
        return f"{path}.{inner}"
    return _PATHS.get(folded(column))


def inner_key(key: str, holder: str) -> str:
    """A key inside a structure as AWS spells it, whatever case a query engine gave it."""
    if holder == "resources" and key.lower() == "arn":
        return "ARN"
    return _INNER_BY_LOWER.get(key.lower(), key)
