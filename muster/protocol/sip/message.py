"""SIP messages: strict reading, writing, and answers to requests (RFC 3261 clauses 7 and 8).

Header lines are framed here because `sipmessage` neither unfolds lines nor keeps the order of
fields of different names; the grammar of the values is in `fields`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeAlias

from sipmessage.message import COMPACT_FORMS

from .fields import TOKEN, SipSyntaxError, check_uri, parse_address, split_list
from .semantics import check_message

__all__ = [
    "HEAD_LIMIT",
    "LINE_LIMIT",
    "REASONS",
    "Headers",
    "SipMessage",
    "SipRequest",
    "SipResponse",
    "SipSyntaxError",
    "field_lines",
    "parse",
    "parse_first",
    "refusal_to",
    "response_to",
    "serialise",
]

HEAD_LIMIT = 64 * 1024
"""Octets of start line and header fields together."""
LINE_LIMIT = 16 * 1024
"""Octets of one unfolded header field; a token in a header is far below it."""
FIELD_LIMIT = 512
"""Header fields of one message."""

REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    202: "Accepted",
    204: "No Notification",
    301: "Moved Permanently",
    302: "Moved Temporarily",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    412: "Conditional Request Failed",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    421: "Extension Required",
    423: "Interval Too Brief",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    483: "Too Many Hops",
    486: "Busy Here",
    488: "Not Acceptable Here",
    489: "Bad Event",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    504: "Server Time-out",
    505: "Version Not Supported",
    513: "Message Too Large",
    600: "Busy Everywhere",
    603: "Decline",
    604: "Does Not Exist Anywhere",
    606: "Not Acceptable",
}

_COPIED = ("Via", "From", "To", "Call-ID", "CSeq")
_COPIED_NAMES = frozenset(name.lower() for name in _COPIED)
_FOLD = re.compile(r"[ \t]*\r\n[ \t]+")
_REQUEST_LINE = re.compile(r"([^ ]+) ([^ ]+) SIP/([0-9]+\.[0-9]+)", re.IGNORECASE)
_STATUS_LINE = re.compile(r"SIP/([0-9]+\.[0-9]+) ([0-9]+) ([^\x00-\x08\x0a-\x1f\x7f]*)", re.I)


class Headers:
    """Header fields in their order; names compare without case, compact forms are expanded."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: list[tuple[str, str, str]] = []
        for name, value in fields:
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        full = _full_name(name)
        self._fields.append((full.lower(), full, value))

    def set(self, name: str, value: str) -> None:
        """Replace all fields of the name by one, at the place of the first."""
        full = _full_name(name)
        wanted = full.lower()
        place = next((i for i, entry in enumerate(self._fields) if entry[0] == wanted), None)
        if place is None:
            self._fields.append((wanted, full, value))
            return
        later = [entry for entry in self._fields[place + 1 :] if entry[0] != wanted]
        self._fields[place:] = [(wanted, full, value), *later]

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the first value, or the default."""
        wanted = _full_name(name).lower()
        return next((value for key, _, value in self._fields if key == wanted), default)

    def all(self, name: str) -> list[str]:
        """Return the values of all fields of the name, each as it stands."""
        wanted = _full_name(name).lower()
        return [value for key, _, value in self._fields if key == wanted]

    def elements(self, name: str) -> list[str]:
        """Return the elements of a list, over commas and fields of the name (RFC 3261 7.3.1)."""
        return [element for value in self.all(name) if value for element in split_list(value)]

    def items(self) -> list[tuple[str, str]]:
        return [(name, value) for _, name, value in self._fields]

    def remove(self, name: str) -> None:
        wanted = _full_name(name).lower()
        self._fields = [entry for entry in self._fields if entry[0] != wanted]

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._comparable() == other._comparable()

    def __repr__(self) -> str:
        return f"Headers({self.items()!r})"

    def _comparable(self) -> list[tuple[str, str]]:
        return [(key, value) for key, _, value in self._fields]


@dataclass
class SipRequest:
    method: str
    uri: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


@dataclass
class SipResponse:
    status: int
    reason: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


SipMessage: TypeAlias = SipRequest | SipResponse


def parse(data: bytes, *, limited: bool = True) -> SipMessage:
    """Read one message; SipSyntaxError for anything that is not acceptable."""
    return parse_first(data, limited=limited)[0]


def parse_first(data: bytes, *, limited: bool = True) -> tuple[SipMessage, int]:
    """Read the message at the start of a datagram, and how many octets it takes.

    RFC 3261 18.3: octets beyond Content-Length are discarded, a body shorter than it is an error.
    The limits are for what comes from outside: an answer is longer than what it copies.
    """
    start = len(data) - len(data.lstrip(b"\r\n"))  # 7.5: empty lines before a message are ignored
    end = data.find(b"\r\n\r\n", start)
    if end < 0:
        raise SipSyntaxError("no empty line ends the header fields")
    first, *lines = field_lines(data[start:end], limited=limited)
    message = _start(first)
    for line in lines:
        message.headers.add(*_field(line))
    length = check_message(
        message.headers, message.method if isinstance(message, SipRequest) else None
    )
    available = len(data) - end - 4
    if length is not None and length > available:
        raise SipSyntaxError(f"Content-Length is {length}, the body has {available} octets")
    used = end + 4 + (available if length is None else length)
    message.body = data[end + 4 : used]
    return message, used


def field_lines(head: bytes, *, limited: bool = True) -> list[str]:
    """Return start line and header fields, unfolded (RFC 3261 7.3.1)."""
    if limited and len(head) > HEAD_LIMIT:
        raise SipSyntaxError(f"header fields are longer than {HEAD_LIMIT} octets", 513)
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SipSyntaxError("header fields are not UTF-8") from error
    if "\r\n " in text or "\r\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n")
    if text.count("\r") != len(lines) - 1 or text.count("\n") != len(lines) - 1:
        raise SipSyntaxError("a line ends with CR or LF alone")
    if limited and (len(lines) > FIELD_LIMIT or max(map(len, lines)) > LINE_LIMIT):
        raise SipSyntaxError("too many header fields, or too long a one", 513)
    return lines


def serialise(message: SipMessage) -> bytes:
    """Write a message; Content-Length is set from the body. ValueError if it cannot be written."""
    if isinstance(message, SipRequest):
        if not TOKEN.fullmatch(message.method) or re.search(r"\s", message.uri):
            raise ValueError(f"not a request line: {message.method!r} {message.uri!r}")
        lines = [f"{message.method} {message.uri} SIP/2.0"]
    else:
        if not 100 <= message.status <= 699 or re.search(r"[\r\n]", message.reason):
            raise ValueError(f"not a status line: {message.status!r} {message.reason!r}")
        lines = [f"SIP/2.0 {message.status} {message.reason}"]
    for name, value in message.headers.items():
        if not TOKEN.fullmatch(name) or "\r" in value or "\n" in value:
            raise ValueError(f"not a header field: {name!r}: {value!r}")
        if name.lower() != "content-length":
            lines.append(f"{name}: {value}")
    lines.append(f"Content-Length: {len(message.body)}\r\n\r\n")
    return "\r\n".join(lines).encode() + message.body


def response_to(
    request: SipRequest,
    status: int,
    reason: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
) -> SipResponse:
    """Answer a request: Via, From, To with a tag, Call-ID and CSeq are copied (RFC 3261 8.2.6.2).

    Record-Route goes into answers that may set up a dialog (12.1.1).
    """
    copied = [(name, value) for name in _COPIED for value in request.headers.all(name)]
    if 100 < status < 300:
        copied += [("Record-Route", value) for value in request.headers.all("Record-Route")]
    answer = SipResponse(status, REASONS.get(status, "") if reason is None else reason)
    answer.headers = Headers([*copied, *headers])
    answer.body = body
    recipient = request.headers.get("To")
    if status > 100 and recipient and "tag" not in parse_address(recipient).parameters:
        answer.headers.set("To", f"{recipient};tag={secrets.token_hex(6)}")
    return answer


def refusal_to(data: bytes, error: SipSyntaxError) -> SipResponse | None:
    """Answer a malformed request if its lines tell where to: None for responses, ACK and scraps."""
    first, found = _salvaged(data)
    is_ack = "ACK" in (first.partition(" ")[0], (found.get("CSeq") or "").split(" ")[-1])
    if first.upper().startswith("SIP/") or is_ack or not all(name in found for name in _COPIED):
        return None
    recipient = found.get("To") or ""
    if not re.search(r";\s*tag\s*=", recipient, re.IGNORECASE):
        # 8.2.7: a copy of the request gets the same tag, though nothing is remembered.
        found.set("To", f"{recipient};tag={blake2b(data, digest_size=6).hexdigest()}")
    return SipResponse(error.status, str(error)[:200], found)


def _salvaged(data: bytes) -> tuple[str, Headers]:
    """Return the start line and the fields that an answer copies, however the lines end."""
    text = data[:HEAD_LIMIT].lstrip(b"\r\n").decode("utf-8", "replace")
    text = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    first, *lines = re.split(r"[\r\n]+", re.sub(r"\r?\n[ \t]+", " ", text))
    found = Headers()
    for line in lines:
        name, _, value = line.partition(":")
        full = _full_name(name.strip())
        # Every Via, but the first only of what may stand once.
        wanted = full.lower() == "via" or (full.lower() in _COPIED_NAMES and full not in found)
        if wanted and value.strip():
            found.add(full, value.strip())
    return first, found


def _start(line: str) -> SipMessage:
    status = _STATUS_LINE.fullmatch(line)
    if status:
        if status[1] != "2.0":
            raise SipSyntaxError(f"SIP version {status[1]} is not 2.0", 505)
        if len(status[2]) != 3 or not "100" <= status[2] <= "699":
            raise SipSyntaxError("status code is not between 100 and 699")
        return SipResponse(int(status[2]), status[3])
    request = _REQUEST_LINE.fullmatch(line)
    if request is None or not TOKEN.fullmatch(request[1]):
        raise SipSyntaxError("start line is neither a request line nor a status line")
    if request[3] != "2.0":
        raise SipSyntaxError(f"SIP version {request[3][:10]} is not 2.0", 505)
    try:
        check_uri(request[2])
    except SipSyntaxError as error:
        raise SipSyntaxError(f"Request-URI: {error}") from error
    if request[2].lower().startswith("sip") and "?" in request[2].rpartition("@")[2]:
        raise SipSyntaxError("Request-URI: header fields are not allowed (RFC 3261 19.1.1)")
    return SipRequest(request[1], request[2])


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name = name.rstrip(" \t")
    if not colon or not TOKEN.fullmatch(name):
        raise SipSyntaxError("a header field has no well-formed name")
    return name, value.strip(" \t")


def _full_name(name: str) -> str:
    return COMPACT_FORMS.get(name.lower(), name) if len(name) == 1 else name
