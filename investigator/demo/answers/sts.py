"""STS: who asks, and to which account a key belongs."""

from collections.abc import Callable, Mapping

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.demo.company import ACCOUNT, unique
from investigator.demo.incident import Incident

READER = "incident-reader"
CALLER = f"arn:aws:sts::{ACCOUNT}:assumed-role/{READER}/demo"
"""The role that reads for the case."""


def _caller(told: Incident, asked: Asked) -> Body:
    return {"UserId": f"{unique('AROA', READER)}:demo", "Account": told.account, "Arn": CALLER}


def _key_account(told: Incident, asked: Asked) -> Body:
    key = asked.text("AccessKeyId")
    if not key.startswith(("AKIA", "ASIA")):
        raise Fault("ValidationError", f"{key} is not an access key id")
    return {"Account": told.account}


OPERATIONS: Mapping[str, Callable[[Incident, Asked], Body]] = {
    "GetCallerIdentity": _caller,
    "GetAccessKeyInfo": _key_account,
}
