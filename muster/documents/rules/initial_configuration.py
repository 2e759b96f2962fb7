"""Rules of the MCS UE initial configuration (TS 24.484 7.2), also where a profile embeds one."""

import re
from collections.abc import Iterator

from lxml import etree

from muster.documents.rules.reading import (
    at_most_one,
    below,
    children,
    departure,
    descendants,
    exactly_one,
    text_of,
)
from muster.documents.rules.registry import RuleProblem, Subject, rule
from muster.documents.rules.uris import absolute_uri, is_instance_id, is_web_uri
from muster.documents.vocabulary import UE_INITIAL_CONFIGURATION

INITIAL = ("mcptt-ue-init-config",)
PROFILES = ("mcptt-user-profile", "mcvideo-user-profile", "mcdata-user-profile")
UE_CONFIGURATIONS = ("mcptt-ue-config", "mcvideo-ue-config", "mcdata-ue-config")

SERVERS = ("idms-auth-endpoint", "idms-token-endpoint", "http-proxy", "gms", "cms", "kms")
CONNECTIONS = ("MCPTT-to-con-ref", "MC-common-core-to-con-ref", "MC-ID-to-con-ref")
XCAP_ROOTS = ("GMS-XCAP-root-URI", "CMS-XCAP-root-URI")
_PLMN = re.compile(r"\d{5,6}")
_CONFIGURATION = f"{{{UE_INITIAL_CONFIGURATION}}}mcptt-UE-initial-configuration"


def configurations(root: etree._Element) -> list[etree._Element]:
    """Return the document itself or the initial configurations embedded in it."""
    return list(root.iter(_CONFIGURATION))


@rule("TS24484-7.2.2.6-01", documents=(*INITIAL, *PROFILES))
def plmn_codes_are_valid(subject: Subject) -> Iterator[RuleProblem]:
    """HPLMN and VPLMN carry a mobile country code and network code: 5 or 6 digits."""
    for configuration in configurations(subject.root):
        for element in descendants(configuration, "HPLMN", "VPLMN"):
            code = element.get("PLMN", "").strip()
            if not _PLMN.fullmatch(code):
                yield departure(element, "PLMN with 5 or 6 digits", code or "nothing")


@rule("TS24484-7.2.2.6-02", documents=(*INITIAL, *UE_CONFIGURATIONS))
def instance_ids_are_urns(subject: Subject) -> Iterator[RuleProblem]:
    """Every Instance-ID-URN, element or attribute, is an instance ID."""
    for element in descendants(subject.root, "Instance-ID-URN"):
        if not is_instance_id(text_of(element)):
            yield departure(element, "an instance ID URN", text_of(element) or "nothing")
    value = subject.root.get("Instance-ID-URN")
    if value is not None and not is_instance_id(value.strip()):
        yield departure(subject.root, "Instance-ID-URN with an instance ID URN", value)


@rule("TS24484-7.2.2.6-03", documents=(*INITIAL, *UE_CONFIGURATIONS))
def serial_number_ranges_are_ordered(subject: Subject) -> Iterator[RuleProblem]:
    """The low end of a range of serial numbers is not above the high end."""
    for element in descendants(subject.root, "SNR-range"):
        ends = [text_of(e) for n in ("Low-SNR", "High-SNR") for e in children(element, n)]
        if len(ends) == 2 and all(end.isdigit() for end in ends) and int(ends[0]) > int(ends[1]):
            yield departure(element, "Low-SNR not above High-SNR", f"{ends[0]} to {ends[1]}")


@rule("TS24484-7.2.2.1-01", documents=INITIAL)
def has_at_most_one_on_network(subject: Subject) -> Iterator[RuleProblem]:
    """There is one set of on-network parameters at most: two would contradict each other."""
    yield from at_most_one(subject.root, "on-network")


@rule("TS24484-7.2.2.1-03", documents=INITIAL)
def has_an_on_network_part(subject: Subject) -> Iterator[RuleProblem]:
    """The document says how to reach the servers: it has on-network parameters."""
    if not children(subject.root, "on-network"):
        yield departure(subject.root, "<on-network>", "none")


@rule("TS24484-7.2.2.1-04", documents=INITIAL)
def has_at_most_one_default_profile(subject: Subject) -> Iterator[RuleProblem]:
    """There is one default user profile at most."""
    yield from at_most_one(subject.root, "Default-user-profile")


@rule("TS24484-7.2.2.1-02", documents=INITIAL)
def names_every_server(subject: Subject) -> Iterator[RuleProblem]:
    """The servers and PDN references that the on-network part names are all filled in."""
    for on_network in children(subject.root, "on-network"):
        yield from _on_network_problems(on_network)


@rule("TS24484-7.2.2.7-01", documents=INITIAL)
def xcap_roots_are_web_uris(subject: Subject) -> Iterator[RuleProblem]:
    """An XCAP root is an HTTP URI."""
    for element in descendants(subject.root, *XCAP_ROOTS):
        if not is_web_uri(text_of(element)):
            yield departure(element, "an http or https URI", text_of(element) or "nothing")


def access_information_problems(configuration: etree._Element) -> Iterator[RuleProblem]:
    """Yield what an embedded configuration lacks to reach the partner with it alone."""
    yield from exactly_one(configuration, "on-network")
    for on_network in children(configuration, "on-network"):
        yield from _on_network_problems(on_network)


def _on_network_problems(on_network: etree._Element) -> Iterator[RuleProblem]:
    yield from exactly_one(on_network, "HPLMN")
    for plmn in descendants(on_network, "HPLMN", "VPLMN"):
        yield from _filled(plmn, "service", CONNECTIONS)
    yield from exactly_one(on_network, "App-Server-Info")
    for name in SERVERS:
        yield from _one_uri(on_network, "App-Server-Info", name)
    for name in ("GMS-URI", *XCAP_ROOTS):
        yield from _one_uri(on_network, name)


def _filled(plmn: etree._Element, holder: str, names: tuple[str, ...]) -> Iterator[RuleProblem]:
    for service in children(plmn, holder):
        for name in names:
            yield from exactly_one(service, name)
            for element in children(service, name):
                if not text_of(element):
                    yield departure(element, "a reference to a PDN connection", "nothing")


def _one_uri(on_network: etree._Element, *path: str) -> Iterator[RuleProblem]:
    parents = below(on_network, *path[:-1])
    for parent in parents:
        yield from exactly_one(parent, path[-1])
        for element in children(parent, path[-1]):
            yield from absolute_uri(element)
