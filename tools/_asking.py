"""Asking AWS for one page until it answers: rate buckets, retries, the paid budget, and an audit line a request."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential

from investigator.domain.answers import SavedError
from investigator.domain.times import to_text
from investigator.domain.trouble import NoCredentials
from investigator.ports.audit import Audit
from investigator.ports.cases import Rate

from ._book import Caller
from ._places import home_region, partition_of
from ._refusals import BAD_REPLY, BUDGET, Request, lost_credentials, throttled
from ._reply import Attempt, Fault, Reply, Sender

LOOKUP_EVENTS_PER_SECOND = 1.9
"""AWS allows two a second for each account and Region; all processes of a machine share the bucket."""
ATTEMPTS = 10
"""botocore's own attempts a request, in `standard` mode (ground rule G10)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may take: seconds, tries, and paid requests."""

    call_seconds: float = 120
    step_seconds: float = 1_800
    attempts: int = ATTEMPTS
    bad_reply_tries: int = 3
    pause: float = 0.5
    """Seconds before a request is repeated, at random up to this; doubled each time, at most 20."""
    cost_explorer_requests: int = 50


@dataclass(kw_only=True, eq=False)
class Asker:
    """Gets single pages; shared by all threads of a run."""

    wire: Sender
    audit: Audit
    rate: Rate
    limits: Limits
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _caller: Caller | None = field(default=None, init=False)
    _paid: int = field(default=0, init=False)

    def caller(self) -> Caller:
        """Who we are, asked once; raises NoCredentials."""
        if self._caller is None:
            self._caller = self._who_we_are()
        return self._caller

    def _who_we_are(self) -> Caller:
        request = Request("sts", "GetCallerIdentity", "", self.wire.first_region(), {})
        try:
            return Caller.model_validate(self.page(request, {}, time.monotonic() + self.limits.call_seconds).body)
        except Fault as fault:
            lost = lost_credentials(SavedError(code=fault.code))
            raise lost or NoCredentials(f"AWS did not say who we are ({fault.code}); try again") from fault

    def at_home(self, region: str) -> bool:
        """Whether this is where our credentials certainly hold."""
        return region in ("", home_region(partition_of(self.caller().Arn))) or self._caller is None

    def still_known(self) -> bool:
        """Whether AWS still takes our credentials at home."""
        try:
            self._who_we_are()
        except NoCredentials:
            return False
        return True

    def page(self, request: Request, token: Mapping[str, JsonValue], until: float) -> Reply:
        """One page; `until` is the deadline of the step. Raises Fault or NoCredentials."""
        retrying = Retrying(
            retry=retry_if_exception(_worth_another_try),
            stop=lambda state: self._enough(state, until),
            wait=wait_random_exponential(multiplier=self.limits.pause, max=20),
            reraise=True,
        )
        return retrying(self._once, request, token, until)

    def _enough(self, state: RetryCallState, until: float) -> bool:
        fault = state.outcome.exception() if state.outcome else None
        bad = isinstance(fault, Fault) and fault.code == BAD_REPLY
        return (bad and state.attempt_number >= self.limits.bad_reply_tries) or time.monotonic() > until

    def _once(self, request: Request, token: Mapping[str, JsonValue], until: float) -> Reply:
        self._pay(request)
        if request.name == "cloudtrail:LookupEvents":
            self.rate.wait(f"{request.account}/{request.region}/LookupEvents", LOOKUP_EVENTS_PER_SECOND)
        attempt = Attempt(min(until, time.monotonic() + self.limits.call_seconds))
        try:
            reply = self.wire.send(request, token, attempt)
        except Fault as fault:
            self._note(request, fault.request_id, fault.code, attempt)
            raise
        self._note(request, reply.request_id, "success", attempt)
        return reply

    def _pay(self, request: Request) -> None:
        if request.service != "ce":
            return
        with self._lock:
            if self._paid >= self.limits.cost_explorer_requests:
                raise Fault(BUDGET, f"{self._paid} Cost Explorer requests")
            self._paid += 1

    def _note(self, request: Request, request_id: str, outcome: str, attempt: Attempt) -> None:
        known = request_id or attempt.last_id()
        earlier = [each for each in attempt.request_ids if each != known]
        self.audit.record(
            "aws",
            {
                "operation": request.name,
                "account": request.account,
                "region": request.region,
                "parameters": dict(request.parameters),
                "time": to_text(datetime.now(UTC)),
                "request_id": known,
                "outcome": outcome,
                **({"repeated": [*earlier]} if earlier else {}),
            },
        )


def _worth_another_try(error: BaseException) -> bool:
    return isinstance(error, Fault) and (error.code == BAD_REPLY or throttled(error.code))
