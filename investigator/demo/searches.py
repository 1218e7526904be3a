"""The searches of the event history that an investigation of the scenario makes, in the window of its case."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from pydantic import JsonValue

from investigator.demo.company import (
    BUCKETS,
    CI_ROLE,
    EXPORT_ROLE,
    STAGING_ROLE,
    TRAINING_ROLE,
    USERS,
    role_arn,
)
from investigator.demo.incident import Incident
from investigator.demo.journal import Record, text_at
from investigator.domain.times import to_text

_ANYWHERE = (
    "AssumeRole", "AttachRolePolicy", "AttachUserPolicy", "ConsoleLogin", "CreateAccessKey", "CreateFunctionUrlConfig",
    "CreateLoginProfile", "CreateOpenIDConnectProvider", "CreatePolicyVersion", "CreateRole", "CreateSAMLProvider",
    "CreateUser", "CreateVirtualMFADevice", "DeactivateMFADevice", "DeleteDetector", "DeleteTrail",
    "GetFederationToken", "ModifyImageAttribute", "ModifySnapshotAttribute", "PutRolePolicy", "PutUserPolicy",
    "RunInstances", "StartLogging", "StopLogging", "UpdateAssumeRolePolicy", "UpdateLoginProfile",
)  # fmt: skip
_FOR: Mapping[str, tuple[str, ...]] = {
    "leaked-key": (
        "GetSessionToken", "PutFoundationModelEntitlement", "UpdateAccountSendingEnabled", "VerifyEmailIdentity",
    ),
    "deploy-twin": (
        "CreateAutoScalingGroup", "CreateCase", "CreateCluster", "CreateFleet", "CreateFunction20150331",
        "CreateInstances", "CreateLaunchConfiguration", "CreateLaunchTemplate", "CreateNotebookInstance",
        "CreateService", "CreateTrainingJob", "EnableRegion", "ModifyInstanceAttribute", "RegisterTaskDefinition",
        "RequestServiceQuotaIncrease", "RequestSpotFleet", "RequestSpotInstances", "RunJobFlow", "RunTask", "SubmitJob",
    ),
}  # fmt: skip
"""The calls that the playbook of the scenario's worry looks for, beside those of the general one."""

_TAKEN_BY_HAND = frozenset(map(role_arn, (CI_ROLE, EXPORT_ROLE, STAGING_ROLE, TRAINING_ROLE)))
"""Roles that people and the pipeline take; the others belong to workloads."""


def searches(told: Incident) -> Iterator[Mapping[str, JsonValue]]:
    """The parameters of each LookupEvents request, the same in every Region."""
    for attribute, value in _attributes(told):
        wanted: JsonValue = [{"AttributeKey": attribute, "AttributeValue": value}]
        yield {
            "LookupAttributes": wanted,
            "StartTime": told.answers["start"],
            "EndTime": to_text(told.as_of + timedelta(seconds=1)),
            "MaxResults": 50,
        }


def _attributes(told: Incident) -> Iterator[tuple[str, str]]:
    yield from (("AccessKeyId", key) for key in named_keys(told))
    yield from (("Username", name) for name in (*USERS, *session_names(told)))
    yield from (("EventName", name) for name in swept(told))
    yield from (("ResourceName", name) for name in _resources(told))


def swept(told: Incident) -> tuple[str, ...]:
    """The calls that are looked for by name."""
    return (*_ANYWHERE, *_FOR[told.scenario])


def named_keys(told: Incident) -> tuple[str, ...]:
    """Every long-term key, and the keys of sessions of people and of the pipeline in the window of the case."""
    keys = [key.id for user in told.estate.users for key in user.keys]
    used = [text_at(record["userIdentity"], "accessKeyId") for record in _in_hand(told)]
    return tuple(dict.fromkeys([*keys, *used]))


def session_names(told: Incident) -> tuple[str, ...]:
    """The session names of those."""
    return tuple(
        dict.fromkeys(
            text_at(record["userIdentity"], "arn").rpartition("/")[2]
            for record in _in_hand(told)
            if text_at(record["userIdentity"], "type") == "AssumedRole"
        )
    )


def _in_hand(told: Incident) -> Iterator[Record]:
    for record in told.events:
        if str(record["eventTime"]) >= told.answers["start"] and _by_hand(record["userIdentity"]):
            yield record


def _by_hand(identity: JsonValue) -> bool:
    if text_at(identity, "type") == "IAMUser":
        return bool(text_at(identity, "accessKeyId"))
    return text_at(identity, "sessionContext", "sessionIssuer", "arn") in _TAKEN_BY_HAND


def _resources(told: Incident) -> Iterator[str]:
    yield from BUCKETS
    yield from (machine.id for machine in told.estate.machines)
