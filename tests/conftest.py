"""For every test: no socket leads beyond this machine."""

import ipaddress
import sys

import pytest


class BeyondLoopback(AssertionError):
    """A test tried to reach another machine."""


def is_loopback(host: object) -> bool:
    """True for loopback addresses, localhost, and no host at all."""
    text = host.decode() if isinstance(host, bytes) else host
    if text is None or text in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(text)).is_loopback
    except ValueError:
        return False


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook; it cannot be taken away again, and need not be."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_loopback(address[0]):
            raise BeyondLoopback(f"a test reaches for {address[0]}")
    elif event == "socket.getaddrinfo" and not is_loopback(arguments[0]):
        raise BeyondLoopback(f"a test looks up {arguments[0]}")


@pytest.fixture(scope="session", autouse=True)
def offline() -> None:
    """Refuse every socket and name look-up beyond loopback."""
    sys.addaudithook(refuse)
