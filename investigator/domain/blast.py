"""Blast radius: what credentials did, tried and could have done; three lists that are never mixed."""

from investigator.domain.permissions.levels import Level
from investigator.domain.value import Value


class Used(Value):
    """A call, and how often."""

    action: str
    count: int


class UsedCredential(Value):
    """One credential in the intruder's hands, and the calls that he made with it."""

    credential: str
    done: tuple[Used, ...] = ()
    tried: tuple[Used, ...] = ()
    """Calls that were denied or failed."""


class ServiceRight(Value):
    """What could be done in one service (`*`: in every service)."""

    service: str
    levels: tuple[Level, ...]
    """Told from the names of actions: an approximation of AWS's access levels."""
    but: tuple[str, ...] = ()
    """Patterns of actions that are left out."""
    whole: bool = False
    """Every action on every resource, on no condition."""
    conditional: bool = False
    """All of it stands under conditions."""


class WayUp(Value):
    """A known way to more rights."""

    method: str
    on: tuple[str, ...] = ()
    """ARNs of the account that it works on, at most 20; empty where the method needs none that the details list."""
    only_if: tuple[str, ...] = ()


class RoleInReach(Value):
    """A role that could be assumed."""

    role: str
    through: tuple[str, ...] = ()
    """Roles to assume before it."""
    only_if: tuple[str, ...] = ()


class BlastRadius(Value):
    """One user or role whose credentials were in the intruder's hands; what it could do is the same for all of them."""

    principal: str
    used: tuple[UsedCredential, ...] = ()
    services: tuple[ServiceRight, ...] = ()
    ways_up: tuple[WayUp, ...] = ()
    roles: tuple[RoleInReach, ...] = ()
    claims: tuple[str, ...] = ()
    """The sentences about what it could do."""
    gaps: tuple[str, ...] = ()
    """What the policies at hand cannot tell."""
