"""Documents made from a schema's own components, and small harm done to them."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from lxml import etree
from xmlschema.validators import XsdAnyElement, XsdElement, XsdGroup, XsdUnion

from muster.documents.schemas import own_schemas

Draw = Callable[[st.SearchStrategy[Any]], Any]

DEEP = 6
"""Below this level only what must be there is made."""
FOREIGN = "{urn:example:foreign}note"

WORDS = {
    "boolean": ["true", "false", "1", "0", " true "],
    "duration": ["PT5S", "P1D", "PT0.5S"],
    "dateTime": ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00"],
    "hexBinary": ["0a0B", "A1B2C3"],
    "base64Binary": ["aGVsbG8=", ""],
    "anyURI": ["sip:alice@primary.example", "https://cms.primary.example:8443/xcap"],
    "language": ["en", "fr-FR"],
}


@st.composite
def documents(draw: Draw, qname: str) -> etree._Element:
    """A valid document with this root."""
    schemas = own_schemas()
    namespace = etree.QName(qname).namespace or ""
    declaration = schemas.compiled([namespace]).deciding.maps.elements[qname]
    root = etree.Element(qname)
    _fill(draw, root, declaration, 0)
    return root


def _fill(draw: Draw, element: etree._Element, declaration: XsdElement, depth: int) -> None:
    for name, attribute in declaration.attributes.items():
        if name and (attribute.use == "required" or (depth < DEEP and draw(st.booleans()))):
            element.set(name, attribute.fixed or _value(draw, attribute.type, depth))
    kind = declaration.type
    if kind.is_simple() or kind.has_simple_content():
        element.text = _value(draw, kind if kind.is_simple() else kind.content, depth)
    elif isinstance(kind.content, XsdGroup):
        _group(draw, element, kind.content, depth)


def _times(draw: Draw, particle: Any, depth: int) -> int:
    least = particle.min_occurs
    if depth >= DEEP:
        return int(least)
    most = least + 2 if particle.max_occurs is None else min(particle.max_occurs, least + 2)
    return int(draw(st.integers(least, most)))


def _group(draw: Draw, parent: etree._Element, group: XsdGroup, depth: int) -> None:
    for _ in range(_times(draw, group, depth)):
        parts = list(group)
        if group.model == "choice" and parts:
            parts = [draw(st.sampled_from(parts))]
        for part in parts:
            _particle(draw, parent, part, depth)


def _particle(draw: Draw, parent: etree._Element, part: Any, depth: int) -> None:
    if isinstance(part, XsdGroup):
        _group(draw, parent, part, depth)
        return
    for _ in range(_times(draw, part, depth)):
        if isinstance(part, XsdAnyElement):
            etree.SubElement(parent, FOREIGN)
        elif isinstance(part, XsdElement):
            _fill(draw, etree.SubElement(parent, part.name), part, depth + 1)


def _value(draw: Draw, kind: Any, salt: int) -> str:
    if isinstance(kind, XsdUnion):
        return _value(draw, draw(st.sampled_from(kind.member_types)), salt)
    if getattr(kind, "max_length", None) == 0:
        return ""
    if kind.enumeration:
        return str(draw(st.sampled_from([str(each) for each in kind.enumeration])))
    base = kind
    while base is not None:
        if base.local_name in WORDS:
            return str(draw(st.sampled_from(WORDS[base.local_name])))
        base = base.base_type
    if kind.is_decimal() or _is_number(kind):
        least = 0 if kind.min_value is None else int(kind.min_value)
        most = least + 9 if kind.max_value is None else min(int(kind.max_value), least + 9)
        return str(draw(st.integers(least, most)))
    return f"word{salt}"


def _is_number(kind: Any) -> bool:
    return kind.root_type is not None and kind.root_type.local_name == "decimal"


def _drop(root: etree._Element, victim: etree._Element) -> None:
    parent = victim.getparent()
    if parent is not None:
        parent.remove(victim)


def _move_first(root: etree._Element, victim: etree._Element) -> None:
    parent = victim.getparent()
    if parent is not None:
        parent.insert(0, victim)


def _rename(root: etree._Element, victim: etree._Element) -> None:
    victim.tag = f"{{{etree.QName(victim).namespace or 'urn:none'}}}no-such-name"


def _move_away(root: etree._Element, victim: etree._Element) -> None:
    victim.tag = f"{{urn:example:other}}{etree.QName(victim).localname}"


def _retype(root: etree._Element, victim: etree._Element) -> None:
    victim.text = "neither number nor time"


def _strip(root: etree._Element, victim: etree._Element) -> None:
    for name in list(victim.attrib)[:1]:
        del victim.attrib[name]


def _add_attribute(root: etree._Element, victim: etree._Element) -> None:
    victim.set("no-such-attribute", "1")


def _double(root: etree._Element, victim: etree._Element) -> None:
    victim.addnext(copy.deepcopy(victim)) if victim is not root else None


HARM = [_drop, _move_first, _rename, _move_away, _retype, _strip, _add_attribute, _double]


@st.composite
def harmed(draw: Draw, qname: str) -> etree._Element:
    """A document that was valid before one thing was done to it."""
    root = draw(documents(qname))
    victims = list(root.iter(etree.Element))
    draw(st.sampled_from(HARM))(root, draw(st.sampled_from(victims)))
    return root
