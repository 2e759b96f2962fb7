"""Writes the bodies that the UE sends in SIP: information, settings and resource lists."""

from collections.abc import Iterable
from typing import cast

from lxml import etree

from muster.protocol.sip.multipart import Part
from muster.ue.reference import names
from muster.ue.reference.services import ServiceNames


def service_info(
    about: ServiceNames,
    *,
    access_token: str | None = None,
    request_uri: str | None = None,
    client_id: str | None = None,
    partner_id: str | None = None,
    primary_id: str | None = None,
    profile_index: int | None = None,
) -> Part:
    """Write the elements that are given, in the order of the schema (TS 24.379, F.1).

    The information bodies of MCVideo (TS 24.281, F.1) and MCData (TS 24.282, D.1) are made alike.
    """
    service, namespace = about.service, about.info_namespace
    root = etree.Element(f"{{{namespace}}}{service}info", nsmap=_default(namespace))
    parameters = etree.SubElement(root, f"{{{namespace}}}{service}-Params")
    _content(parameters, service, "access-token", "String", access_token)
    _content(parameters, service, "request-uri", "URI", request_uri)
    _content(parameters, service, "client-id", "String", client_id)
    if partner_id or primary_id:
        extension = etree.SubElement(parameters, f"{{{namespace}}}anyExt")
        _content(extension, service, "id", "URI", partner_id, before="partner-")
        _content(extension, service, "id", "URI", primary_id, before="primary-")
        if profile_index is not None:
            selected = etree.SubElement(extension, f"{{{namespace}}}selected-user-profile-index")
            index = etree.SubElement(selected, f"{{{namespace}}}user-profile-index")
            index.text = str(profile_index)
    return Part(about.info_type, _serialise(root))


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


def _content(
    parent: etree._Element,
    service: str,
    name: str,
    kind: str,
    value: str | None,
    *,
    before: str = "",
) -> None:
    if value is None:
        return
    of_info = f"{{{etree.QName(parent).namespace}}}"
    element = etree.SubElement(parent, f"{of_info}{before}{service}-{name}", type="Normal")
    etree.SubElement(element, f"{of_info}{service}{kind}").text = value


def _serialise(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
