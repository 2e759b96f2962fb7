"""Reads the documents that the servers hand out; takes from them what the UE needs and no more."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from muster.ue.reference import names
from muster.ue.reference.refusal import Refusal

BODY_LIMIT = 2 * 1024 * 1024


@dataclass(frozen=True)
class AccessInformation:
    """Where the servers of one MC system are (TS 24.484, 7.2)."""

    domain: str
    idms_auth_endpoint: str
    idms_token_endpoint: str
    kms: str
    cms: str
    """PSI that takes the SUBSCRIBE for configuration documents."""
    gms_uri: str
    """PSI that takes the SUBSCRIBE for group documents."""
    cms_xcap_root: str
    gms_xcap_root: str
    server_uri: str
    """PSI of the MC service server; its host and port take all SIP of the system."""
    xui_uri: str | None = None


@dataclass(frozen=True)
class PartnerSystem:
    """One entry of a user profile's list of partner systems."""

    system_id: str
    access: AccessInformation


@dataclass(frozen=True)
class UserProfile:
    """One user profile, as far as it steers the UE (TS 24.484, 8.3)."""

    index: int
    is_preselected: bool
    is_enabled: bool
    groups: tuple[str, ...]
    partners: tuple[PartnerSystem, ...]


@dataclass(frozen=True)
class ServiceConfiguration:
    """What the MC service demands of its clients; absent protection elements mean true."""

    confidentiality_protection: bool
    integrity_protection: bool


@dataclass(frozen=True)
class DocumentChange:
    """One document of an xcap-diff; no new ETag means that the document is gone (RFC 5874)."""

    selector: str
    new_etag: str | None


@dataclass(frozen=True)
class XcapDiff:
    """The body of a NOTIFY: the XCAP root and the documents below it."""

    xcap_root: str
    changes: tuple[DocumentChange, ...]


def parse(body: bytes, namespace: str, root_name: str) -> etree._Element:
    """Parse without entities, DTD or network; refuse any DOCTYPE and any other root element."""
    if len(body) > BODY_LIMIT:
        raise Refusal(f"{root_name}: the document is longer than {BODY_LIMIT} octets")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal(f"{root_name}: not well-formed: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refusal(f"{root_name}: the document has a DOCTYPE")
    if root.tag != f"{{{namespace}}}{root_name}":
        raise Refusal(f"{root_name}: the root element is {root.tag}")
    return root


def read_initial_configuration(body: bytes) -> AccessInformation:
    """Read the MCS UE initial configuration document of the UE's own system."""
    return _access(parse(body, names.INIT_CONFIG, "mcptt-UE-initial-configuration"))


def read_ue_configuration(body: bytes) -> str:
    """Read the UE configuration document; returns the domain it is for."""
    root = parse(body, names.UE_CONFIG, "mcptt-UE-configuration")
    for part in ("common", "on-network"):
        if root.find(f"{{{names.UE_CONFIG}}}{part}") is None:
            raise Refusal(f"mcptt-UE-configuration: no {part}")
    return _attribute(root, "domain")


def read_user_profile(body: bytes) -> UserProfile:
    """Read index, marks, groups and partner systems of one user profile."""
    root = parse(body, names.USER_PROFILE, "mcptt-user-profile")
    return UserProfile(
        index=_number(_attribute(root, "user-profile-index"), "user-profile-index"),
        is_preselected=root.find(_profile("Pre-selected-indication")) is not None,
        is_enabled=_boolean(root.findtext(_profile("Status")), default=True),
        groups=tuple(_texts(root, _profile("OnNetwork/MCPTTGroupInfo/entry/uri-entry"))),
        partners=tuple(_partners(root)),
    )


def read_service_configuration(body: bytes) -> ServiceConfiguration:
    """Read what the service configuration says about protection of signalling."""
    root = parse(body, names.SERVICE_CONFIG, "service-configuration-info")
    steps = ("service-configuration-params", "on-network", "signalling-protection")
    place = "/".join(f"{{{names.SERVICE_CONFIG}}}{step}" for step in steps)
    prefix = f"{place}/{{{names.SERVICE_CONFIG}}}"
    return ServiceConfiguration(
        confidentiality_protection=_boolean(
            root.findtext(prefix + "confidentiality-protection"), default=True
        ),
        integrity_protection=_boolean(root.findtext(prefix + "integrity-protection"), default=True),
    )


def read_group(body: bytes) -> str:
    """Read a group document; returns the group ID that it says it is for."""
    root = parse(body, names.LIST_SERVICE, "group")
    service = root.find(f"{{{names.LIST_SERVICE}}}list-service")
    if service is None:
        raise Refusal("group: no list-service")
    return _attribute(service, "uri")


def read_xcap_diff(body: bytes) -> XcapDiff:
    """Read the notification of RFC 5874."""
    root = parse(body, names.XCAP_DIFF, "xcap-diff")
    return XcapDiff(
        xcap_root=_attribute(root, "xcap-root"),
        changes=tuple(
            DocumentChange(_attribute(document, "sel"), document.get("new-etag"))
            for document in root.iterchildren(f"{{{names.XCAP_DIFF}}}document")
        ),
    )


def _access(root: etree._Element) -> AccessInformation:
    def needed(path: str) -> str:
        return _needed(root, names.INIT_CONFIG, "on-network/" + path)

    return AccessInformation(
        domain=_attribute(root, "domain"),
        idms_auth_endpoint=needed("App-Server-Info/idms-auth-endpoint"),
        idms_token_endpoint=needed("App-Server-Info/idms-token-endpoint"),
        kms=needed("App-Server-Info/kms"),
        cms=needed("App-Server-Info/cms"),
        gms_uri=needed("GMS-URI"),
        cms_xcap_root=needed("CMS-XCAP-root-URI").rstrip("/"),
        gms_xcap_root=needed("GMS-XCAP-root-URI").rstrip("/"),
        server_uri=needed("anyExt/MCPTT-Service-Details/Server-URI"),
        xui_uri=root.get("XUI-URI"),
    )


def _partners(profile: etree._Element) -> Iterator[PartnerSystem]:
    embedded = f"{{{names.INIT_CONFIG}}}mcptt-UE-initial-configuration"
    for entry in profile.iterfind(_profile(f"OnNetwork/anyExt/{names.MIGRATABLE_PARTNER}")):
        access = entry.find(embedded)
        if access is None:
            raise Refusal(f"{names.MIGRATABLE_PARTNER}: no access information")
        yield PartnerSystem(
            _needed(entry, names.USER_PROFILE, names.PARTNER_SYSTEM_ID), _access(access)
        )


def _profile(path: str) -> str:
    return "/".join(f"{{{names.USER_PROFILE}}}{step}" for step in path.split("/"))


def _needed(parent: etree._Element, namespace: str, path: str) -> str:
    text = parent.findtext("/".join(f"{{{namespace}}}{step}" for step in path.split("/")))
    if text is None or not text.strip():
        raise Refusal(f"{etree.QName(parent).localname}: no {path}")
    return text.strip()


def _texts(root: etree._Element, path: str) -> Iterator[str]:
    for element in root.iterfind(path):
        if element.text and element.text.strip():
            yield element.text.strip()


def _attribute(element: etree._Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise Refusal(f"{etree.QName(element).localname}: no attribute {name}")
    return value


def _number(text: str, name: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise Refusal(f"{name} is no number: {text!r}")
    return int(text)


def _boolean(text: str | None, *, default: bool) -> bool:
    return default if text is None else text.strip() in ("true", "1")
