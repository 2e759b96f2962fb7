"""Bodies of messages made readable: XML and JSON indented, forms as fields, multipart in parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from urllib.parse import parse_qsl

from lxml import etree

from muster.evidence import Fields
from muster.protocol.sip.multipart import MultipartError, read_parts
from reports.text import decoded, short

LONGEST_INDENTED = 256_000
"""Longer bodies are shown as they are: indenting them costs more than it helps."""
READABLE_LINE = 160
"""Bytes; an XML text whose lines are shorter on average is shown as it is."""


@dataclass(frozen=True)
class Part:
    """A body, or one part of a multipart body, as it is shown."""

    media_type: str
    size: int
    form: Fields
    """Fields of a form; when there are any, `text` is empty."""
    text: str
    note: str
    """How the text differs from the bytes; empty if it does not."""
    trimmed: bool = False


@dataclass(frozen=True)
class Body:
    """All parts of one body; `hash` names it in the folder of bodies."""

    hash: str
    size: int
    parts: tuple[Part, ...]


def shown(data: bytes, content_type: str, limit: int) -> Body:
    """Make a body readable, each part cut at `limit` characters."""
    parts = tuple(_part(part, media_type, limit) for media_type, part in _split(data, content_type))
    return Body(sha256(data).hexdigest(), len(data), parts)


def _split(data: bytes, content_type: str) -> Iterator[tuple[str, bytes]]:
    if not content_type.lower().lstrip().startswith("multipart/"):
        yield content_type, data
        return
    try:
        parts = read_parts(content_type, data)
    except MultipartError:
        parts = []
    # A part without a media type is read as text; a reader of the report wants to know it.
    if parts and data.lower().count(b"\ncontent-type:") >= len(parts):
        yield from ((part.content_type, part.body) for part in parts)
    else:
        yield from _split_leniently(data, content_type)


def _split_leniently(data: bytes, content_type: str) -> Iterator[tuple[str, bytes]]:
    """Take apart what is not well formed, as a mail program would."""
    head = b"Content-Type: " + content_type.encode("latin-1", "replace").replace(b"\n", b" ")
    parts = message_from_bytes(head + b"\r\n\r\n" + data).get_payload()
    if not isinstance(parts, list) or not parts:
        yield f"{content_type} (no part found)", data
        return
    for part in parts:
        if isinstance(part, Message):
            yield str(part.get("Content-Type", "no media type")), _content(part)


def _content(part: Message) -> bytes:
    if part.is_multipart():
        return part.as_bytes()
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _part(data: bytes, content_type: str, limit: int) -> Part:
    media_type = content_type.partition(";")[0].strip().lower()
    size = len(data)
    if media_type.endswith("form-urlencoded"):
        form = _form(data, limit)
        return Part(content_type, size, form, "" if form else short(decoded(data), limit), "")
    indented = _indented(data, media_type) if size <= LONGEST_INDENTED else None
    text = indented if indented is not None else decoded(data[: 4 * limit + 4])
    notes = ["indented for reading"] if indented is not None and indented != decoded(data) else []
    trimmed = len(text) > limit or 4 * limit + 4 < size
    if trimmed:
        notes.append(f"only the first {limit} characters of {size} bytes are shown")
    return Part(content_type, size, (), text[:limit].rstrip("\n"), "; ".join(notes), trimmed)


def _form(data: bytes, limit: int) -> Fields:
    try:
        pairs = parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return ()
    return tuple((name, short(value, limit // 4)) for name, value in pairs)


def _indented(data: bytes, media_type: str) -> str | None:
    """Return an indented XML or JSON text; None for everything else and whatever is not whole."""
    start = data.lstrip()[:1]
    if media_type.endswith(("xml", "html")) or start == b"<":
        return _indented_xml(data)
    if media_type.endswith("json") or start in (b"{", b"["):
        try:
            return json.dumps(json.loads(data), indent=2, ensure_ascii=False)
        except (ValueError, RecursionError):
            return None
    return None


def _indented_xml(data: bytes) -> str | None:
    # A document type could hold entities: such a body is shown as it came.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return None
    if data.count(b"\n") * READABLE_LINE > len(data):
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    etree.indent(root)
    text = etree.tostring(root.getroottree(), encoding="unicode")
    declared = decoded(data[:200]).partition("?>")
    return f"{declared[0]}?>\n{text}" if declared[0].startswith("<?xml") else text
