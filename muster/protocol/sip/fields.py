"""Values of SIP header fields (RFC 3261 clause 25): read strictly, or refused.

`sipmessage` gives the grammar of user parts and CSeq. Hosts, parameters, Via and name-addr are read
here: it refuses digits in the last label of a host, white space that RFC 4475 calls legal and any
scheme beyond sip and tel, it splits parameters inside quoted strings, and it takes seconds to
refuse a long telephone number. The expressions below refuse in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import sipmessage

CSEQ_LIMIT = 2**31
"""RFC 3261 8.1.1.5: sequence numbers stay below this."""

_TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]+"
_QUOTED = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\r\n])*+"'
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]+\]"
_ESCAPED = r"%[0-9A-Fa-f]{2}"
_PARAMETER_CHARACTER = rf"(?:[A-Za-z0-9\-_.!~*'()\[\]/:&+$]|{_ESCAPED})"
_HEADER_CHARACTER = rf"(?:[A-Za-z0-9\-_.!~*'()\[\]/?:+$]|{_ESCAPED})"

TOKEN = re.compile(_TOKEN)
_PARAMETER = re.compile(
    rf"[ \t]*;[ \t]*({_TOKEN})(?:[ \t]*=[ \t]*({_QUOTED}|[A-Za-z0-9\-.!%*_+`'~\[\]:]+))?[ \t]*"
)
_LIST_ELEMENT = re.compile(rf'(?:[^",<]|{_QUOTED}|<[^<>]*>)*+')
_VIA = re.compile(
    rf"SIP[ \t]*/[ \t]*2\.0[ \t]*/[ \t]*({_TOKEN})[ \t]+({_HOST})(?:[ \t]*:[ \t]*([0-9]{{1,5}}))?",
    re.IGNORECASE,
)
_NAME_ADDR = re.compile(rf"(?:({_QUOTED})|([A-Za-z0-9\-.!%*_+`'~ \t]*+))[ \t]*<([^<>]*)>")
_ADDR_SPEC = re.compile(r'[^\s;,?<>"]+')
_URI_HOST = re.compile(rf"({_HOST})(:[0-9]{{1,5}})?")
_URI_PARAMETERS = re.compile(
    rf"(?:;{_PARAMETER_CHARACTER}++(?:={_PARAMETER_CHARACTER}++)?)*+"
    rf"(?P<headers>\?{_HEADER_CHARACTER}++={_HEADER_CHARACTER}*+"
    rf"(?:&{_HEADER_CHARACTER}++={_HEADER_CHARACTER}*+)*+)?"
)
_ABSOLUTE_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-_.!~*'();/?:@&=+$,\[\]]|{_ESCAPED})+"
)
_TELEPHONE_NUMBER = re.compile(
    r"\+(?=[\-.()]*+[0-9])[0-9\-.()]+|(?=[\-.()]*+[0-9A-Fa-f*#])[0-9A-Fa-f*#\-.()]+"
)
_MEDIA_TYPE = re.compile(rf"({_TOKEN})[ \t]*/[ \t]*({_TOKEN})")


class SipSyntaxError(ValueError):
    """A message is not acceptable; `status` is the refusal that fits it (RFC 3261 21.4)."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Via:
    """One hop of a Via header field."""

    transport: str
    host: str
    port: int | None
    parameters: Mapping[str, str | None]

    @property
    def branch(self) -> str | None:
        return self.parameters.get("branch")


@dataclass(frozen=True)
class Address:
    """The value of From, To, Contact, Route: a URI, perhaps with a name and parameters."""

    uri: str
    name: str
    parameters: Mapping[str, str | None]

    @property
    def tag(self) -> str | None:
        return self.parameters.get("tag")


@dataclass(frozen=True)
class CSeq:
    """Number and method of a request within its call."""

    number: int
    method: str


def split_list(value: str) -> list[str]:
    """Split at commas outside quoted strings and angle brackets; an empty element is refused."""
    if "," not in value:
        return [value.strip()]
    elements = []
    position = 0
    while True:
        match = _LIST_ELEMENT.match(value, position)
        end = match.end() if match else position
        elements.append(value[position:end].strip())
        if end == len(value):
            break
        if value[end] != ",":
            raise SipSyntaxError("quotes or angle brackets are not balanced")
        position = end + 1
    if not all(elements):
        raise SipSyntaxError("a list has an empty element")
    return elements


def parse_parameters(text: str) -> dict[str, str | None]:
    """Read `;name=value;name` to the end of the text; names in lower case, quotes taken off."""
    parameters: dict[str, str | None] = {}
    position = 0
    while position < len(text):
        match = _PARAMETER.match(text, position)
        if match is None:
            raise SipSyntaxError("parameters are not well formed")
        name, value = match[1].lower(), match[2]
        if name in parameters:
            raise SipSyntaxError(f"parameter {name} is given twice")
        parameters[name] = unquoted(value) if value else value
        position = match.end()
    return parameters


def unquoted(text: str) -> str:
    """Take the quotes and quoted pairs off a quoted string; other text stays as it is."""
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def with_parameter(value: str, name: str, instead: str = "") -> str:
    """Put `instead` in the place of a parameter; what is quoted or in brackets stays as it is."""
    pattern = (
        rf"{_QUOTED}|<[^<>]*>|([ \t]*;[ \t]*{re.escape(name)}"
        rf"(?:[ \t]*=[ \t]*(?:{_QUOTED}|[^;,\"]*))?(?=[ \t]*(?:;|$)))"
    )
    return re.sub(pattern, lambda found: instead if found[1] else found[0], value, flags=re.I)


def parse_via(value: str) -> Via:
    """Read one Via element."""
    match = _VIA.match(value)
    if match is None:
        raise SipSyntaxError("Via is not well formed")
    port = _port(match[3])
    return Via(match[1].upper(), match[2], port, parse_parameters(value[match.end() :].strip()))


def parse_address(value: str) -> Address:
    """Read name-addr or addr-spec with its parameters; the URI is checked."""
    value = value.strip()
    named = _NAME_ADDR.match(value)
    bare = None if named else _ADDR_SPEC.match(value)
    match = named or bare
    if match is None:
        raise SipSyntaxError("an address is not well formed")
    uri = named[3] if named else match[0]
    name = unquoted(named[1] or named[2].strip()) if named else ""
    check_uri(uri)
    return Address(uri, name, parse_parameters(value[match.end() :].strip()))


def parse_cseq(value: str) -> CSeq:
    """Read CSeq; numbers of 2**31 and more are refused."""
    try:
        cseq = sipmessage.CSeq.parse(value) if value.isascii() else None
    except ValueError:
        cseq = None
    if cseq is None:
        raise SipSyntaxError("CSeq is not well formed")
    if cseq.sequence >= CSEQ_LIMIT:
        raise SipSyntaxError("CSeq number is 2**31 or more")
    return CSeq(cseq.sequence, cseq.method)


def parse_media_type(value: str) -> tuple[str, dict[str, str | None]]:
    """Read a media type: type/subtype in lower case, and its parameters."""
    match = _MEDIA_TYPE.match(value)
    if match is None:
        raise SipSyntaxError("a media type is not well formed")
    return f"{match[1]}/{match[2]}".lower(), parse_parameters(value[match.end() :].strip())


def parse_number(value: str, limit: int) -> int:
    """Read a decimal number from 0 to the limit; signs, other digits and huge ones are refused."""
    digits = value.lstrip("0") or value[-1:]
    if not (value.isascii() and value.isdigit()) or len(digits) > 10 or int(digits) > limit:
        raise SipSyntaxError(f"not a number from 0 to {limit}")
    return int(digits)


def check_uri(uri: str) -> None:
    """Refuse what is not a URI. A scheme we do not serve is well formed: 416 is for the handler."""
    scheme, colon, rest = uri.partition(":")
    if not colon or not uri.isascii():
        raise SipSyntaxError("URI is not well formed")
    if scheme.lower() in ("sip", "sips"):
        _check_sip_uri(rest)
    elif scheme.lower() == "tel":
        number, semicolon, parameters = rest.partition(";")
        if not _TELEPHONE_NUMBER.fullmatch(number):
            raise SipSyntaxError("telephone number is not well formed")
        _check_uri_parameters(semicolon + parameters, headers=False)
    elif not _ABSOLUTE_URI.fullmatch(uri):
        raise SipSyntaxError("URI is not well formed")


def _check_sip_uri(rest: str) -> None:
    # "@" is escaped in parameters and headers, so the last one ends the user part.
    user, at, place = rest.rpartition("@")
    host = _URI_HOST.match(place)
    if host is None:
        raise SipSyntaxError("URI has no well-formed host")
    _port(host[2][1:] if host[2] else None)
    if at:
        try:
            sipmessage.URI.parse(f"sip:{user}@host.invalid")
        except Exception as error:  # it fails in several ways
            raise SipSyntaxError("URI is not well formed") from error
    _check_uri_parameters(place[host.end() :], headers=True)


def _check_uri_parameters(text: str, headers: bool) -> None:
    match = _URI_PARAMETERS.fullmatch(text)
    if match is None or (match["headers"] and not headers):
        raise SipSyntaxError("URI parameters are not well formed")


def _port(digits: str | None) -> int | None:
    port = int(digits) if digits else None
    if port is not None and port > 65535:
        raise SipSyntaxError("a port is beyond 65535")
    return port
