"""Writes the bodies that the UE sends in SIP: mcptt-info, poc-settings and resource-lists."""

from collections.abc import Iterable
from typing import cast

from lxml import etree

from muster.protocol.sip.multipart import Part
from muster.ue.reference import names


def mcptt_info(
    *,
    access_token: str | None = None,
    request_uri: str | None = None,
    client_id: str | None = None,
    partner_mcptt_id: str | None = None,
    primary_mcptt_id: str | None = None,
) -> Part:
    """Write the elements that are given, in the order of the schema (TS 24.379, F.1)."""
    root = etree.Element(_info("mcpttinfo"), nsmap=_default(names.MCPTT_INFO))
    parameters = etree.SubElement(root, _info("mcptt-Params"))
    _content(parameters, "mcptt-access-token", "mcpttString", access_token)
    _content(parameters, "mcptt-request-uri", "mcpttURI", request_uri)
    _content(parameters, "mcptt-client-id", "mcpttString", client_id)
    if partner_mcptt_id or primary_mcptt_id:
        extension = etree.SubElement(parameters, _info("anyExt"))
        _content(extension, "partner-mcptt-id", "mcpttURI", partner_mcptt_id)
        _content(extension, "primary-mcptt-id", "mcpttURI", primary_mcptt_id)
    return Part(names.MCPTT_INFO_TYPE, _serialise(root))


def poc_settings(instance_id: str, profile_index: int) -> Part:
    """Write the settings that select the active user profile (TS 24.379, 7.4.1.2.2)."""
    namespaces = {**_default(names.POC_SETTINGS), "mcs10Set": names.MCS_SETTINGS}
    root = etree.Element(f"{{{names.POC_SETTINGS}}}poc-settings", nsmap=namespaces)
    entity = etree.SubElement(root, f"{{{names.POC_SETTINGS}}}entity", id=instance_id)
    selected = etree.SubElement(entity, f"{{{names.MCS_SETTINGS}}}selected-user-profile-index")
    index = etree.SubElement(selected, f"{{{names.MCS_SETTINGS}}}user-profile-index")
    index.text = str(profile_index)
    return Part(names.POC_SETTINGS_TYPE, _serialise(root))


def resource_list(uris: Iterable[str]) -> Part:
    """Write what a subscription is for: documents, and collections that end in a slash."""
    root = etree.Element(
        f"{{{names.RESOURCE_LISTS}}}resource-lists", nsmap=_default(names.RESOURCE_LISTS)
    )
    entries = etree.SubElement(root, f"{{{names.RESOURCE_LISTS}}}list")
    for uri in uris:
        etree.SubElement(entries, f"{{{names.RESOURCE_LISTS}}}entry", uri=uri)
    return Part(names.RESOURCE_LISTS_TYPE, _serialise(root))


def _default(namespace: str) -> dict[str, str]:
    # lxml takes None for "no prefix"; its type stubs do not know that.
    return cast(dict[str, str], {None: namespace})


def _info(name: str) -> str:
    return f"{{{names.MCPTT_INFO}}}{name}"


def _content(parent: etree._Element, name: str, kind: str, value: str | None) -> None:
    if value is None:
        return
    element = etree.SubElement(parent, _info(name), type="Normal")
    etree.SubElement(element, _info(kind)).text = value


def _serialise(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
