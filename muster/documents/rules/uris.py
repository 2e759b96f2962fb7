"""URI forms: schemas hardly restrict anyURI and the two engines differ on it, so rules judge it."""

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from muster.documents.rules.reading import departure, text_of
from muster.documents.rules.registry import RuleProblem

# RFC 3986, 3.1 and 2: a scheme, then only characters that a URI may hold, and whole escapes.
_ABSOLUTE = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]]|%[0-9A-Fa-f]{2})+"
    r"(?:#(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?"
)
_IMEI = re.compile(r"urn:gsma:imei:\d{8}-\d{6}-\d(?:;.+)?", re.IGNORECASE)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:\S+", re.IGNORECASE)


def is_absolute_uri(text: str) -> bool:
    """Tell whether a text is a URI with a scheme, by RFC 3986."""
    if not _ABSOLUTE.fullmatch(text):
        return False
    if text.partition(":")[2].startswith("//"):
        return _has_sound_authority(text)
    return "[" not in text or text.lower().startswith(("sip:", "sips:"))


def _has_sound_authority(text: str) -> bool:
    try:
        parts = urlsplit(text)
        if parts.netloc.rpartition("@")[2].startswith("["):
            ipaddress.ip_address(parts.hostname or "")
        return parts.hostname is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def is_web_uri(text: str) -> bool:
    """Tell whether a text is an http or https URI."""
    return is_absolute_uri(text) and text.lower().startswith(("https://", "http://"))


def is_instance_id(text: str) -> bool:
    """Tell whether a text is a URN; an IMEI or UUID one in the form of RFC 7254 or RFC 9562."""
    lowered = text.lower()
    if lowered.startswith("urn:gsma:imei:"):
        return bool(_IMEI.fullmatch(text))
    if lowered.startswith("urn:uuid:"):
        return bool(_UUID.fullmatch(text))
    return bool(_URN.fullmatch(text))


def absolute_uri(element: etree._Element) -> Iterator[RuleProblem]:
    """Yield a problem unless the element holds an absolute URI."""
    if not is_absolute_uri(text_of(element)):
        yield departure(element, "a URI by RFC 3986", text_of(element) or "nothing")
