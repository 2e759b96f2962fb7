"""Messages in a stream (RFC 3261 18.3) with the keep-alive of RFC 5626 3.5.1 between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .fields import TOKEN, parse_number
from .message import HEAD_LIMIT, LINE_LIMIT, SipSyntaxError, field_lines

MESSAGE_LIMIT = 256 * 1024
"""Octets of one message on a stream."""

PING = b"\r\n\r\n"
PONG = b"\r\n"

_START_LINE = re.compile(rb"SIP/[0-9]+\.[0-9]+ .*|.* SIP/[0-9]+\.[0-9]+[ \t]*", re.IGNORECASE)
_LENGTH = re.compile(r"(?:content-length|l)[ \t]*:[ \t]*(.*)", re.IGNORECASE)


class FramingError(SipSyntaxError):
    """Where the next message begins cannot be known any more; `data` is what could not be cut."""

    def __init__(self, reason: str, data: bytes, status: int = 400) -> None:
        super().__init__(reason, status)
        self.data = data


class StreamFramer:
    """Cuts a stream into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0  # no end of header fields before this; spares a second look
        self._started = False  # the first line is complete and names SIP
        self._needed = 0  # octets of the message whose header fields are complete

    @property
    def rest(self) -> bytes:
        """Octets of a message that has begun and is not complete."""
        return bytes(self._buffer).strip(b"\r\n")

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield whole messages, and PING for each ping; FramingError ends the stream."""
        self._buffer += data
        while True:
            if not self._needed:
                if self._take_line_breaks():
                    yield PING
                    continue
                self._needed = self._message_length()
            if not self._needed or len(self._buffer) < self._needed:
                return
            message = bytes(self._buffer[: self._needed])
            self._drop(self._needed)
            yield message

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._needed = self._searched = 0
        self._started = False

    def _take_line_breaks(self) -> bool:
        """Drop line breaks before a message (RFC 3261 7.5); True for a ping."""
        if self._buffer.startswith(PING):
            self._drop(len(PING))
            return True
        # A lone line break may be the first half of a ping.
        if self._buffer.startswith(b"\r\n") and not PING.startswith(self._buffer):
            self._drop(2)
        return False

    def _message_length(self) -> int:
        """Return the length of the message at the start, 0 while it is not known."""
        if not self._buffer or PING.startswith(self._buffer):
            return 0
        self._check_start()
        end = self._buffer.find(b"\r\n\r\n", max(0, self._searched - 3))
        if end < 0:
            self._searched = len(self._buffer)
            if len(self._buffer) > HEAD_LIMIT:
                raise self._error(f"header fields are longer than {HEAD_LIMIT} octets", 513)
            return 0
        head = bytes(self._buffer[:end])
        try:
            length = end + 4 + content_length(head)
        except SipSyntaxError as error:
            raise self._error(str(error), error.status) from error
        if length > MESSAGE_LIMIT:
            raise self._error(f"a message is longer than {MESSAGE_LIMIT} octets", 513)
        return length

    def _check_start(self) -> None:
        """Refuse what cannot become a message, before a line end that may never come."""
        if self._started:
            return
        end = self._buffer.find(b"\r\n")
        first = bytes(self._buffer[:end] if end >= 0 else self._buffer)
        if not TOKEN.match(first[:1].decode("latin-1")):
            raise self._error("not SIP: no message begins with this octet")
        if end < 0 and len(first) > LINE_LIMIT:
            raise self._error("not SIP: the first line does not end")
        if end >= 0 and not _START_LINE.fullmatch(first):
            raise self._error("not SIP: the first line names no SIP version")
        self._started = end >= 0

    def _error(self, reason: str, status: int = 400) -> FramingError:
        return FramingError(reason, bytes(self._buffer), status)


def content_length(head: bytes) -> int:
    """Return Content-Length of a head on a stream, where it is mandatory (RFC 3261 20.14)."""
    matches = (_LENGTH.fullmatch(line) for line in field_lines(head)[1:])
    lengths = {parse_number(match[1].strip(), 2**32 - 1) for match in matches if match}
    if len(lengths) != 1:
        raise SipSyntaxError("Content-Length is " + ("ambiguous" if lengths else "missing"))
    return lengths.pop()
