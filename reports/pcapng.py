"""The SIP messages of a campaign as pcapng, with what was found as comments, for Wireshark.

Messages are written as Wireshark's "exported PDU": the journal keeps messages, not packets, so no
IP or UDP header is made up. Layout: draft-ietf-opsawg-pcapng; tags: Wireshark's exported_pdu_tlvs.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from muster import __version__
from muster.evidence import Fields, SipExchange
from muster.results import Results, ScenarioResult
from reports.text import short, visible

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
BYTE_ORDER = 0x1A2B3C4D
UPPER_PDU = 252
"""LINKTYPE_WIRESHARK_UPPER_PDU"""
END, COMMENT, APPLICATION, NAME = 0, 1, 4, 2
TAG_END, TAG_DISSECTOR = 0, 12
TAG_IPV4, TAG_IPV6, TAG_PORT_TYPE, TAG_PORT = (20, 21), (22, 23), 24, (25, 26)
"""Pairs: source, destination."""
PORT_TYPES = {"tcp": 2, "tls": 2, "udp": 3}
LONGEST_COMMENT = 4_000
LARGEST = 250_000
"""Octets of a message; Wireshark refuses packets above 256 KiB."""


def write_pcapng(results: Results, path: Path) -> None:
    """Write sip.pcapng: every SIP request and response in the order of time."""
    packets = sorted(_packets(results), key=lambda packet: packet[0])
    with path.open("wb") as file:
        file.write(_section(results))
        file.write(_interface())
        for at, data, comments in packets:
            file.write(_packet(at, data, comments))


def _packets(results: Results) -> Iterator[tuple[float, bytes, list[str]]]:
    for scenario in results.scenarios:
        for seen in scenario.exchanges:
            if isinstance(seen, SipExchange):
                yield from _exchange(scenario, seen)


def _exchange(
    scenario: ScenarioResult, seen: SipExchange
) -> Iterator[tuple[float, bytes, list[str]]]:
    way = "from" if seen.direction == "from_ue" else "to"
    told = [
        f"{scenario.id}: {scenario.title}",
        f"{seen.name} {way} the UE, {seen.system} {seen.server}, {seen.connection}",
    ]
    if seen.name in scenario.incomplete:
        told.append("a body of this exchange is missing in the results folder")
    found = [f"{f.severity} {f}" for f in scenario.findings if f.exchange == seen.name]
    first = f"{seen.method} {seen.request_uri} SIP/2.0"
    request = _message(first, seen.headers, seen.body)
    yield seen.started, _pdu(seen, request, seen.direction == "from_ue"), [*told, *found]
    for answer in seen.responses:
        first = f"SIP/2.0 {answer.status} {answer.reason}"
        response = _message(first, answer.headers, answer.body)
        late = "the time of a response is that at which the exchange ended"
        yield seen.ended, _pdu(seen, response, seen.direction != "from_ue"), [*told, late]


def _message(first: str, fields: Fields, body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("utf-8", "backslashreplace") + body


def _pdu(seen: SipExchange, message: bytes, from_ue: bool) -> bytes:
    """Return a message behind the tags that tell Wireshark what it is."""
    tags = _tag(TAG_DISSECTOR, b"sip") + _address(seen, 0 if from_ue else 1)
    return tags + _tag(TAG_END, b"") + message[:LARGEST]


def _address(seen: SipExchange, side: int) -> bytes:
    """Return the tags of the UE's address, as far as it is known; `side` 0 is the sender."""
    host, _, port = str(seen.facts.get("remote", "")).rpartition(":")
    try:
        address = ipaddress.ip_address(host.strip("[]"))
        number = struct.pack(">I", int(port))
    except (ValueError, struct.error):
        return b""
    family = TAG_IPV4 if address.version == 4 else TAG_IPV6
    kind = struct.pack(">I", PORT_TYPES.get(seen.transport.lower(), 3))
    tags = _tag(family[side], address.packed) + _tag(TAG_PORT_TYPE, kind)
    return tags + _tag(TAG_PORT[side], number)


def _tag(kind: int, value: bytes) -> bytes:
    value += b"\0" * (-len(value) % 4)
    return struct.pack(">2H", kind, len(value)) + value


# Blocks ----------------------------------------------------------------------------------------


def _section(results: Results) -> bytes:
    gaps = "\n".join((*results.notes, *results.broken_chains))
    told = f"SIP messages of a campaign of Muster; secrets are masked.\n{gaps}".strip()
    options = [(COMMENT, told), (APPLICATION, f"muster {__version__}")]
    return _block(SECTION, struct.pack("<I2Hq", BYTE_ORDER, 1, 0, -1) + _options(options))


def _interface() -> bytes:
    return _block(
        INTERFACE, struct.pack("<2HI", UPPER_PDU, 0, 0) + _options([(NAME, "MC service servers")])
    )


def _packet(at: float, data: bytes, comments: Iterable[str]) -> bytes:
    microseconds = min(max(0, int(at * 1_000_000)), (1 << 64) - 1)
    head = struct.pack(
        "<5I", 0, microseconds >> 32, microseconds & 0xFFFFFFFF, len(data), len(data)
    )
    padded = data + b"\0" * (-len(data) % 4)
    return _block(PACKET, head + padded + _options([(COMMENT, text) for text in comments]))


def _options(options: Iterable[tuple[int, str]]) -> bytes:
    made = b""
    for code, text in options:
        value = visible(short(text, LONGEST_COMMENT)).encode("utf-8", "backslashreplace")
        made += struct.pack("<2H", code, len(value)) + value + b"\0" * (-len(value) % 4)
    return made + struct.pack("<2H", END, 0)


def _block(kind: int, body: bytes) -> bytes:
    length = len(body) + 12
    return struct.pack("<2I", kind, length) + body + struct.pack("<I", length)
