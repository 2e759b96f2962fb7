"""Changes of served documents: each takes the bytes of a document and gives others back."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from muster.documents.parse import parse

FOREIGN = "urn:example:station-board"
"""A namespace of nobody's: elements in it are extensions that no client knows."""


GROUP_INFO = "urn:3gpp:ns:mcpttGroupInfo:1.0"


def _namespace(root: etree._Element) -> str:
    return etree.QName(root).namespace or ""


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _of_later_release(namespace: str) -> etree._Element:
    """An element that a later release could bring, below the anyExt that is meant for it."""
    extension = etree.Element(f"{{{namespace}}}anyExt")
    later = etree.SubElement(extension, f"{{{namespace}}}of-a-later-release", index="0")
    etree.SubElement(later, f"{{{namespace}}}uri-entry").text = "sip:nobody@later.example"
    return extension


def _of_other_namespace() -> etree._Element:
    board = etree.Element(f"{{{FOREIGN}}}board", nsmap={"board": FOREIGN})
    etree.SubElement(board, f"{{{FOREIGN}}}lamp", colour="red").text = "42"
    return board


def _extended(root: etree._Element, path: str) -> None:
    """Put both kinds of extension at the end of each part, where the schemas have them."""
    namespace = _namespace(root)
    steps = "/".join(f"{{{namespace}}}{step}" for step in path.split("/"))
    for part in root.findall(steps):
        known = part.find(f"{{{namespace}}}anyExt")
        if known is None:
            part.append(_of_later_release(namespace))
        else:
            known.insert(0, _of_later_release(namespace)[0])
        part.append(_of_other_namespace())


def profile_with_extensions(body: bytes) -> bytes:
    """Extend root, parts and group entries of an MCPTT user profile."""
    root = parse(body)
    for path in ("Common", "OnNetwork", "OnNetwork/MCPTTGroupInfo/entry"):
        _extended(root, path)
    root.insert(0, _of_other_namespace())
    root.insert(3, _of_later_release(_namespace(root)))
    root.set("mood", "calm")
    return _written(root)


def ue_configuration_with_extensions(body: bytes) -> bytes:
    root = parse(body)
    for path in ("common", "on-network"):
        _extended(root, path)
    return _written(root)


def service_configuration_with_extensions(body: bytes) -> bytes:
    root = parse(body)
    for part in ("fc-timers-counters", "signalling-protection"):
        _extended(root, f"service-configuration-params/on-network/{part}")
    return _written(root)


def group_with_extensions(body: bytes) -> bytes:
    """Extend list-service and its members, where any other namespace may stand."""
    root = parse(body)
    (service,) = root.findall(f"{{{_namespace(root)}}}list-service")
    service.append(_of_other_namespace())
    for member in service.findall(f"{{{_namespace(root)}}}list/{{{_namespace(root)}}}entry"):
        member.append(_of_other_namespace())
    return _written(root)


def disabled_group(body: bytes) -> bytes:
    """Say that the group is not for use on the network (TS 24.481 7.2.8)."""
    root = parse(body)
    (service,) = root.findall(f"{{{_namespace(root)}}}list-service")
    etree.SubElement(service, f"{{{GROUP_INFO}}}on-network-disabled")
    return _written(root)


def profile_with_children_reversed(body: bytes) -> bytes:
    """Give the children of the root in the opposite order."""
    root = parse(body)
    for child in list(root):
        root.insert(0, child)
    return _written(root)


def group_of_an_extension(body: bytes, group_id: str) -> bytes:
    """Name a group in an element of another namespace, beside one of the profile's groups."""
    root = parse(body)
    network = root.find(f"{{{_namespace(root)}}}OnNetwork")
    assert network is not None
    # MCPTT and MCData have one list, MCVideo one such element for each group.
    groups = next(one for one in network if etree.QName(one).localname.endswith("GroupInfo"))
    name = etree.QName(groups[0]).localname
    entry = etree.SubElement(groups, f"{{{FOREIGN}}}{name}", nsmap={"board": FOREIGN})
    etree.SubElement(entry, f"{{{FOREIGN}}}uri-entry").text = group_id
    return _written(root)


def group_kept_by(body: bytes, group_id: str, psi: str) -> bytes:
    """Name the group server that keeps a group of an MCVideo user profile (GMS-Serv-Id)."""
    root = parse(body)
    namespace = _namespace(root)
    for known in root.iter(f"{{{namespace}}}MCVideoGroupInfo"):
        if known.findtext(f"{{{namespace}}}MCVideo-Group-ID/{{{namespace}}}uri-entry") == group_id:
            server = etree.Element(f"{{{namespace}}}GMS-Serv-Id", index="0")
            etree.SubElement(server, f"{{{namespace}}}uri-entry").text = psi
            known.insert(1, server)
    return _written(root)


def groups_listed_again(body: bytes) -> bytes:
    """List the first group a second time, under an index of its own."""
    root = parse(body)
    namespace = _namespace(root)
    (groups,) = root.findall(f"{{{namespace}}}OnNetwork/{{{namespace}}}MCPTTGroupInfo")
    again = etree.fromstring(etree.tostring(groups[0]))
    again.set("index", str(len(groups)))
    groups.append(again)
    return _written(root)


def with_groups(body: bytes, group_ids: Iterable[str]) -> bytes:
    """List these groups and no others."""
    root = parse(body)
    namespace = _namespace(root)
    (groups,) = root.findall(f"{{{namespace}}}OnNetwork/{{{namespace}}}MCPTTGroupInfo")
    groups[:] = []
    for index, group_id in enumerate(group_ids):
        entry = etree.SubElement(groups, f"{{{namespace}}}entry", index=str(index))
        etree.SubElement(entry, f"{{{namespace}}}uri-entry").text = group_id
    return _written(root)


def with_aliases(body: bytes, *aliases: str, far: Iterable[str] = ()) -> bytes:
    """List functional aliases; those of `far` are activated by entering a place at the pole.

    The names below the list are those of the MCVideo schema.
    """
    root = parse(body)
    namespace = _namespace(root)
    (network,) = root.findall(f"{{{namespace}}}OnNetwork")
    extension = network.find(f"{{{namespace}}}anyExt")
    if extension is None:
        extension = etree.SubElement(network, f"{{{namespace}}}anyExt")
    listed = etree.SubElement(extension, f"{{{namespace}}}FunctionalAliasList")
    for index, alias in enumerate((*aliases, *far)):
        entry = etree.SubElement(listed, f"{{{namespace}}}entry", index=str(index))
        etree.SubElement(entry, f"{{{namespace}}}uri-entry").text = alias
        if alias in far:
            _wait_for_the_pole(entry)
    return _written(root)


def _wait_for_the_pole(entry: etree._Element) -> None:
    """Let an alias wait until the user enters a place that nobody enters (TS 23.032 coding)."""
    namespace = _namespace(entry)
    area = entry
    for step in ("anyExt", "LocationCriteriaForActivation", "EnterSpecificArea", "PolygonArea"):
        area = etree.SubElement(area, f"{{{namespace}}}{step}")
    for longitude in ("0", "10", "20"):
        corner = etree.SubElement(area, f"{{{namespace}}}Corner")
        etree.SubElement(corner, f"{{{namespace}}}Longitude").text = longitude
        etree.SubElement(corner, f"{{{namespace}}}Latitude").text = "16777215"


def cut_off(body: bytes) -> bytes:
    """Leave the end of the document out: it is not well-formed any more."""
    return body[: body.rindex(b"</")]


def in_another_namespace(body: bytes) -> bytes:
    """Give the root and all that is of its namespace another one."""
    root = parse(body)
    own = _namespace(root).encode()
    return body.replace(own, b"urn:example:not-a-user-profile")


def protection_off_in_digits(body: bytes) -> bytes:
    """Write the booleans of the protection as 0, the other spelling of false."""
    root = parse(body)
    for element in root.iter(f"{{{_namespace(root)}}}signalling-protection"):
        for switch in element:
            switch.text = "0"
    return _written(root)
