"""The XML of KMS messages below their meaning: hardened parsing, elements, simple types."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from lxml import etree

NAMESPACE = "urn:3gpp:ns:mcsecKMSInterface:1.0"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
MAXIMUM_OCTETS = 1 << 20

PLAIN_KEY = "KeyContentType"
# lxml names the default namespace None, its type stubs do not know that.
_PREFIXES = cast("dict[str, str]", {None: NAMESPACE, "xsi": SCHEMA_INSTANCE})
TYPE = f"{{{SCHEMA_INSTANCE}}}type"
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_HEX_UID = re.compile(r"[0-9A-Fa-f]{64}")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class KmsMessageError(ValueError):
    """The octets are not a KMS message that can be read."""


def name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def root_element(local: str, version: str) -> etree._Element:
    return etree.Element(name(local), {"Version": version}, nsmap=_PREFIXES)


def append(parent: etree._Element, local: str, text: str | None) -> None:
    """A child with the text; none where the text is None."""
    if text is not None:
        etree.SubElement(parent, name(local)).text = text


def append_versioned(parent: etree._Element, local: str, version: str) -> etree._Element:
    return etree.SubElement(parent, name(local), {"Version": version})


def append_key(parent: etree._Element, local: str, octets: bytes) -> None:
    # The declared type of the element is abstract, so the instance has to name one.
    element = etree.SubElement(parent, name(local), {TYPE: PLAIN_KEY})
    element.text = octets.hex().upper()


def serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def date_time(moment: datetime) -> str:
    """xs:dateTime in UTC; whole seconds, or microseconds where there are any."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone is not sent")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def parsed(data: bytes) -> etree._Element:
    """The root; nothing outside the octets is ever fetched, and no DOCTYPE is accepted."""
    if len(data) > MAXIMUM_OCTETS:
        raise KmsMessageError(f"the message has more than {MAXIMUM_OCTETS} octets")
    if b"<!DOCTYPE" in data:
        raise KmsMessageError("a document type declaration is not accepted")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise KmsMessageError(f"the message is not well-formed XML: {error}") from error
    # In an encoding such as UTF-16 the search above sees nothing.
    if root.getroottree().docinfo.internalDTD is not None:
        raise KmsMessageError("a document type declaration is not accepted")
    return root


def expect(element: etree._Element, local: str) -> None:
    if element.tag != name(local):
        raise KmsMessageError(f"expected {local} of {NAMESPACE}, found {element.tag!r}")


def at_most_one(parent: etree._Element, local: str) -> etree._Element | None:
    found = parent.findall(name(local))
    if len(found) > 1:
        raise KmsMessageError(f"{local} stands {len(found)} times")
    return found[0] if found else None


def only(parent: etree._Element, local: str) -> etree._Element:
    found = at_most_one(parent, local)
    if found is None:
        raise KmsMessageError(f"{local} is missing")
    return found


def text(parent: etree._Element, local: str) -> str:
    """The text of the one child of that name, surrounding white space aside."""
    return _text_of(only(parent, local))


def optional_text(parent: etree._Element, local: str) -> str | None:
    found = at_most_one(parent, local)
    return None if found is None else _text_of(found)


def moment(parent: etree._Element, local: str) -> datetime:
    """A date and time; without time zone it is taken as UTC."""
    written = text(parent, local)
    try:
        if not _DATE_TIME.fullmatch(written):
            raise ValueError(written)
        read = datetime.fromisoformat(written)
    except ValueError as error:
        raise KmsMessageError(f"{local} is not a date and time: {written!r}") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def optional_moment(parent: etree._Element, local: str) -> datetime | None:
    return None if at_most_one(parent, local) is None else moment(parent, local)


def integer(parent: etree._Element, local: str) -> int:
    written = text(parent, local)
    if not _INTEGER.fullmatch(written):
        raise KmsMessageError(f"{local} is not a number: {written[:40]!r}")
    return int(written)


def optional_integer(parent: etree._Element, local: str) -> int | None:
    return None if at_most_one(parent, local) is None else integer(parent, local)


def optional_boolean(parent: etree._Element, local: str) -> bool | None:
    written = optional_text(parent, local)
    if written is not None and written not in _BOOLEANS:
        raise KmsMessageError(f"{local} is not a boolean: {written[:40]!r}")
    return None if written is None else _BOOLEANS[written]


def octets(parent: etree._Element, local: str) -> bytes:
    written = text(parent, local)
    try:
        return binascii.unhexlify(written)
    except ValueError as error:
        raise KmsMessageError(f"{local} is not hexadecimal") from error


def key(
    parent: etree._Element, local: str, unwrap: Callable[[etree._Element], bytes] | None = None
) -> bytes:
    """Key content, plain or wrapped; clients and servers in the field omit xsi:type."""
    element = only(parent, local)
    kind = element.get(TYPE, PLAIN_KEY).rpartition(":")[2]
    if kind == PLAIN_KEY:
        return octets(parent, local)
    if unwrap is None:
        raise KmsMessageError(f"{local} is of type {kind}: wrapped keys cannot be read")
    return unwrap(element)


def user_id(parent: etree._Element, local: str) -> bytes:
    """A UID in base64 or, as some implementations write it, in hexadecimal."""
    written = text(parent, local)
    if _HEX_UID.fullmatch(written):
        return bytes.fromhex(written)
    try:
        return base64.b64decode(written, validate=True)
    except ValueError as error:
        raise KmsMessageError(f"{local} is neither base64 nor hexadecimal") from error


def _text_of(element: etree._Element) -> str:
    if len(element):
        raise KmsMessageError(f"{etree.QName(element).localname} has elements instead of text")
    return (element.text or "").strip()
