"""The one place that speaks to AWS: botocore sessions whose hooks let listed reads pass, and nothing else.

Two sessions for each account: one may only obtain credentials (a profile's role, single sign-on, the reader role), the
other may only read. Hooks are registered on a session before any client is made; the outer wall is the IAM policy.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import botocore.session
from botocore import exceptions as known
from botocore import xform_name  # pyright: ignore[reportUnknownVariableType]
from botocore.config import Config
from botocore.credentials import RefreshableCredentials
from botocore.parsers import ResponseParserError
from pydantic import JsonValue

from investigator.domain.paths import first_text
from investigator.domain.trouble import NoCredentials
from investigator.ports.audit import Audit

from ._allowed import RESULT_OF
from ._guard import CREDENTIALS_ONLY, READ_ONLY, Guard
from ._integrity import BadReply
from ._json import to_json
from ._places import partition_of
from ._policy import session_policy
from ._refusals import BAD_REPLY, DEADLINE, NO_ROLE, NOT_REACHED, Request
from ._reply import ATTEMPT, Attempt, Fault, Overdue, Reply
from ._transport import Transport


class Session(Protocol):
    """What the wire uses of a botocore session."""

    full_config: Mapping[str, Mapping[str, Mapping[str, str]]]

    def register(self, event_name: str, handler: Callable[..., object], unique_id: str) -> None: ...
    def register_component(self, name: str, component: object) -> None: ...
    def create_client(self, service_name: str, **options: object) -> object: ...
    def get_credentials(self) -> object: ...
    def get_scoped_config(self) -> Mapping[str, object]: ...
    def get_config_variable(self, name: str) -> str | None: ...
    def get_available_regions(self, service: str, partition_name: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class _Given:
    """A credential provider that has the credentials already."""

    credentials: object

    def load_credentials(self) -> object:
        return self.credentials


@dataclass(kw_only=True, eq=False)
class Wire:
    """Clients for every account that the user gave a way into."""

    profile: str | None
    roles: Mapping[str, str]
    endpoint: str | None
    session_name: str
    audit: Audit
    attempts: int
    _lock: threading.RLock = field(default_factory=threading.RLock, init=False)
    _sessions: dict[str, Session] = field(default_factory=dict[str, Session], init=False)
    _clients: dict[tuple[str, str, str], object] = field(default_factory=dict[tuple[str, str, str], object], init=False)
    _transport: Transport | None = field(default=None, init=False)

    def first_region(self) -> str:
        """Where the caller is asked who he is: the profile's Region, else us-east-1."""
        return self._entry().get_config_variable("region") or "us-east-1"

    def known_regions(self, partition: str) -> tuple[str, ...]:
        """Every Region that botocore knows, whether on or off."""
        return tuple(self._entry().get_available_regions("ec2", partition_name=partition))

    def requests(self) -> int:
        """How many requests left this machine."""
        return self._transport.sent if self._transport else 0

    def send(self, request: Request, page: Mapping[str, JsonValue], attempt: Attempt) -> Reply:
        """One page of one request; raises Fault or NoCredentials."""
        marker = ATTEMPT.set(attempt)
        try:
            return self._reply(request, page)
        except known.ClientError as error:
            raise _fault_of(error) from error
        except (known.NoCredentialsError, known.PartialCredentialsError, known.CredentialRetrievalError,
                known.TokenRetrievalError, known.SSOError) as error:  # fmt: skip
            raise NoCredentials(f"no credentials: {error}; name a profile with --profile, or sign in") from error
        except (known.HTTPClientError, known.BotoCoreError) as error:
            raise Fault(NOT_REACHED, type(error).__name__) from error
        except (BadReply, ResponseParserError, ValueError) as error:
            raise Fault(BAD_REPLY, str(error)) from error
        except Overdue as error:
            raise Fault(DEADLINE, "") from error
        finally:
            ATTEMPT.reset(marker)

    def _reply(self, request: Request, page: Mapping[str, JsonValue]) -> Reply:
        client = self._client(request.account, request.service, request.region)
        method: Callable[..., dict[str, object]] = getattr(client, xform_name(request.operation))
        body = to_json(method(**request.parameters, **page))
        if not isinstance(body, dict):
            raise BadReply("no object")
        about = body.pop("ResponseMetadata", None)
        member = RESULT_OF[request.name]
        if member and member not in body:
            raise BadReply(f"no {member}")
        request_id = first_text(about, "RequestId") or ATTEMPT.get().last_id()
        return Reply(body, int(first_text(about, "HTTPStatusCode") or 0), request_id)

    def _client(self, account: str, service: str, region: str) -> object:
        with self._lock:
            key = (account, service, region)
            if key not in self._clients:
                self._clients[key] = self._make_client(self._reader(account), service, region)
            return self._clients[key]

    def _make_client(self, session: Session, service: str, region: str) -> object:
        config = Config(
            retries={"mode": "standard", "total_max_attempts": self.attempts},
            user_agent_extra=f"case/{self.session_name}",
            connect_timeout=10,
            read_timeout=30,
            max_pool_connections=32,
            inject_host_prefix=self.endpoint is None,
            s3={"addressing_style": "path"} if self.endpoint else None,
        )
        return session.create_client(service, region_name=region, endpoint_url=self.endpoint, config=config)

    def _entry(self) -> Session:
        """The session that may only obtain credentials."""
        with self._lock:
            if "" not in self._sessions:
                session = _new_session(self.profile)
                named = {profile.get("role_arn", "") for profile in session.full_config.get("profiles", {}).values()}
                Guard(CREDENTIALS_ONLY, self.audit, frozenset({*self.roles.values(), *named} - {""})).watch(session)
                self._sessions[""] = session
            return self._sessions[""]

    def _reader(self, account: str) -> Session:
        """The session of an account that may only read; "" is the account of the profile."""
        role = self.roles.get(account)
        name = account if role else "caller"
        if name not in self._sessions:
            entry = self._entry()
            session = _new_session(self.profile)
            Guard(READ_ONLY, self.audit).watch(session)
            self._transport = self._transport or Transport(entry.get_config_variable("ca_bundle"))
            self._transport.watch(session)
            session.register_component("credential_provider", _Given(self._credentials(entry, role)))
            self._sessions[name] = session
        return self._sessions[name]

    def _credentials(self, entry: Session, role: str | None) -> object:
        if role is None:
            return entry.get_credentials()
        client = self._make_client(entry, "sts", self.first_region())
        assume: Callable[..., dict[str, dict[str, object]]] = getattr(client, "assume_role")  # noqa: B009
        wall = {
            "PolicyArns": [{"arn": f"arn:{partition_of(role)}:iam::aws:policy/SecurityAudit"}],
            "Policy": session_policy(),
        }

        def fresh() -> dict[str, str]:
            given = assume(RoleArn=role, RoleSessionName=self.session_name, **wall)["Credentials"]
            return {
                "access_key": str(given["AccessKeyId"]),
                "secret_key": str(given["SecretAccessKey"]),
                "token": str(given["SessionToken"]),
                "expiry_time": str(given["Expiration"]),
            }

        make: Callable[..., object] = getattr(RefreshableCredentials, "create_from_metadata")  # noqa: B009
        return make(fresh(), refresh_using=fresh, method="sts-assume-role")


def _new_session(profile: str | None) -> Session:
    """Raises NoCredentials for a profile that the configuration does not hold."""
    session: Session = botocore.session.Session(profile=profile)  # pyright: ignore[reportAssignmentType]
    try:
        session.get_scoped_config()
    except known.ProfileNotFound as error:
        raise NoCredentials(f"{error}; name one of ~/.aws/config with --profile") from error
    return session


def _fault_of(error: known.ClientError) -> Fault:
    operation: str = error.operation_name  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    said = to_json(error.response)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    code = NO_ROLE if operation.startswith("AssumeRole") else first_text(said, "Error.Code")
    status = first_text(said, "ResponseMetadata.HTTPStatusCode")
    return Fault(
        code or status or BAD_REPLY,
        first_text(said, "Error.Message"),
        int(status or 0),
        first_text(said, "ResponseMetadata.RequestId") or ATTEMPT.get().last_id(),
    )
