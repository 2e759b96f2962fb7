"""What the UE knows of each MC service: names on the wire, and where documents say what.

Names of MCData documents, and the migration elements of MCPTT and MCData, are provisional: they
follow those that TS 24.484 gives for MCVideo.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.ue.reference.refusal import Refusal


@dataclass(frozen=True)
class DocumentNames:
    """One kind of configuration document of a service (TS 24.484)."""

    auid: str
    namespace: str
    root: str
    media_type: str


@dataclass(frozen=True)
class ServiceNames:
    """One MC service, as it is named on the wire and in documents."""

    service: str
    ue_configuration: DocumentNames
    user_profile: DocumentNames
    service_configuration: DocumentNames
    service_configuration_name: str
    """Of the document in the global tree."""
    group_list: str
    """Path to the group IDs of a user profile."""
    migratable_partner: str
    """Element of a user profile that lists one partner system, and `partner_system_id` in it."""
    partner_system_id: str
    details: str
    """Element of the initial configuration with the service's Server-URI."""
    info_namespace: str
    info_type: str
    """Media type of the information body; its elements begin with the name of the service."""
    icsi: str
    feature_tags: tuple[str, ...]

    @property
    def server_uri_path(self) -> str:
        """Where the initial configuration has the URI of the MC service server."""
        return f"anyExt/{self.details}/Server-URI"


def _document(service: str, kind: str, namespace: str, root: str) -> DocumentNames:
    media_type = f"application/vnd.3gpp.{service}-{kind}+xml"
    return DocumentNames(f"org.3gpp.{service}.{kind}", namespace, root, media_type)


MCPTT = ServiceNames(
    service="mcptt",
    ue_configuration=_document(
        "mcptt", "ue-config", "urn:3gpp:mcptt:mcpttUEConfig:1.0", "mcptt-UE-configuration"
    ),
    user_profile=_document(
        "mcptt", "user-profile", "urn:3gpp:mcptt:user-profile:1.0", "mcptt-user-profile"
    ),
    service_configuration=_document(
        "mcptt",
        "service-config",
        "urn:3gpp:ns:mcpttServiceConfig:1.0",
        "service-configuration-info",
    ),
    service_configuration_name="service-config.xml",
    group_list="OnNetwork/MCPTTGroupInfo/entry/uri-entry",
    migratable_partner="MigratablePartnerMCPTTSystemInfo",
    partner_system_id="PartnerMCPTTSystemId",
    details="MCPTT-Service-Details",
    info_namespace="urn:3gpp:ns:mcpttInfo:1.0",
    info_type="application/vnd.3gpp.mcptt-info+xml",
    icsi="urn:urn-7:3gpp-service.ims.icsi.mcptt",
    feature_tags=("+g.3gpp.mcptt",),
)
MCVIDEO = ServiceNames(
    service="mcvideo",
    ue_configuration=_document(
        "mcvideo", "ue-config", "urn:3gpp:mcvideo:mcvideoUEConfig:1.0", "mcvideo-UE-configuration"
    ),
    user_profile=_document(
        "mcvideo", "user-profile", "urn:3gpp:ns:mcvideo:user-profile:1.0", "mcvideo-user-profile"
    ),
    service_configuration=_document(
        "mcvideo",
        "service-config",
        "urn:3gpp:ns:mcvideoServiceConfig:1.0",
        "service-configuration-info",
    ),
    service_configuration_name="mcvideo-service-config.xml",
    group_list="OnNetwork/MCVideoGroupInfo/MCVideo-Group-ID/uri-entry",
    migratable_partner="MigratablePartnerMCVideoSystemInfo",
    partner_system_id="PartnerMCVideoSystemId",
    details="MCVideo-Service-Details",
    info_namespace="urn:3gpp:ns:mcvideoInfo:1.0",
    info_type="application/vnd.3gpp.mcvideo-info+xml",
    icsi="urn:urn-7:3gpp-service.ims.icsi.mcvideo",
    feature_tags=("+g.3gpp.mcvideo",),
)
MCDATA = ServiceNames(
    service="mcdata",
    ue_configuration=_document(
        "mcdata", "ue-config", "urn:3gpp:mcdata:mcdataUEConfig:1.0", "mcdata-UE-configuration"
    ),
    user_profile=_document(
        "mcdata", "user-profile", "urn:3gpp:ns:mcdata:user-profile:1.0", "mcdata-user-profile"
    ),
    service_configuration=_document(
        "mcdata",
        "service-config",
        "urn:3gpp:ns:mcdataServiceConfig:1.0",
        "service-configuration-info",
    ),
    service_configuration_name="mcdata-service-config.xml",
    group_list="OnNetwork/MCDataGroupInfo/entry/uri-entry",
    migratable_partner="MigratablePartnerMCDataSystemInfo",
    partner_system_id="PartnerMCDataSystemId",
    details="MCData-Service-Details",
    info_namespace="urn:3gpp:ns:mcdataInfo:1.0",
    info_type="application/vnd.3gpp.mcdata-info+xml",
    icsi="urn:urn-7:3gpp-service.ims.icsi.mcdata.sds",
    feature_tags=("+g.3gpp.mcdata.sds", "+g.3gpp.mcdata.fd"),
)

SERVICES: Mapping[str, ServiceNames] = {names.service: names for names in (MCPTT, MCVIDEO, MCDATA)}


def names_of(service: str) -> ServiceNames:
    """The names of a service that this UE has a client for."""
    try:
        return SERVICES[service]
    except KeyError:
        raise Refusal(f"this UE has no client for {service}") from None


def services_in(option: str) -> tuple[str, ...]:
    """Read the provisioned list of services, such as "mcptt,mcvideo"; without one, MCPTT."""
    named = tuple(part.strip() for part in option.split(",") if part.strip())
    return tuple(names_of(service).service for service in named or ("mcptt",))


def feature_parameters(services: Iterable[ServiceNames]) -> str:
    """Parameters of a Contact that name the services: their feature tags and their ICSIs."""
    known = list(services)
    tags = [tag for names in known for tag in names.feature_tags]
    icsis = ",".join(names.icsi.replace(":", "%3A") for names in known)
    return ";".join([*tags, f'+g.3gpp.icsi-ref="{icsis}"'])
