"""The inner wall: hooks on a botocore session that let named operations pass and stop all else unsent."""

from collections.abc import Callable, Mapping
from typing import Protocol

from investigator.domain.gap import Gap
from investigator.domain.safe_text import visible
from investigator.domain.words import CellState
from investigator.ports.audit import Audit
from investigator.ports.aws import Refused

from ._allowed import RESULT_OF

READ_ONLY = frozenset(RESULT_OF)
CREDENTIALS_ONLY = frozenset(
    "sts:AssumeRole sts:AssumeRoleWithWebIdentity sts:AssumeRoleWithSAML sso:GetRoleCredentials "
    "sso-oidc:CreateToken signin:CreateOAuth2Token".split()
)
"""What botocore itself calls to obtain the credentials of the profile that the user named."""
_SERVICE_OF_ID = {"cost-explorer": "ce"}
"""Service ids of event names that differ from the name of the client."""


class Session(Protocol):
    """The part of a botocore session that takes hooks."""

    def register(self, event_name: str, handler: Callable[..., object], unique_id: str) -> None: ...


class ServiceModel(Protocol):
    service_name: str


class Model(Protocol):
    """What the guard reads of a botocore operation model."""

    name: str
    service_model: ServiceModel


class Guard:
    """Two walls around one session, and no signed URLs; each refusal is an audit line and a Refused."""

    def __init__(self, permitted: frozenset[str], audit: Audit, roles: frozenset[str] = frozenset()) -> None:
        self._permitted = permitted
        self._audit = audit
        self._roles = roles

    def watch(self, session: Session) -> None:
        """Register the hooks; must come before any client of the session is made."""
        session.register("provide-client-params", self.on_parameters, unique_id="investigator-parameters")
        session.register("before-sign", self.on_signing, unique_id="investigator-signing")
        session.register("before-send", self.on_sending, unique_id="investigator-sending")

    def on_parameters(self, params: Mapping[str, object], model: Model, **_: object) -> None:
        """The first wall: the operation must be permitted, and a role to assume must be one that the user gave."""
        name = f"{model.service_model.service_name}:{model.name}"
        if name not in self._permitted:
            raise self._no(name, "read list")
        if name == "sts:AssumeRole" and params.get("RoleArn") not in self._roles:
            raise self._no(name, "role map")

    def on_signing(self, signature_version: object, operation_name: str, **_: object) -> None:
        """No URL is signed that somebody else could use later."""
        if isinstance(signature_version, str) and ("query" in signature_version or "presign" in signature_version):
            raise self._no(operation_name, "no signed URLs")

    def on_sending(self, event_name: str, **_: object) -> None:
        """The second wall, for whatever went round the first."""
        service, _dot, operation = event_name.removeprefix("before-send.").partition(".")
        name = f"{_SERVICE_OF_ID.get(service, service)}:{operation}"
        if name not in self._permitted:
            raise self._no(name, "read list")

    def _no(self, operation: str, by: str) -> Refused:
        self._audit.record("denied", {"operation": operation, "by": by})
        gap = Gap.of(
            what=visible(operation),
            why=f"our own guard refused the call ({by}): the product only reads",
            effect="it was not called",
            close="none",
        )
        return Refused(gap, CellState.DENIED)
