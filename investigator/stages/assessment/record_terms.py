"""The columns of a record told in record paths, so that a wrong column makes every claim on the record fail."""

import re
from collections.abc import Iterator, Sequence

from investigator.domain.columns import IDENTITY_COLUMNS, RECORD_COLUMNS
from investigator.domain.event import Event
from investigator.domain.paths import first_text
from investigator.domain.search import Operator, Term, equals

_TEXTS = frozenset(
    "source region ip agent error error_message identity arn user key invoked_by issuer session_start mfa"
    " source_identity request_id shared_id vpce category event_type".split()
)
"""Columns that hold a text as it stands in the record."""
DATED_NAMES = ("lambda.amazonaws.com", "cloudfront.amazonaws.com")
"""Services whose eventName carries a date suffix, which the column `name` does not."""
_ISSUED = tuple(f"{holder}.accessKeyId" for holder in ("credentials", "accessKey", "roleCredentials"))
_SESSION_ARN = re.compile(r"arn:[\w-]+:sts::\d*:assumed-role/")
_SESSION = re.compile(r"arn:[\w-]+:sts::\d*:assumed-role/[^/]+/.", re.DOTALL)
_ROLE_ARN = re.compile(r"arn:([\w-]+):iam::(\d*):role/(.+)")


def record_terms(event: Event) -> Iterator[Term]:
    """One term for each column that says something."""
    yield equals("outcome", event.outcome)
    yield equals("actor", event.actor)
    yield _read_only(event)
    yield from _name(event)
    said = dict((*_plain(event), *_account(event), *_session(event), *_issued(event)))
    yield from (equals(path, value) for path, value in said.items() if value)
    yield from principal_terms(event)


def _plain(event: Event) -> Iterator[tuple[str, str]]:
    """The columns that hold the text at one path of the record."""
    columns = {**RECORD_COLUMNS, **IDENTITY_COLUMNS}
    yield from ((path, getattr(event, column)) for path, column in columns.items() if column in _TEXTS)


def caller_terms(events: Sequence[Event]) -> tuple[Term, ...]:
    """The caller of some records of one principal: the key and the ARN that all share, else the principal."""
    keys, arns = {event.key for event in events}, {event.arn for event in events}
    shared = (("userIdentity.accessKeyId", keys), ("userIdentity.arn", arns))
    terms = tuple(equals(path, *values) for path, values in shared if len(values) == 1 and all(values))
    return terms or tuple(principal_terms(events[0]))


def absent_terms(event: Event) -> Iterator[Term]:
    """Columns that say nothing, as the record must: one that was emptied makes it differ."""
    silent = [path for path, value in _plain(event) if not value]
    if event.succeeded and not event.issued_key:
        silent += [f"responseElements.{path}" for path in _ISSUED]
    yield from (equals(path, "null", "") for path in (*silent, *_silent_account(event), *_silent_session(event)))


def _silent_account(event: Event) -> Iterator[str]:
    if not event.account:
        yield "recipientAccountId"
        if first_text(event.user_identity, "accountId").isdigit():
            yield "userIdentity.accountId"


def _silent_session(event: Event) -> Iterator[str]:
    """Where the name of a session stands, of an event that has none."""
    if event.session:
        return
    if _SESSION.match(event.arn) or (event.identity == "FederatedUser" and event.arn.rpartition("/")[2]):
        yield "userIdentity.arn"
    elif event.identity == "AssumedRole" and first_text(event.user_identity, "principalId").partition(":")[2]:
        yield "userIdentity.principalId"


def _read_only(event: Event) -> Term:
    if event.read_only is None:
        return Term(field="readOnly", op=Operator.EQUALS, values=("true", "false"), negated=True)
    return equals("readOnly", str(event.read_only).lower())


def _name(event: Event) -> Iterator[Term]:
    if event.source not in DATED_NAMES:
        yield equals("eventName", event.name)
        return
    yield Term(field="eventName", op=Operator.AT_LEAST, values=(event.name,))
    yield Term(field="eventName", op=Operator.BELOW, values=(event.name + "~",))


def _account(event: Event) -> Iterator[tuple[str, str]]:
    """The receiving account; records without one were received by the account of their caller."""
    own = first_text(event.user_identity, "accountId")
    if event.account and own.zfill(12) == event.account:
        yield "userIdentity.accountId", own
    else:
        yield "recipientAccountId", event.account


def _session(event: Event) -> Iterator[tuple[str, str]]:
    """The session's name where the ARN does not end with it: then the principal id does."""
    if event.session and not event.arn.endswith(f"/{event.session}"):
        owner = first_text(event.user_identity, "principalId").partition(":")[0]
        yield "userIdentity.principalId", f"{owner}:{event.session}"


def _issued(event: Event) -> Iterator[tuple[str, str]]:
    """The key that the response handed out, where it stands in the response."""
    if event.issued_key:
        holding = (path for path in _ISSUED if event.answered(path) == event.issued_key)
        yield f"responseElements.{next(holding, _ISSUED[0])}", event.issued_key


def principal_terms(event: Event) -> Iterator[Term]:
    """What the principal was derived from (specification 9.6)."""
    if event.principal == "anonymous":
        yield _anonymous(event)
    elif event.identity in ("", "AWSService"):
        yield _named(event.principal, "userIdentity.invokedBy" if event.invoked_by else "userIdentity.arn")
    elif event.identity in ("AssumedRole", "FederatedUser") and event.issuer:
        yield equals("userIdentity.sessionContext.sessionIssuer.arn", event.principal)
    elif _SESSION_ARN.match(event.arn) and (role := _ROLE_ARN.fullmatch(event.principal)):
        sessions = f"arn:{role[1]}:sts::{role[2]}:assumed-role/{role[3]}"
        yield Term(field="userIdentity.arn", op=Operator.AT_LEAST, values=(f"{sessions}/",))
        yield Term(field="userIdentity.arn", op=Operator.BELOW, values=(f"{sessions}0",))
    else:
        yield _named(event.principal, "userIdentity.arn")


def _named(principal: str, path: str) -> Term:
    return equals(path, "null" if principal == "unknown" else principal)


def _anonymous(event: Event) -> Term:
    if first_text(event.user_identity, "accountId") == "ANONYMOUS_PRINCIPAL":
        return equals("userIdentity.accountId", "ANONYMOUS_PRINCIPAL")
    return equals("userIdentity.principalId", first_text(event.user_identity, "principalId") or "Anonymous")
