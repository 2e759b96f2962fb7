"""How checks read bodies: parts of a SIP request, elements of its XML, forms. Never raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from lxml import etree

from muster.documents.parse import DocumentRefused, parse
from muster.documents.schemas import SchemaSet, own_schemas
from muster.documents.validate import validate
from muster.evidence import Exchange, HttpExchange, SipExchange, TokenUse
from muster.protocol.sip.multipart import MultipartError, Part, read_parts

INFO_TYPE = {
    "mcptt": "application/vnd.3gpp.mcptt-info+xml",
    "mcvideo": "application/vnd.3gpp.mcvideo-info+xml",
    "mcdata": "application/vnd.3gpp.mcdata-info+xml",
}
SETTINGS_TYPE = "application/poc-settings+xml"
RESOURCE_LISTS_TYPE = "application/resource-lists+xml"
XCAP_DIFF_TYPE = "application/xcap-diff+xml"
MCPTT_ICSI = "urn:urn-7:3gpp-service.ims.icsi.mcptt"
ICSI = {
    "mcptt": MCPTT_ICSI,
    "mcvideo": "urn:urn-7:3gpp-service.ims.icsi.mcvideo",
    "mcdata": "urn:urn-7:3gpp-service.ims.icsi.mcdata",
}
"""Those of MCData, for short data and for files, begin with the last."""
ICSI_FACTS = {"mcvideo": ("FACT-mcvideo-icsi",), "mcdata": ("FACT-mcdata-icsi",)}
SERVED_NAMES = {"mcvideo": ("FACT-mcvideo-documents",), "mcdata": ("FACT-mcdata-documents",)}
"""By service the facts that a UE needs to act on what documents of the service say."""

ICSI_REF = re.compile(r"g\.3gpp\.icsi-ref[ \t]*=(.*)")
"""White space is free on both sides of "=" (RFC 3261 25.1)."""

_schemas: list[SchemaSet] = []


def use_schemas(schemas: SchemaSet) -> None:
    """Let checks validate by a laboratory's schemas instead of ours."""
    _schemas[:] = [schemas]


def schema_problems(body: bytes) -> list[str]:
    """Return what is wrong with an XML body by the schema of its namespace; empty when valid."""
    result = validate(body, _schemas[0] if _schemas else own_schemas(), strict=True)
    if result.valid:
        return []
    return [f"line {p.line} {p.path}: {p.reason}" for p in result.problems[:3]]


def parts(exchange: SipExchange) -> list[Part]:
    """Return the parts of the request body; nothing where it cannot be taken apart."""
    try:
        return read_parts(exchange.header("Content-Type") or "", exchange.body)
    except MultipartError:
        return []


def field(exchange: SipExchange, name: str) -> str:
    """Return all values of a header field as one: several fields and one list are alike."""
    return ", ".join(v.strip() for key, v in exchange.headers if key.lower() == name.lower())


def icsi_refs(exchange: SipExchange) -> str:
    """Return the ICSIs that Contact refers to, decoded and in lower case; empty without any."""
    found = ICSI_REF.search(field(exchange, "Contact").lower())
    return unquote(found[1]) if found else ""


def address(uri: str) -> str:
    """Return scheme, user and host of a SIP URI: ports and parameters are routing."""
    user, _, host = uri.partition(";")[0].rpartition("@")
    return f"{user}@{host.partition(':')[0]}".lower()


def registered_identity(register: SipExchange) -> str:
    """The identity that a REGISTER is for, as `address` writes it."""
    field = register.header("To") or ""
    _, opened, inner = field.partition("<")
    return address((inner if opened else field).partition(">")[0].strip())


def media_type(part: Part) -> str:
    return part.content_type.partition(";")[0].strip().lower()


def part_of_type(exchange: SipExchange, wanted: str) -> Part | None:
    return next((part for part in parts(exchange) if media_type(part) == wanted), None)


def root_of(body: bytes) -> etree._Element | None:
    try:
        return parse(body)
    except DocumentRefused:
        return None


def text_of(root: etree._Element | None, name: str) -> str | None:
    """Return the text of the first element of that local name, through its typed child."""
    if root is None:
        return None
    for element in root.iter(f"{{*}}{name}"):
        return "".join(str(text) for text in element.itertext()).strip()
    return None


def info_value(exchange: SipExchange, name: str, service: str = "mcptt") -> str | None:
    """Return the value of an element of the MC service information body; None if absent."""
    part = part_of_type(exchange, INFO_TYPE.get(service, ""))
    return text_of(root_of(part.body), name) if part else None


def profile_index(exchange: SipExchange) -> str | None:
    """Return the profile index that the settings of a request name; None if they name none.

    Plus sign and leading zeros are dropped: "+05" and "5" are one number.
    """
    part = part_of_type(exchange, SETTINGS_TYPE)
    text = text_of(root_of(part.body), "user-profile-index") if part else None
    return text if text is None else text.removeprefix("+").lstrip("0") or text[-1:]


def subscribed(exchange: SipExchange) -> list[str]:
    """Return the entries of the resource list, decoded."""
    part = part_of_type(exchange, RESOURCE_LISTS_TYPE)
    root = root_of(part.body) if part else None
    if root is None:
        return []
    return [unquote(entry.get("uri", "")) for entry in root.iter("{*}entry")]


def concerns_configuration(subscribe: SipExchange) -> bool:
    """Whether a SUBSCRIBE is about configuration documents, and not the reg event, groups, ...

    One that has the wrong event package is known by its list, one without a list by its package.
    """
    entries = subscribed(subscribe)
    if entries:
        return any("-config/" in entry or "user-profile" in entry for entry in entries)
    return (subscribe.header("Event") or "").partition(";")[0].strip() == "xcap-diff"


def announced(notify: SipExchange) -> dict[str, str]:
    """Return what a NOTIFY announces: selector (decoded) to new ETag, empty when removed.

    A group is told by its ID, however the subscriber spelled the collection.
    """
    root = root_of(notify.body)
    if root is None:
        return {}
    return {
        _selector(document.get("sel", "")): document.get("new-etag", "").strip('"')
        for document in root.iter("{*}document")
    }


def _selector(written: str) -> str:
    return unquote(written).lstrip("/").replace("/byGroup/", "/byGroupID/")


def names_document(exchange: HttpExchange, selector: str) -> bool:
    """Whether the request is for the document, under whichever XCAP root and spelling.

    A node selector (RFC 4825 6.3) asks for a part of that document.
    """
    path = document_path(exchange)
    return path.endswith("/" + selector) or path.endswith(
        "/" + selector.replace("/byGroupID/", "/byGroup/")
    )


def document_path(exchange: HttpExchange) -> str:
    """Return the path up to a node selector, decoded."""
    return exchange.decoded_path.partition("/~~")[0]


def of_other_service(exchange: HttpExchange, usage: str = "org.3gpp.mcptt.") -> bool:
    """Whether a document of another MC service is asked for: one UE may serve several."""
    others = [
        f"org.3gpp.{name}." for name in INFO_TYPE if not usage.startswith(f"org.3gpp.{name}.")
    ]
    return any(f"/{other}" in exchange.decoded_path for other in others)


def came_from(exchange: Exchange) -> str:
    """Return the address that a request came from, IPv6 without brackets; empty if nobody kept it.

    A SIP peer is kept with its port, an HTTP peer without: an IPv6 address has colons of its own.
    """
    remote = str(exchange.facts.get("remote", ""))
    return remote.rpartition(":")[0].strip("[]") if isinstance(exchange, SipExchange) else remote


def bearer(exchange: Exchange) -> TokenUse | None:
    """Return the token of the Authorization header; None when there is none."""
    return next((use for use in exchange.tokens if use.place == "authorization"), None)


def body_token(exchange: Exchange) -> TokenUse | None:
    return next((use for use in exchange.tokens if use.place == "body"), None)


def told(token: TokenUse | None) -> str:
    """Say whose token it is, for people."""
    if token is None:
        return "no token"
    if token.kind == "unknown":
        return "a token that nobody here issued"
    return f"the {token.kind} token of {token.issuer}"


def first_of(exchanges: Iterable[Exchange]) -> Exchange | None:
    return min(exchanges, key=lambda exchange: exchange.started, default=None)


def served(exchanges: Iterable[HttpExchange]) -> Iterator[HttpExchange]:
    """Yield the requests that were answered with a document or with Not Modified."""
    return (exchange for exchange in exchanges if exchange.status in (200, 304))


def activated_aliases(publish: SipExchange) -> list[str]:
    """The functional aliases that a publication of presence names as active."""
    if field(publish, "Event").partition(";")[0].strip().lower() != "presence":
        return []
    roots = [root_of(part.body) for part in parts(publish)]
    elements = [e for root in roots if root is not None for e in root.iter("{*}functionalAlias")]
    return [name for e in elements if (name := e.get("functionalAliasID"))]
