"""Bodies of several parts (RFC 2046 5.1 as RFC 5621 uses it in SIP): built and read strictly."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .fields import TOKEN, SipSyntaxError, parse_media_type

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
_FOLD = re.compile(r"\r\n[ \t]+")


class MultipartError(ValueError):
    """A body is not what its content type says."""


@dataclass(frozen=True)
class Part:
    """One part; `content_type` as it stands in the part, `body` without transfer encoding."""

    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    """Header fields of the part beside Content-Type."""


def build_multipart(parts: Sequence[Part]) -> tuple[str, bytes]:
    """Return content type (multipart/mixed with its boundary) and body."""
    if not parts:
        raise MultipartError("a multipart body has at least one part")
    boundary = _fresh_boundary(parts)
    delimiter = f"--{boundary}".encode()
    pieces = [b"%s\r\n%s\r\n%s\r\n" % (delimiter, _head(part), part.body) for part in parts]
    return f"multipart/mixed;boundary={boundary}", b"".join([*pieces, delimiter, b"--\r\n"])


def read_parts(content_type: str, body: bytes) -> list[Part]:
    """Return the parts of a body, or the body itself as the only part when it is not multipart."""
    try:
        media_type, parameters = parse_media_type(content_type)
    except SipSyntaxError as error:
        raise MultipartError(str(error)) from error
    if not media_type.startswith("multipart/"):
        return [Part(content_type, body)]
    boundary = parameters.get("boundary")
    if not boundary or not _BOUNDARY.fullmatch(boundary):
        raise MultipartError("the content type has no well-formed boundary")
    return [_part(section) for section in _sections(boundary.encode(), body)]


def _fresh_boundary(parts: Sequence[Part]) -> str:
    while True:
        boundary = f"part-{secrets.token_hex(8)}"
        if not any(boundary.encode() in part.body for part in parts):
            return boundary


def _head(part: Part) -> bytes:
    lines = [f"Content-Type: {part.content_type}"]
    lines += [f"{name}: {value}" for name, value in part.headers]
    if any("\r" in line or "\n" in line for line in lines):
        raise MultipartError("a header field of a part has a line break")
    return "".join(f"{line}\r\n" for line in lines).encode()


def _sections(boundary: bytes, body: bytes) -> list[bytes]:
    """Return what stands between delimiter lines; preamble and epilogue are dropped."""
    sections: list[bytes] = []
    begin: int | None = None
    for start, end, closing in _delimiters(b"--" + boundary, body):
        if begin is not None:
            sections.append(body[begin:start])
        if closing:
            if not sections:
                raise MultipartError("the body has no part")
            return sections
        begin = end
    if begin is None:
        raise MultipartError("the boundary does not occur in the body")
    raise MultipartError("the last boundary is missing")


def _delimiters(dashed: bytes, body: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each delimiter line begins (with the line break before it) and ends.

    Looked for by hand: each message has a boundary of its own, and compiling an expression for it
    takes longer than everything else here.
    """
    at = body.find(dashed)
    while at >= 0:
        end = at + len(dashed)
        closing = body.startswith(b"--", end)
        end += 2 * closing
        while body[end : end + 1] in (b" ", b"\t"):
            end += 1
        starts_line = at == 0 or body[max(at - 2, 0) : at] == b"\r\n"
        if starts_line and (end == len(body) or body.startswith(b"\r\n", end)):
            yield max(at - 2, 0), end, closing
        at = body.find(dashed, at + 1)


def _part(section: bytes) -> Part:
    # The line break after the delimiter still stands; a part without header fields begins with two.
    head, blank, body = section.partition(b"\r\n\r\n")
    if not blank:
        raise MultipartError("no empty line ends the header fields of a part")
    try:
        lines = _FOLD.sub(" ", head.decode()).split("\r\n")[1:]
    except UnicodeDecodeError as error:
        raise MultipartError("header fields of a part are not UTF-8") from error
    fields = [_field(line) for line in lines]
    named = {name.lower(): value for name, value in fields}
    others = tuple((name, value) for name, value in fields if name.lower() != "content-type")
    encoding = named.get("content-transfer-encoding", "binary").lower()
    return Part(named.get("content-type", "text/plain"), _decoded(body, encoding), others)


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not TOKEN.fullmatch(name.rstrip()):
        raise MultipartError("a header field of a part is not well formed")
    return name.rstrip(), value.strip()


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding in ("binary", "8bit", "7bit"):
        return body
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding != "base64":
        raise MultipartError(f"transfer encoding {encoding!r} is unknown")
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error as error:
        raise MultipartError("a part is not base64 as it says") from error
