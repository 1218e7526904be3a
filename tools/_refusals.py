"""What becomes of an error: a Gap with the state of its coverage cell, a pause for credentials, or "not there"."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from investigator.domain.answers import SavedError
from investigator.domain.gap import Gap
from investigator.domain.safe_text import redact, visible
from investigator.domain.trouble import NoCredentials
from investigator.domain.words import CellState
from investigator.ports.aws import Refused

from ._allowed import action_of

BAD_REPLY, THROTTLED, PAGINATION, DEADLINE, BUDGET, NOT_REACHED, NO_ROLE = (
    "BadReply", "Throttled", "Pagination", "Deadline", "Budget", "NotReached", "NoRole")  # fmt: skip

_DENIED = re.compile(r"AccessDenied|UnauthorizedOperation|NotAuthorized|UnauthorizedAccess|^Forbidden$|^403$")
_NOT_THERE = re.compile(r"^NoSuch|NotFound(Exception|Error)?$|\.NotFound$|^404$")
_NOT_ENABLED = frozenset({
    "securityhub:InvalidAccessException", "ce:DataUnavailableException", "guardduty:NoDetector",
    "OptInRequired", "SubscriptionRequiredException", "NotSubscribed", "SecurityIncidentResponseNotActiveException",
})  # fmt: skip
_EXPIRED = frozenset({
    "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "InvalidToken",
    "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken",
    "MissingAuthenticationTokenException", "RequestTimeTooSkewed",
})  # fmt: skip
_UNKNOWN_TOKEN = frozenset({
    "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure", "InvalidAccessKeyId",
})  # fmt: skip
_THROTTLING = re.compile(
    r"Throttl|^SlowDown$|^TooManyRequests|RequestLimitExceeded|^LimitExceeded|^BandwidthLimit|^429$"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One question to AWS: operation, place and parameters without paging token."""

    service: str
    operation: str
    account: str
    region: str
    parameters: Mapping[str, JsonValue]

    @property
    def name(self) -> str:
        """`service:Operation`."""
        return f"{self.service}:{self.operation}"

    @property
    def asked(self) -> str:
        """What was asked and where, for a person; secret shapes and control characters made harmless."""
        given = json.dumps(dict(self.parameters), ensure_ascii=False, sort_keys=True) if self.parameters else ""
        return visible(redact(" ".join(filter(None, (self.name, given[:300])))) + f" in {self.account}, {self.region}")


def not_there(code: str) -> bool:
    """Whether AWS says that the thing asked about does not exist: an answer, not a refusal."""
    return bool(_NOT_THERE.search(code))


def throttled(code: str) -> bool:
    """Whether AWS asks to come back later."""
    return bool(_THROTTLING.search(code))


def region_may_be_off(code: str) -> bool:
    """Whether the code says that the key is unknown here: so in a Region that is off, and for a deleted key."""
    return code in _UNKNOWN_TOKEN


def lost_credentials(error: SavedError) -> NoCredentials | None:
    """The pause that an error calls for, when it says that our credentials do not hold any more."""
    if error.state or error.code not in _EXPIRED | _UNKNOWN_TOKEN:
        return None
    return NoCredentials(
        f"AWS does not take the credentials ({visible(error.code)}): "
        "sign in again, or choose a profile with --profile; then resume the case"
    )


def refused(request: Request, error: SavedError) -> Refused:
    """The refusal that an error is."""
    if error.state == CellState.DISABLED or {error.code, f"{request.service}:{error.code}"} & _NOT_ENABLED:
        return _disabled(request, error)
    if error.code == NO_ROLE or _DENIED.search(error.code):
        return _denied(request, error)
    return _incomplete(request, error)


def _denied(request: Request, error: SavedError) -> Refused:
    if error.code == NO_ROLE:
        return _no_way_in(request)
    action = action_of(request.service, request.operation)
    why = f"the reader role of account {request.account} is not permitted {action}{_who_denies(error.message)}"
    gap = Gap.of(
        what=f"{request.name} in account {request.account}",
        why=why,
        effect="what this operation tells is unknown; none of it counts as not there",
        close=f"permit {action} to the reader role, then resume the case",
    )
    return Refused(gap, CellState.DENIED)


def _no_way_in(request: Request) -> Refused:
    gap = Gap.of(
        what=f"account {request.account}",
        why="sts:AssumeRole on the role that was given for it was refused",
        effect="nothing in that account was asked",
        close="let the caller assume that role (trust policy of the role, sts:AssumeRole of the caller), then resume",
    )
    return Refused(gap, CellState.DENIED)


def _who_denies(message: str) -> str:
    if "service control policy" in message:
        return " (an explicit deny in a service control policy)"
    if "AWSCompromisedKeyQuarantine" in message:
        return " (the quarantine policy that AWS attaches to exposed keys)"
    return " (an explicit deny)" if "explicit deny" in message else ""


def _disabled(request: Request, error: SavedError) -> Refused:
    gap = Gap.of(
        what=f"{request.service} in {request.account}, {request.region}",
        why=f"the service or Region is not enabled there ({visible(error.code)})",
        effect="nothing was recorded or found there by it; that is no sign of innocence",
        close=f"confirm that {request.region} and {request.service} are meant to be off in account {request.account}",
    )
    return Refused(gap, CellState.DISABLED)


_WHY = {
    BAD_REPLY: ("bad_reply: every reply was cut, empty or foreign", "ask again later, or from another network"),
    THROTTLED: ("throttled: AWS refused for too many requests until the deadline", "ask again when less is running"),
    PAGINATION: ("pagination", "ask for a shorter window, or give the log files"),
    DEADLINE: ("throttled or slow: the deadline of the step passed", "ask again, or for a shorter window"),
    BUDGET: ("the budget for paid requests is used up", "raise the budget of the playbook"),
    NOT_REACHED: ("the endpoint could not be reached", "check the network and the proxy settings, then ask again"),
}


def _incomplete(request: Request, error: SavedError) -> Refused:
    code = THROTTLED if throttled(error.code) else error.code
    why, close = _WHY.get(code, (f"AWS answered {visible(code)}", "see the AWS documentation of that error"))
    detail = f" ({visible(redact(error.message))[:200]})" if error.message and code == error.code else ""
    gap = Gap.of(
        what=request.asked,
        why=f"incomplete: {why}{detail}",
        effect="only what was read before that is known; more may be there",
        close=close,
    )
    return Refused(gap, CellState.INCOMPLETE)


def not_listed(request: Request) -> Refused:
    """Our own no: the operation is not on the read list."""
    gap = Gap.of(
        what=request.name,
        why="the operation is not on the list of read-only operations",
        effect="it was not called",
        close="none: the product only reads",
    )
    return Refused(gap, CellState.DENIED)


def out_of_scope(request: Request) -> Refused:
    """The account or Region is none that the user gave us."""
    gap = Gap.of(
        what=f"account {visible(request.account)}, Region {visible(request.region)}",
        why="it is not in scope: no role was given for the account, or the Region is off or was not named",
        effect="nothing was asked there",
        close="give a role for the account with --roles, or the Region with --regions",
    )
    return Refused(gap, CellState.DENIED)


def not_saved(request: Request) -> Refused:
    """The folder of saved answers does not hold this request."""
    gap = Gap.of(
        what=request.asked,
        why="the saved answers do not hold this request",
        effect="what it would tell is unknown",
        close="run with --aws, or save this answer too",
    )
    return Refused(gap, CellState.NOT_SAVED)
