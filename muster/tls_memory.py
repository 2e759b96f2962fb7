"""How much memory a TLS connection of this process takes while it waits."""

from __future__ import annotations

from asyncio import sslproto

ENOUGH = 16 * 1024
"""Octets: what a record of TLS holds (RFC 8446 5.1). asyncio sets 256 KiB aside for each
connection. A longer message is read in more pieces."""


def spare_tls_memory() -> None:
    """Let each TLS connection of asyncio that begins from now on set aside no more than ENOUGH."""
    sslproto.SSLProtocol.max_size = ENOUGH
