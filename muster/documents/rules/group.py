"""Rules of group documents (TS 24.481 7.2): OMA group documents that an MC service can use."""

from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from muster.documents.rules.reading import children, departure, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule
from muster.documents.rules.uris import is_absolute_uri
from muster.documents.vocabulary import GROUP_INFO, LIST_SERVICE, XDM_EXTENSIONS

GROUP = ("group",)
_ICSI = "urn:urn-7:3gpp-service.ims.icsi."
ENABLERS = {
    f"{_ICSI}mcptt": "mcptt",
    f"{_ICSI}mcvideo": "mcvideo",
    f"{_ICSI}mcdata.sds": "mcdata",
    f"{_ICSI}mcdata.fd": "mcdata",
}
"""The service for which a group is, by the enabler of a supported service."""
MEDIA = {"mcptt": "mcptt-speech", "mcvideo": "mcvideo-video-media"}
"""The medium that a service must name; none is known for MCData."""


def supported_services(list_service: etree._Element) -> list[etree._Element]:
    """Return the <service> elements of a group, with or without exceptions around them."""
    path = f"{{{XDM_EXTENSIONS}}}supported-services"
    return [
        service
        for supported in list_service.findall(path)
        for service in supported.iter(f"{{{XDM_EXTENSIONS}}}service")
    ]


def services_of(root: etree._Element) -> set[str]:
    """Return the MC services for which a document is a group document, by 7.2.8."""
    found: set[str] = set()
    for list_service in children(root, "list-service"):
        for service in supported_services(list_service):
            name = ENABLERS.get((service.get("enabler") or "").strip())
            if name is not None and _has_media(service, name):
                found.add(name)
    return found


def _has_media(service: etree._Element, name: str) -> bool:
    medium = MEDIA.get(name)
    path = f"{{{XDM_EXTENSIONS}}}group-media/{{{GROUP_INFO}}}{medium}"
    return medium is None or service.find(path) is not None


@rule("TS24481-7.2.2-01", documents=GROUP)
def says_its_services(subject: Subject) -> Iterator[RuleProblem]:
    """Each list-service has supported-services."""
    for list_service in children(subject.root, "list-service"):
        if list_service.find(f"{{{XDM_EXTENSIONS}}}supported-services") is None:
            yield departure(list_service, "<supported-services>", "none")


@rule("TS24481-7.2.8-01", documents=GROUP)
def is_an_mc_group(subject: Subject) -> Iterator[RuleProblem]:
    """A supported service is that of MCPTT, MCVideo or MCData, with its medium."""
    if not services_of(subject.root):
        enablers = [
            service.get("enabler") or "none"
            for list_service in children(subject.root, "list-service")
            for service in supported_services(list_service)
        ]
        observed = ", ".join(enablers) or "no service"
        yield departure(subject.root, "a service with an MC enabler and its medium", observed)


@rule("TS24481-7.2.8-02", documents=GROUP)
def members_have_their_service_identity(subject: Subject) -> Iterator[RuleProblem]:
    """In an MCVideo or MCData group each entry names the member's identity of that service."""
    services = services_of(subject.root) & {"mcvideo", "mcdata"}
    for entry in subject.root.iter(f"{{{LIST_SERVICE}}}entry"):
        for service in sorted(services):
            name = f"{service}-{service}-id"
            if entry.find(f"{{{GROUP_INFO}}}{name}") is None:
                yield departure(entry, f"<{name}>", "none")


@rule("TS24481-7.2.2-02", documents=GROUP)
def group_is_named_by_a_uri(subject: Subject) -> Iterator[RuleProblem]:
    """list-service and its members are named by URIs."""
    for list_service in children(subject.root, "list-service"):
        entries = list_service.iterfind(f"{{{LIST_SERVICE}}}list/{{{LIST_SERVICE}}}entry")
        for element in (list_service, *entries):
            uri = (element.get("uri") or "").strip()
            if not is_absolute_uri(uri):
                yield departure(element, "the attribute uri with a URI", uri or "nothing")


@rule("TS24481-7.2.10.2-01", documents=GROUP, needs_name=True)
def name_is_the_group_id(subject: Subject) -> Iterator[RuleProblem]:
    """In the global tree a group document is found by its group ID."""
    for list_service in children(subject.root, "list-service")[:1]:
        uri = (list_service.get("uri") or "").strip()
        if unquote(subject.name or "") != unquote(uri):
            yield departure(list_service, f"the document name {uri}", subject.name or "")


def display_name(root: etree._Element) -> str:
    """Return the name of the group for people, empty if it has none."""
    for list_service in children(root, "list-service"):
        for element in children(list_service, "display-name"):
            return text_of(element)
    return ""


@rule("TS24481-7.2.8-03", documents=GROUP)
def each_service_has_its_medium(subject: Subject) -> Iterator[RuleProblem]:
    """A service with the ICSI of MCPTT or MCVideo holds the medium of that service."""
    for list_service in children(subject.root, "list-service"):
        for service in supported_services(list_service):
            name = ENABLERS.get((service.get("enabler") or "").strip())
            if name is not None and not _has_media(service, name):
                yield departure(service, f"<group-media> with <{MEDIA[name]}>", "none")


@rule("TS24481-7.2.8-04", documents=GROUP)
def members_are_listed_once(subject: Subject) -> Iterator[RuleProblem]:
    """No two entries name the same member."""
    for members in subject.root.iter(f"{{{LIST_SERVICE}}}list"):
        seen: set[str] = set()
        for entry in children(members, "entry"):
            uri = entry.get("uri") or ""
            if uri in seen:
                yield departure(entry, "each member once", f"{uri} again")
            seen.add(uri)


@rule("TS24481-7.2.2-03", documents=GROUP)
def settings_stand_once(subject: Subject) -> Iterator[RuleProblem]:
    """A setting of the group with a plain value has one value."""
    for list_service in children(subject.root, "list-service"):
        seen: set[object] = set()
        for setting in list_service.iterchildren(f"{{{GROUP_INFO}}}*"):
            if setting.tag in seen and len(setting) == 0:
                name = etree.QName(setting).localname
                yield departure(setting, f"<{name}> once", "again")
            seen.add(setting.tag)
