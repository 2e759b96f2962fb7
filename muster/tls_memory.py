"""How much memory a TLS connection of this process takes while it waits."""

from __future__ import annotations

from asyncio import sslproto

ENOUGH = 32 * 1024
"""Octets: two records of TLS (RFC 8446 5.1). asyncio sets 256 KiB aside for each connection."""


def spare_tls_memory() -> None:
    """Let each TLS connection of asyncio that begins from now on set aside no more than ENOUGH."""
    sslproto.SSLProtocol.max_size = ENOUGH
