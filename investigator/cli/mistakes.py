"""Trouble with a known cause: each kind has an exit code, and its message says what to do."""

from collections.abc import Generator
from contextlib import contextmanager

from investigator.domain.exits import Exit
from investigator.domain.trouble import (
    BadSettings,
    CaseBusy,
    CaseClosed,
    NoCredentials,
    NoSuchCase,
    NotFinished,
    Stopped,
)


class Mistake(Exception):
    """Wrong usage: the message names the option and what it takes."""


CODES: tuple[tuple[type[Exception], Exit], ...] = (
    (Mistake, Exit.USAGE),
    (BadSettings, Exit.USAGE),
    (NoSuchCase, Exit.USAGE),
    (NotFinished, Exit.USAGE),
    (CaseClosed, Exit.USAGE),
    (NoCredentials, Exit.ENVIRONMENT),
    (CaseBusy, Exit.ENVIRONMENT),
    (OSError, Exit.ENVIRONMENT),
    (Stopped, Exit.STOPPED),
)


def code_of(trouble: Exception) -> Exit | None:
    """The exit code of trouble that has a known cause; None is a bug."""
    return next((code for kind, code in CODES if isinstance(trouble, kind)), None)


@contextmanager
def usage(option: str = "") -> Generator[None]:
    """A ValueError or LookupError inside is a mistake of the caller, about this option."""
    try:
        yield
    except (ValueError, LookupError) as error:
        raise Mistake(f"{option}: {error}" if option else str(error)) from None
