"""No test leaves this machine: `tests/conftest.py` refuses it, and this shows that it does."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "host.example"])
def test_connection_to_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(ConnectionRefusedError, match=f"leave this machine: {address}"):
        socket.create_connection((address, 9), timeout=0.1)


def test_datagram_to_elsewhere_is_refused() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as sender,
        pytest.raises(ConnectionRefusedError, match="leave this machine"),
    ):
        sender.sendto(b"x", ("192.0.2.1", 9))


def test_loopback_is_free() -> None:
    with socket.create_server(("127.0.0.3", 0)) as server:
        socket.create_connection(server.getsockname()).close()
