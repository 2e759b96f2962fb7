"""Hardened XML parsing: what may come from outside is refused before any parser can act on it."""

import re
from dataclasses import dataclass

from lxml import etree

# Possessive: comments that hold comments must not cost exponential time.
_MISC = rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+"
_DOCTYPE = re.compile(rb"\A(?:\xef\xbb\xbf)?" + _MISC + rb"<!DOCTYPE", re.DOTALL)
_DECLARED_ENCODING = re.compile(
    rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)[\"']"
)


@dataclass(frozen=True)
class Limits:
    """How much of a document is read: far above any real configuration document."""

    size: int = 1024 * 1024
    """Bytes."""
    depth: int = 256
    """Levels of elements; libxml2 stops at the same number by itself."""


class DocumentRefused(ValueError):
    """The bytes are not taken as a document; `reason` is a word for programs."""

    def __init__(self, reason: str, message: str, line: int = 1) -> None:
        super().__init__(f"line {line}: {message}")
        self.reason = reason
        self.message = message
        self.line = line


def parse(data: bytes, limits: Limits = Limits()) -> etree._Element:
    """Return the root element, or raise DocumentRefused.

    Its reason is doctype, too_large, too_deep, not_utf8 or not_well_formed.
    """
    if len(data) > limits.size:
        raise DocumentRefused(
            "too_large", f"the document has {len(data)} bytes, {limits.size} are allowed"
        )
    _refuse_other_encodings(data)
    if _DOCTYPE.match(data):
        raise DocumentRefused(
            "doctype", "a document type declaration is not accepted", _line_of(data, b"<!DOCTYPE")
        )
    root = _well_formed(data, limits)
    _refuse_depth(root, data, limits)
    return root


def _refuse_other_encodings(data: bytes) -> None:
    """RFC 4825, 6.3 and 8.2.2: XCAP documents are UTF-8."""
    declared = _DECLARED_ENCODING.match(data)
    if declared and declared[1].lower() != b"utf-8":
        name = declared[1].decode("ascii", "replace")
        raise DocumentRefused("not_utf8", f"the document declares the encoding {name}, not UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentRefused("not_utf8", "the bytes are not UTF-8", line) from None
    # UTF-16 and UTF-32 without a byte order mark decode as UTF-8, but are full of zero bytes.
    if b"\0" in data:
        raise DocumentRefused(
            "not_utf8", "the document holds zero bytes: not UTF-8 text", _line_of(data, b"\0")
        )


def _well_formed(data: bytes, limits: Limits) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(error, limits) from None
    docinfo = root.getroottree().docinfo
    if docinfo.internalDTD is not None or docinfo.externalDTD is not None:
        raise DocumentRefused("doctype", "a document type declaration is not accepted")
    return root


def _refusal(error: etree.XMLSyntaxError, limits: Limits) -> DocumentRefused:
    message = error.msg or "the document is not well-formed"
    line = error.lineno or 1
    if "xcessive depth" in message:
        return DocumentRefused("too_deep", f"elements are nested over {limits.depth} levels", line)
    return DocumentRefused("not_well_formed", message, line)


def _refuse_depth(root: etree._Element, data: bytes, limits: Limits) -> None:
    # Every level but the last costs an end tag, so most documents need no walk.
    if data.count(b"</") < limits.depth:
        return
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.depth:
            raise DocumentRefused(
                "too_deep",
                f"elements are nested over {limits.depth} levels",
                line_of(element),
            )


def line_of(element: etree._Element) -> int:
    """Return the line where an element starts."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


def path_of(element: etree._Element) -> str:
    """Return a path of local names, with a number where siblings share a name."""
    steps: list[str] = []
    current: etree._Element | None = element
    while current is not None:
        steps.append(_step(current))
        current = current.getparent()
    return "/" + "/".join(reversed(steps))


def _step(element: etree._Element) -> str:
    name = etree.QName(element).localname
    parent = element.getparent()
    alike = [] if parent is None else parent.findall(element.tag)
    return f"{name}[{alike.index(element) + 1}]" if len(alike) > 1 else name


def _line_of(data: bytes, mark: bytes) -> int:
    return data.count(b"\n", 0, data.index(mark)) + 1
