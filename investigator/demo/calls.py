"""The calls of the story whose records carry more than a name: sessions, keys, objects, sign-ins."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from investigator.demo.callers import Caller, console_user, role_session, signing_in
from investigator.demo.company import ACCOUNT, GLOBAL, HOME, role_arn, unique, user_arn
from investigator.demo.journal import Call, Journal
from investigator.domain.times import to_text


def in_log(moment: datetime) -> str:
    """A time as CloudTrail writes it inside responseElements: `Oct 26, 2026, 10:31:10 PM`."""
    return f"{moment:%b} {moment.day}, {moment.year}, {(moment.hour + 11) % 12 + 1}:{moment:%M:%S %p}"


def assume(journal: Journal, at: datetime, caller: Caller, role: str, name: str) -> Caller:
    """Take a role for an hour, as a person or a program does; the session that the response hands out."""
    return _assume(journal, at, caller, Call(action="sts:AssumeRole", region=HOME, request=_asked(role, name)))


def assume_across(journal: Journal, at: datetime, caller: Caller, role: str, name: str) -> Caller:
    """Take a role out of another account: both accounts see the call."""
    request: JsonValue = {**_asked(role, name), "externalId": "halyard-7d1f"}
    return _assume(journal, at, caller, Call(action="sts:AssumeRole", region=HOME, request=request, shared=True))


def assume_for(journal: Journal, at: datetime, provider: Caller, role: str, name: str) -> Caller:
    """A service takes a role for a workload (instance profile, function)."""
    return _assume(
        journal, at, provider, Call(action="sts:AssumeRole", region=HOME, request=_asked(role, name), shared=True)
    )


def _asked(role: str, name: str) -> dict[str, JsonValue]:
    return {"roleArn": role_arn(role), "roleSessionName": name, "durationSeconds": 3600}


def _assume(journal: Journal, at: datetime, caller: Caller, call: Call) -> Caller:
    assert isinstance(call.request, dict)
    role, name = str(call.request["roleArn"]).rpartition("/")[2], str(call.request["roleSessionName"])
    key = unique("ASIA", f"{role}/{name}/{to_text(at)}")
    session = role_session(role, name, key, at)
    response: JsonValue = {
        "credentials": {
            "accessKeyId": key,
            "sessionToken": "IQoJb3JpZ2luX2VjE" + journal.opaque(96),
            "expiration": in_log(at + timedelta(hours=1)),
        },
        "assumedRoleUser": {"assumedRoleId": f"{unique('AROA', role)}:{name}", "arn": session.arn},
    }
    journal.write(
        at,
        caller,
        Call(
            action=call.action,
            region=call.region,
            request=call.request,
            response=response,
            resources=[("AWS::IAM::Role", role_arn(role))],
            shared=call.shared,
        ),
    )
    return session.seen_from(caller.ip, caller.agent)


def sign_in(journal: Journal, at: datetime, user: str, ip: str) -> Caller:
    """Sign in to the console with MFA; the console session."""
    extra: JsonValue = {
        "LoginTo": f"https://{HOME}.console.aws.amazon.com/console/home?region={HOME}",
        "MobileVersion": "No",
        "MFAIdentifier": f"arn:aws:iam::{ACCOUNT}:mfa/{user}",
        "MFAUsed": "Yes",
    }
    call = Call(
        action="signin:ConsoleLogin",
        region=HOME,
        response={"ConsoleLogin": "Success"},
        additional=extra,
        event_type="AwsConsoleSignIn",
    )
    journal.write(at, signing_in(user, ip), call)
    return console_user(user, at, ip)


def create_key(journal: Journal, at: datetime, caller: Caller, user: str, key: str) -> None:
    """Make an access key for a user."""
    made: JsonValue = {"accessKeyId": key, "status": "Active", "userName": user, "createDate": in_log(at)}
    journal.write(
        at,
        caller,
        Call(action="iam:CreateAccessKey", region=GLOBAL, request={"userName": user}, response={"accessKey": made}),
    )


def set_key(journal: Journal, at: datetime, caller: Caller, user: str, key: str) -> None:
    """Switch an access key off."""
    request: JsonValue = {"userName": user, "accessKeyId": key, "status": "Inactive"}
    journal.write(at, caller, Call(action="iam:UpdateAccessKey", region=GLOBAL, request=request))


def attach_to_user(journal: Journal, at: datetime, caller: Caller, user: str, policy: str) -> None:
    """Attach a managed policy to a user."""
    request: JsonValue = {"userName": user, "policyArn": policy}
    resources = [("AWS::IAM::User", user_arn(user))]
    journal.write(at, caller, Call(action="iam:AttachUserPolicy", region=GLOBAL, request=request, resources=resources))


def object_call(name: str, bucket: str, key: str, size: int) -> Call:
    """A data event on one object; `size` in bytes, in for PutObject and out for GetObject."""
    sent = "bytesTransferredIn" if name == "PutObject" else "bytesTransferredOut"
    other = "bytesTransferredOut" if name == "PutObject" else "bytesTransferredIn"
    request: JsonValue = {"bucketName": bucket, "Host": f"{bucket}.s3.{HOME}.amazonaws.com", "key": key}
    extra: JsonValue = {
        "SignatureVersion": "SigV4",
        "CipherSuite": "TLS_AES_128_GCM_SHA256",
        other: 0,
        "AuthenticationMethod": "AuthHeader",
        sent: size,
    }
    resources = [("AWS::S3::Object", f"arn:aws:s3:::{bucket}/{key}"), ("AWS::S3::Bucket", f"arn:aws:s3:::{bucket}")]
    answered: JsonValue = {"x-amz-server-side-encryption": "AES256"} if name == "PutObject" else None
    return Call(
        action=f"s3:{name}",
        region=HOME,
        request=request,
        response=answered,
        resources=resources,
        additional=extra,
        data=True,
    )


def listing_call(bucket: str, prefix: str) -> Call:
    """A data event that lists the objects below a prefix."""
    host = f"{bucket}.s3.{HOME}.amazonaws.com"
    request: JsonValue = {
        "bucketName": bucket, "Host": host, "list-type": "2", "prefix": prefix, "encoding-type": "url",
    }  # fmt: skip
    return Call(
        action="s3:ListObjects",
        region=HOME,
        request=request,
        resources=[("AWS::S3::Bucket", f"arn:aws:s3:::{bucket}")],
        data=True,
    )
