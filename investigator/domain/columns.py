"""Which column of the evidence store holds which key of a CloudTrail record.

A dotted record path is read from the column of its first key: as it is when the column holds one value, through JSON
when it holds JSON text. Keys that are not named here stand in the JSON object of the column `extra`.
"""

from collections.abc import Mapping

RECORD_COLUMNS: Mapping[str, str] = {
    "eventTime": "time",
    "eventSource": "source",
    "eventName": "name",
    "recipientAccountId": "account",
    "awsRegion": "region",
    "sourceIPAddress": "ip",
    "userAgent": "agent",
    "errorCode": "error",
    "errorMessage": "error_message",
    "readOnly": "read_only",
    "eventCategory": "category",
    "eventType": "event_type",
    "requestID": "request_id",
    "sharedEventID": "shared_id",
    "vpcEndpointId": "vpce",
    "userIdentity": "user_identity",
    "requestParameters": "request",
    "responseElements": "response",
    "additionalEventData": "additional",
    "resources": "resources",
}
"""Top-level key of a record to column."""

IDENTITY_COLUMNS: Mapping[str, str] = {
    "userIdentity.type": "identity",
    "userIdentity.arn": "arn",
    "userIdentity.userName": "user",
    "userIdentity.accessKeyId": "key",
    "userIdentity.invokedBy": "invoked_by",
    "userIdentity.sessionContext.sessionIssuer.arn": "issuer",
    "userIdentity.sessionContext.attributes.creationDate": "session_start",
    "userIdentity.sessionContext.attributes.mfaAuthenticated": "mfa",
    "userIdentity.sessionContext.sourceIdentity": "source_identity",
}
"""Paths below `userIdentity` that have a column of their own."""

JSON_COLUMNS = ("user_identity", "request", "response", "additional", "resources", "extra")
"""Columns that hold JSON text."""

EXTRA = "extra"
"""The JSON object of every other top-level key. A name with a date suffix stands here too, as `eventName`."""
