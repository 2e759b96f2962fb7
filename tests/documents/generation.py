"""Documents made from a schema's own components, and small harm done to them."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st
from lxml import etree
from xmlschema.validators import XsdAnyElement, XsdElement, XsdGroup, XsdUnion

from muster.documents.schemas import SchemaSet, own_schemas

Draw = Callable[[st.SearchStrategy[Any]], Any]

DEEP = 6
LARGE = 100
"""Below this level, and beyond so many elements, only what must be there is made."""
FOREIGN = "{urn:example:foreign}note"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

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
def documents(draw: Draw, qname: str, schemas: SchemaSet | None = None) -> etree._Element:
    """A valid document with this root, by our schemas or by others."""
    return _Maker(draw, schemas or own_schemas()).document(qname)


class _Maker:
    """Walks the components of a schema and draws wherever they leave a choice."""

    def __init__(self, draw: Draw, schemas: SchemaSet) -> None:
        self._draw = draw
        self._known = schemas.compiled([]).deciding.maps.elements
        self._ids = 0
        self._made = 0

    def document(self, qname: str) -> etree._Element:
        root = etree.Element(qname, nsmap={None: etree.QName(qname).namespace or ""})
        self._fill(root, self._known[qname], 0)
        return root

    def _fill(self, element: etree._Element, declaration: XsdElement, depth: int) -> None:
        self._made += 1
        kind = self._concrete(element, declaration)
        for name, attribute in kind.attributes.items() if kind.is_complex() else ():
            if not name or attribute.use == "prohibited":
                continue
            if attribute.use == "required" or (depth < DEEP and self._draw(st.booleans())):
                element.set(name, attribute.fixed or self._value(attribute.type, depth))
        if kind.is_simple() or kind.has_simple_content():
            element.text = self._value(kind if kind.is_simple() else kind.content, depth)
        elif isinstance(kind.content, XsdGroup):
            self._group(element, kind.content, depth)

    def _concrete(self, element: etree._Element, declaration: XsdElement) -> Any:
        """The declared type, or one derived from it and named in the document."""
        kind = declaration.type
        if not kind.is_complex() or not kind.abstract:
            return kind
        derived = sorted(
            (each for each in kind.maps.types.values() if _derives(each, kind)),
            key=lambda each: str(each.name),
        )
        chosen = self._draw(st.sampled_from(derived))
        element.set(XSI_TYPE, chosen.local_name)
        return chosen

    def _times(self, particle: Any, depth: int) -> int:
        least = particle.min_occurs
        if depth >= DEEP or self._made >= LARGE:
            return int(least)
        # A repeated choice is how most of these schemas write "any of these".
        more = 5 if depth < 3 and getattr(particle, "model", "") == "choice" else 2
        most = least + more if particle.max_occurs is None else min(particle.max_occurs, least + 2)
        return int(self._draw(st.integers(least, most)))

    def _group(self, parent: etree._Element, group: XsdGroup, depth: int) -> None:
        for _ in range(self._times(group, depth)):
            parts = list(group)
            if group.model == "choice" and parts:
                parts = [self._draw(st.sampled_from(parts))]
            for part in parts:
                self._particle(parent, part, depth)

    def _particle(self, parent: etree._Element, part: Any, depth: int) -> None:
        if isinstance(part, XsdGroup):
            self._group(parent, part, depth)
            return
        for _ in range(self._times(part, depth)):
            if isinstance(part, XsdAnyElement):
                self._anything(parent, part, depth)
            elif isinstance(part, XsdElement):
                made = self._substituted(part)
                self._fill(etree.SubElement(parent, made.name), made, depth + 1)

    def _anything(self, parent: etree._Element, wildcard: XsdAnyElement, depth: int) -> None:
        """What nobody knows, or an extension that the schemas declare for such a place."""
        declared = self._extensions(parent, wildcard) if depth < DEEP // 2 else []
        name = self._draw(st.sampled_from([FOREIGN, *declared]))
        child = etree.SubElement(parent, name)
        if name != FOREIGN:
            self._fill(child, self._known[name], depth + 1)

    def _extensions(self, parent: etree._Element, wildcard: XsdAnyElement) -> list[str]:
        own = etree.QName(parent).namespace
        policy = "{urn:ietf:params:xml:ns:common-policy}ruleset"
        return sorted(
            name
            for name, element in self._known.items()
            if (etree.QName(name).namespace == own or name == policy)
            and not element.abstract
            and wildcard.is_matching(name)
        )

    def _substituted(self, element: XsdElement) -> XsdElement:
        """The element itself or, where it is abstract, one that may stand for it."""
        if not element.abstract:
            return element.ref or element
        members = sorted(element.iter_substitutes(), key=lambda each: str(each.name))
        return self._draw(st.sampled_from([each for each in members if not each.abstract]))

    def _value(self, kind: Any, salt: int) -> str:
        if isinstance(kind, XsdUnion):
            return self._value(self._draw(st.sampled_from(kind.member_types)), salt)
        if getattr(kind, "max_length", None) == 0:
            return ""
        if kind.enumeration:
            return str(self._draw(st.sampled_from([str(each) for each in kind.enumeration])))
        names = {base.local_name for base in _bases(kind)}
        if "ID" in names:
            self._ids += 1
            return f"id-{self._ids}"
        for name in names & WORDS.keys():
            return str(self._draw(st.sampled_from(WORDS[name])))
        if "decimal" in names:
            least = 0 if kind.min_value is None else int(kind.min_value)
            most = least + 9 if kind.max_value is None else min(int(kind.max_value), least + 9)
            return str(self._draw(st.integers(least, most)))
        return f"word{salt}"


def _bases(kind: Any) -> Iterator[Any]:
    while kind is not None:
        yield kind
        kind = kind.base_type


def _derives(kind: Any, base: Any) -> bool:
    return kind is not base and kind.is_complex() and not kind.abstract and base in _bases(kind)


Harm = Callable[[etree._Element], None]


def _drop(victim: etree._Element) -> None:
    _parent(victim).remove(victim)


def _move_first(victim: etree._Element) -> None:
    _parent(victim).insert(0, victim)


def _rename(victim: etree._Element) -> None:
    victim.tag = f"{{{etree.QName(victim).namespace or 'urn:none'}}}no-such-name"


def _move_away(victim: etree._Element) -> None:
    victim.tag = f"{{urn:example:other}}{etree.QName(victim).localname}"


def _retype(victim: etree._Element) -> None:
    victim.text = "neither number nor time"


def _strip(victim: etree._Element) -> None:
    del victim.attrib[next(iter(victim.attrib))]


def _add_attribute(victim: etree._Element) -> None:
    victim.set("no-such-attribute", "1")


def _double(victim: etree._Element) -> None:
    victim.addnext(copy.deepcopy(victim))


def _parent(victim: etree._Element) -> etree._Element:
    parent = victim.getparent()
    assert parent is not None
    return parent


def _any(victim: etree._Element) -> bool:
    return True


def _is_inside(victim: etree._Element) -> bool:
    return victim.getparent() is not None


HARM: dict[Harm, Callable[[etree._Element], bool]] = {
    _drop: _is_inside,
    _move_first: lambda victim: victim.getprevious() is not None,
    _rename: _any,
    _move_away: _any,
    _retype: _any,
    _strip: lambda victim: bool(victim.attrib),
    _add_attribute: _any,
    _double: _is_inside,
}
"""What can be done to an element, and to which elements."""


def victims_of(harm: Harm, root: etree._Element) -> list[etree._Element]:
    """The elements to which it can be done; what nobody declares is left alone."""
    return [e for e in root.iter(etree.Element) if e.tag != FOREIGN and HARM[harm](e)]


@st.composite
def harmed(draw: Draw, qname: str, schemas: SchemaSet | None = None) -> etree._Element:
    """A document that was valid before one thing was done to it."""
    root = draw(documents(qname, schemas))
    harm = draw(st.sampled_from([each for each in HARM if victims_of(each, root)]))
    harm(draw(st.sampled_from(victims_of(harm, root))))
    return root
