"""What rules need to read a document: children by name, readable paths, counts."""

from collections.abc import Iterator

from lxml import etree

from muster.documents.parse import line_of, path_of
from muster.documents.rules.registry import RuleProblem


def namespace_of(element: etree._Element) -> str:
    """Return the namespace of an element."""
    return etree.QName(element).namespace or ""


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    """Return the children of that name in the parent's own namespace."""
    return parent.findall(f"{{{namespace_of(parent)}}}{name}")


def descendants(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield elements of these names in the root's own namespace, at any depth."""
    yield from root.iter(*(f"{{{namespace_of(root)}}}{name}" for name in names))


def below(parent: etree._Element, *path: str) -> list[etree._Element]:
    """Return what stands at a path of names, all in the namespace of `parent`."""
    found = [parent]
    for name in path:
        found = [child for each in found for child in children(each, name)]
    return found


def text_of(element: etree._Element) -> str:
    """Return the text without the white space around it."""
    return (element.text or "").strip()


def departure(element: etree._Element, expected: str, observed: str) -> RuleProblem:
    """Return a problem at an element."""
    return RuleProblem(line_of(element), path_of(element), expected, observed)


def exactly_one(parent: etree._Element, name: str) -> Iterator[RuleProblem]:
    """Yield a problem unless there is one child of that name."""
    count = len(children(parent, name))
    if count != 1:
        yield departure(parent, f"one <{name}>", f"{count}")


def at_most_one(parent: etree._Element, name: str) -> Iterator[RuleProblem]:
    """Yield a problem if there are several children of that name."""
    found = children(parent, name)
    if len(found) > 1:
        yield departure(found[1], f"at most one <{name}>", f"{len(found)}")


def has_attribute(element: etree._Element, name: str) -> Iterator[RuleProblem]:
    """Yield a problem unless the attribute is there and says something."""
    value = element.get(name)
    if value is None or not value.strip():
        observed = "no such attribute" if value is None else "an empty value"
        yield departure(element, f"the attribute {name} with a value", observed)
