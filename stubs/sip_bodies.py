"""The bodies that the MC server reads from SIP requests and writes into NOTIFY."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from lxml import etree

from muster.documents.parse import DocumentRefused, parse
from muster.protocol.sip.message import SipRequest
from muster.protocol.sip.multipart import MultipartError, Part, read_parts

IN_PATHS = "/:@!$&'()*+,;=~"
"""What stands unescaped in a path (RFC 3986 3.3)."""
INDEX = re.compile(r"[0-9]{1,9}")
XCAP_DIFF_TYPE = "application/xcap-diff+xml"
POC_SETTINGS_TYPE = "application/poc-settings+xml"
RESOURCE_LISTS_TYPE = "application/resource-lists+xml"
INFO_TYPES = {
    "application/vnd.3gpp.mcptt-info+xml": "mcptt",
    "application/vnd.3gpp.mcvideo-info+xml": "mcvideo",
    "application/vnd.3gpp.mcdata-info+xml": "mcdata",
}


@dataclass(frozen=True)
class ServiceInfo:
    """What the server needs of an mcptt-info, mcvideo-info or mcdata-info body."""

    service: str
    access_token: str
    client_id: str
    request_uri: str


@dataclass(frozen=True)
class Change:
    """One document element of an xcap-diff (RFC 5874): an absent ETag is an empty string."""

    selector: str
    previous_etag: str
    new_etag: str


def parts_of(request: SipRequest) -> list[Part]:
    """Return the parts of a body; nothing for a body that cannot be taken apart."""
    try:
        return read_parts(request.headers.get("Content-Type") or "", request.body)
    except MultipartError:
        return []


def service_infos(request: SipRequest) -> list[ServiceInfo]:
    """Return one entry per service whose info body can be read."""
    found = []
    for part in parts_of(request):
        service = INFO_TYPES.get(_media_type(part))
        root = _root(part.body) if service else None
        if service and root is not None:
            found.append(
                ServiceInfo(
                    service,
                    _content(root, f"{service}-access-token"),
                    _content(root, f"{service}-client-id"),
                    _content(root, f"{service}-request-uri"),
                )
            )
    return found


def subscribed_resources(request: SipRequest) -> list[str]:
    """Return the entry URIs of the resource list, in order."""
    return [
        entry.get("uri", "")
        for part in parts_of(request)
        if _media_type(part) == RESOURCE_LISTS_TYPE
        for root in [_root(part.body)]
        if root is not None
        for entry in root.iter("{*}entry")
    ]


def selected_profile(request: SipRequest) -> int | None:
    """Return the profile index of a poc-settings body; None when it names none."""
    for part in parts_of(request):
        root = _root(part.body) if _media_type(part) == POC_SETTINGS_TYPE else None
        for element in root.iter("{*}user-profile-index") if root is not None else ():
            text = (element.text or "").strip()
            return int(text) if INDEX.fullmatch(text) else None
    return None


def has_settings(request: SipRequest) -> bool:
    return any(_media_type(part) == POC_SETTINGS_TYPE for part in parts_of(request))


def xcap_diff(root: str, changes: Iterable[Change]) -> bytes:
    """RFC 5874: which documents changed, by ETag; a deleted one has only its previous ETag."""
    lines = "".join(_document(change) for change in changes)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff" xcap-root={quoteattr(root)}>\n'
        f"{lines}</xcap-diff>\n"
    ).encode()


def _document(change: Change) -> str:
    etags: Sequence[tuple[str, str]] = (
        ("previous-etag", change.previous_etag.strip('"')),
        ("new-etag", change.new_etag.strip('"')),
    )
    shown = "".join(f" {name}={quoteattr(value)}" for name, value in etags if value)
    # Escaped where a path demands it (RFC 5874 4, RFC 3986 3.3).
    selector = quote(change.selector, safe=IN_PATHS)
    return f"  <document sel={quoteattr(selector)}{shown}/>\n"


def _media_type(part: Part) -> str:
    return part.content_type.partition(";")[0].strip().lower()


def _root(body: bytes) -> etree._Element | None:
    try:
        return parse(body)
    except DocumentRefused:
        return None


def _content(root: etree._Element, name: str) -> str:
    """Return the text of an element of contentType: the text of its one typed child."""
    for element in root.iter(f"{{*}}{name}"):
        return "".join(str(text) for text in element.itertext()).strip()
    return ""
