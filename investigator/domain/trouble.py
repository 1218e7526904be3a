"""Trouble with a known cause, as every room raises it and every face explains it; a light module, for a quick start."""


class BadSettings(Exception):
    """A setting cannot take its value, or there is none of that name; the message says which and where it stands."""


class NoSuchCase(LookupError):
    """No case has this handle."""


class NotFinished(Exception):
    """The case has no document yet; run it first."""


class CaseBusy(Exception):
    """Another process runs this case; the message names its pid."""


class CaseLost(CaseBusy):
    """Another process took the case from this one, which may not write to it any more."""


class CaseClosed(Exception):
    """The case is closed, and closed is final."""


class KeyReused(ValueError):
    """An idempotency key came with another request than the first one."""


class NoCredentials(Exception):
    """No or expired credentials: the run pauses and can go on later."""


class Stopped(Exception):
    """The user asked the run to stop; everything finished so far is kept."""
