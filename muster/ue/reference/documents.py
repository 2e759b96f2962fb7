"""Reads the documents that the servers hand out; takes from them what the UE needs and no more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from muster.protocol.sip.multipart import MultipartError, read_parts
from muster.ue.reference import names
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.services import MCPTT, SERVICES, ServiceNames

PDN_PATH = "on-network/HPLMN/service/MC-common-core-to-con-ref"
PROXY_PATH = "on-network/App-Server-Info/http-proxy"
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
    servers: Mapping[str, str]
    """By service the PSI of its server; host and port of the first take all SIP of the system."""
    plmn: str = ""
    """Of the network that is home to the system; empty where the document does not tell."""
    pdn: str = ""
    """Name of the PDN connection over which the system is reached; empty where none is named."""
    xui_uri: str | None = None
    http_proxy: str = ""
    """Where requests to all servers but the identity server go, if the UE uses a proxy."""

    def server_uri(self, service: str) -> str:
        """The PSI of the server of a service."""
        try:
            return self.servers[service]
        except KeyError:
            raise Refusal(f"no Server-URI is configured for {service}") from None


@dataclass(frozen=True)
class PartnerSystem:
    """One entry of a user profile's list of partner systems."""

    system_id: str
    access: AccessInformation | None
    """None where the entry does not tell how to reach the partner: it cannot be migrated to."""


@dataclass(frozen=True)
class FunctionalAlias:
    """One functional alias that the user may activate."""

    uri: str
    waits_for_place: bool
    """Whether it is activated by entering or leaving a place, and not by the user."""


@dataclass(frozen=True)
class UserProfile:
    """One user profile, as far as it steers the UE (TS 24.484, 8.3)."""

    index: int
    is_preselected: bool
    is_enabled: bool
    groups: tuple[str, ...]
    partners: tuple[PartnerSystem, ...]
    aliases: tuple[FunctionalAlias, ...] = ()
    group_servers: Mapping[str, str] = field(default_factory=dict)
    """By group ID the PSI of its group server, where that is another than the configured one."""


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


def read_initial_configuration(body: bytes, instance_id: str = "") -> AccessInformation:
    """Read the initial UE configuration of the UE's own system, if it is for this UE."""
    root = parse(body, names.INIT_CONFIG, "mcptt-UE-initial-configuration")
    if not _is_for(root, instance_id):
        raise Refusal("mcptt-UE-initial-configuration: for other UEs than this one")
    return _access(root)


def _is_for(root: etree._Element, instance_id: str) -> bool:
    """Without a UE identity it is for all UEs; ranges of IMEIs are taken on trust."""
    named = root.findall(f"{{{names.INIT_CONFIG}}}mcptt-UE-id")
    own = list(_texts(root, f"{{{names.INIT_CONFIG}}}mcptt-UE-id/*"))
    ranges = [each for one in named for each in one if len(each)]
    return not named or bool(ranges) or not instance_id or instance_id in own


def read_ue_configuration(body: bytes, service: ServiceNames = MCPTT) -> str:
    """Read the UE configuration document; returns the domain it is for."""
    known = service.ue_configuration
    root = parse(body, known.namespace, known.root)
    for part in ("common", "on-network"):
        if root.find(f"{{{known.namespace}}}{part}") is None:
            raise Refusal(f"{known.root}: no {part}")
    return _attribute(root, "domain")


def read_user_profile(body: bytes, service: ServiceNames = MCPTT) -> UserProfile:
    """Read index, marks, groups and partner systems of one user profile."""
    known = service.user_profile
    root = parse(body, known.namespace, known.root)

    def place(path: str) -> str:
        return _path(known.namespace, path)

    return UserProfile(
        index=_number(_attribute(root, "user-profile-index"), "user-profile-index"),
        is_preselected=root.find(place("Pre-selected-indication")) is not None,
        is_enabled=_boolean(root.findtext(place("Status")), default=True),
        groups=tuple(_texts(root, place(service.group_list))),
        partners=tuple(_partners(root, service)),
        aliases=tuple(_aliases(root, known.namespace)),
        group_servers=dict(_group_servers(root, known.namespace)),
    )


def with_mark(body: bytes, namespace: str) -> bytes:
    """Give a user profile the mark of pre-selection."""
    root = etree.fromstring(body)
    mark = f"{{{namespace}}}Pre-selected-indication"
    if root.find(mark) is None:
        root.insert(0, etree.Element(mark))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def read_service_configuration(body: bytes, service: ServiceNames = MCPTT) -> ServiceConfiguration:
    """Read what the service configuration says about protection of signalling."""
    known = service.service_configuration
    root = parse(body, known.namespace, known.root)
    steps = "service-configuration-params/on-network/signalling-protection/"
    prefix = _path(known.namespace, steps)
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


def refuses_migration(content_type: str, body: bytes, service: ServiceNames = MCPTT) -> bool:
    """Whether an information body holds a negative migration-auth-result."""
    try:
        parts = read_parts(content_type, body) if body else []
        infos = [part for part in parts if service.info_type in part.content_type]
        roots = [
            parse(part.body, service.info_namespace, f"{service.service}info") for part in infos
        ]
    except (MultipartError, Refusal):
        return False
    results = [
        e for root in roots for e in root.iter(f"{{{service.info_namespace}}}migration-auth-result")
    ]
    return any("".join(map(str, e.itertext())).strip() in ("false", "0") for e in results)


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
        servers=_servers(root),
        plmn=_home_network(root),
        pdn=(root.findtext(_path(names.INIT_CONFIG, PDN_PATH)) or "").strip(),
        xui_uri=root.get("XUI-URI"),
        http_proxy=(root.findtext(_path(names.INIT_CONFIG, PROXY_PATH)) or "").strip(),
    )


def _home_network(root: etree._Element) -> str:
    network = root.find(_path(names.INIT_CONFIG, "on-network/HPLMN"))
    return "" if network is None else (network.get("PLMN") or "").strip()


def _servers(root: etree._Element) -> dict[str, str]:
    """Read the server of each service; documents of the first releases name none."""
    found = {}
    for service in SERVICES.values():
        text = root.findtext(_path(names.INIT_CONFIG, f"on-network/{service.server_uri_path}"))
        if text is not None and text.strip():
            found[service.service] = text.strip()
    return found


def _partners(profile: etree._Element, service: ServiceNames) -> Iterator[PartnerSystem]:
    embedded = f"{{{names.INIT_CONFIG}}}mcptt-UE-initial-configuration"
    namespace, listed = service.user_profile.namespace, service.migratable_partner
    for entry in profile.iterfind(_path(namespace, f"OnNetwork/anyExt/{listed}")):
        system_id = entry.findtext(_path(namespace, service.partner_system_id))
        if system_id is not None and system_id.strip():
            yield PartnerSystem(system_id.strip(), _access_of(entry.find(embedded)))


def _group_servers(profile: etree._Element, namespace: str) -> Iterator[tuple[str, str]]:
    """Read which groups have a server of their own, as the MCVideo user profile has it."""
    for known in profile.iterfind(_path(namespace, "OnNetwork/MCVideoGroupInfo")):
        group = (known.findtext(_path(namespace, "MCVideo-Group-ID/uri-entry")) or "").strip()
        server = (known.findtext(_path(namespace, "GMS-Serv-Id/uri-entry")) or "").strip()
        if group and server:
            yield group, server


def _aliases(profile: etree._Element, namespace: str) -> Iterator[FunctionalAlias]:
    """Read the aliases with their rules; the names are those of the MCVideo schema."""
    for entry in profile.iterfind(_path(namespace, "OnNetwork/anyExt/FunctionalAliasList/entry")):
        uri = (entry.findtext(_path(namespace, "uri-entry")) or "").strip()
        found = entry.find(_path(namespace, "anyExt/LocationCriteriaForActivation"))
        if uri:
            yield FunctionalAlias(uri, waits_for_place=found is not None)


def _access_of(embedded: etree._Element | None) -> AccessInformation | None:
    """An entry that cannot be used does not spoil the profile that it stands in."""
    try:
        return None if embedded is None else _access(embedded)
    except Refusal:
        return None


def _path(namespace: str, path: str) -> str:
    """Qualify each step of a path; one that ends in a slash takes a qualified name after it."""
    steps = path.removesuffix("/").split("/")
    qualified = "/".join(f"{{{namespace}}}{step}" for step in steps)
    return f"{qualified}/{{{namespace}}}" if path.endswith("/") else qualified


def _needed(parent: etree._Element, namespace: str, path: str) -> str:
    text = parent.findtext(_path(namespace, path))
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
