"""The test suite itself stays on this machine."""

import socket

import pytest

from tests.conftest import BeyondLoopback


def test_a_socket_beyond_loopback_is_refused() -> None:
    with socket.socket() as plug, pytest.raises(BeyondLoopback):
        plug.connect(("192.0.2.1", 443))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(BeyondLoopback):
        socket.getaddrinfo("sts.amazonaws.com", 443)


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as plug:
        assert plug.getpeername()[0] == "127.0.0.1"
