"""SIP messages of the kinds that RFC 4475 collects, in our own words; and bare sockets to send them.

"@" stands in a text for what must be new in each message: it becomes a mark in branch and Call-ID.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType

from muster.evidence import SipExchange
from muster.protocol.sip.framing import PING, StreamFramer
from muster.protocol.sip.message import SipResponse, parse
from stubs.world import World
from tests.stubs.stub_helpers import PATIENCE

VIA = "Via: SIP/2.0/UDP 127.0.0.9:5099;branch=z9hG4bK-@;rport"
FROM = "From: <sip:ua@torture.example>;tag=from"
TO = "To: <sip:stub@torture.example>"
CALL = "Call-ID: @"
EMPTY = "Content-Length: 0"


def fresh(text: str) -> bytes:
    """The octets of a text (its characters are octets), with a mark of its own."""
    return text.replace("@@", "\0").replace("@", secrets.token_hex(6)).replace("\0", "@").encode(
        "latin-1"
    )


def lines(*given: str, body: str = "") -> str:
    return "\r\n".join([*given, "", body])
