"""Rules of the user profiles: TS 24.484 8.3 (MCPTT), 9.3 (MCVideo), 10.3 (MCData)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from muster.documents.rules.initial_configuration import access_information_problems
from muster.documents.rules.reading import (
    at_most_one,
    below,
    children,
    departure,
    descendants,
    exactly_one,
    has_attribute,
    text_of,
)
from muster.documents.rules.registry import RuleProblem, Subject, rule
from muster.documents.rules.uris import absolute_uri, is_absolute_uri
from muster.documents.vocabulary import GROUP_LIST, PARTNER_SYSTEM, PartnerSystemNames
from muster.requirements import Basis

MCPTT = ("mcptt-user-profile",)
MCVIDEO = ("mcvideo-user-profile",)
MCDATA = ("mcdata-user-profile",)


@rule("TS24484-8.3.2.1-01", documents=MCPTT)
@rule("TS24484-9.3.2.1-01", documents=MCVIDEO)
@rule("TS24484-10.3.2.1-01", documents=MCDATA)
def names_its_user(subject: Subject) -> Iterator[RuleProblem]:
    """XUI-URI is there and is a URI."""
    value = subject.root.get("XUI-URI", "").strip()
    if not is_absolute_uri(value):
        yield departure(subject.root, "XUI-URI with the URI of the user", value or "nothing")


@rule("TS24484-8.3.2.1-02", documents=MCPTT)
@rule("TS24484-9.3.2.1-02", documents=MCVIDEO)
@rule("TS24484-10.3.2.1-02", documents=MCDATA)
def has_an_index(subject: Subject) -> Iterator[RuleProblem]:
    """user-profile-index is there."""
    yield from has_attribute(subject.root, "user-profile-index")


@rule("TS24484-8.3.2.1-03", documents=MCPTT)
@rule("TS24484-9.3.2.1-03", documents=MCVIDEO)
@rule("TS24484-10.3.2.1-03", documents=MCDATA)
def has_one_status(subject: Subject) -> Iterator[RuleProblem]:
    """Exactly one Status."""
    yield from exactly_one(subject.root, "Status")


@rule("TS24484-8.3.2.1-04", documents=MCPTT)
@rule("TS24484-9.3.2.1-04", documents=MCVIDEO)
@rule("TS24484-10.3.2.1-04", documents=MCDATA)
def has_at_most_one_profile_name(subject: Subject) -> Iterator[RuleProblem]:
    """At most one ProfileName."""
    yield from at_most_one(subject.root, "ProfileName")


@rule("TS24484-8.3.2.1-05", documents=MCPTT)
@rule("TS24484-9.3.2.1-05", documents=MCVIDEO)
@rule("TS24484-10.3.2.1-05", documents=MCDATA)
def has_at_most_one_preselection(subject: Subject) -> Iterator[RuleProblem]:
    """At most one Pre-selected-indication: it is a mark, not a list."""
    yield from at_most_one(subject.root, "Pre-selected-indication")


@rule("TS24484-8.3.2.1-06", documents=MCPTT)
@rule("TS24484-9.3.2.1-06", documents=MCVIDEO)
@rule("TS24484-10.3.2.1-06", documents=MCDATA)
def has_one_indexed_common(subject: Subject) -> Iterator[RuleProblem]:
    """Exactly one Common, with an index."""
    yield from exactly_one(subject.root, "Common")
    for common in children(subject.root, "Common"):
        yield from has_attribute(common, "index")


@rule("TS24484-8.3.2.1-07", documents=MCPTT)
@rule("TS24484-9.3.2.1-07", documents=MCVIDEO)
@rule("TS24484-10.3.2.1-07", documents=MCDATA)
def has_an_alias(subject: Subject) -> Iterator[RuleProblem]:
    """Common has one UserAlias, and that one alias-entry or more."""
    for common in children(subject.root, "Common"):
        yield from exactly_one(common, "UserAlias")
        for alias in children(common, "UserAlias"):
            if not children(alias, "alias-entry"):
                yield departure(alias, "one or more <alias-entry>", "none")


@rule("TS24484-8.3.2.1-08", documents=MCPTT)
@rule("TS24484-9.3.2.1-08", documents=MCVIDEO)
def entries_have_an_index(subject: Subject) -> Iterator[RuleProblem]:
    """Every entry and every ProSeUserID-entry carries an index."""
    for entry in descendants(subject.root, "entry", "ProSeUserID-entry"):
        yield from has_attribute(entry, "index")


@rule("TS24484-8.3.2.1-09", documents=MCPTT)
@rule("TS24484-9.3.2.1-11", documents=MCVIDEO)
def has_one_private_call(subject: Subject) -> Iterator[RuleProblem]:
    """Common has one PrivateCall."""
    for common in children(subject.root, "Common"):
        yield from exactly_one(common, "PrivateCall")


@rule("TS24484-8.3.2.1-10", documents=MCPTT)
@rule("TS24484-9.3.2.1-12", documents=MCVIDEO)
def group_call_names_its_recipients(subject: Subject) -> Iterator[RuleProblem]:
    """The group call has one EmergencyCall, one ImminentPerilCall, one EmergencyAlert."""
    name = {"mcptt": "MCPTT-group-call", "mcvideo": "MCVideo-group-call"}[subject.service]
    for group_call in below(subject.root, "Common", name):
        for part in ("EmergencyCall", "ImminentPerilCall", "EmergencyAlert"):
            yield from exactly_one(group_call, part)


@rule("TS24484-8.3.2.1-11", documents=MCPTT)
def on_network_lists_groups_once(subject: Subject) -> Iterator[RuleProblem]:
    """OnNetwork has one MCPTTGroupInfo."""
    for on_network in children(subject.root, "OnNetwork"):
        yield from exactly_one(on_network, GROUP_LIST["mcptt"].text)


@rule("TS24484-8.3.2.1-12", documents=MCPTT)
@rule("TS24484-9.3.2.1-13", documents=MCVIDEO)
def on_network_has_one_emergency_alert(subject: Subject) -> Iterator[RuleProblem]:
    """OnNetwork has one PrivateEmergencyAlert."""
    for on_network in children(subject.root, "OnNetwork"):
        yield from exactly_one(on_network, "PrivateEmergencyAlert")


@rule("TS24484-9.3.2.1-09", documents=MCVIDEO)
def remote_group_list_is_not_empty(subject: Subject) -> Iterator[RuleProblem]:
    """RemoteGroupSelectionURIList has one or more entries, though the schema allows none."""
    for listed in descendants(subject.root, "RemoteGroupSelectionURIList"):
        if not children(listed, "entry"):
            yield departure(listed, "one or more <entry>", "none")


@rule("TS24484-9.3.2.1-10", documents=MCVIDEO)
def on_network_lists_groups(subject: Subject) -> Iterator[RuleProblem]:
    """OnNetwork has a MCVideoGroupInfo, one for each group."""
    for on_network in children(subject.root, "OnNetwork"):
        if not children(on_network, GROUP_LIST["mcvideo"].text):
            yield departure(on_network, f"<{GROUP_LIST['mcvideo'].text}>", "none")


@rule("TS24484-8.3.2.7-01", documents=MCPTT)
@rule("TS24484-9.3.2.7-01", documents=MCVIDEO)
def proximity_identities_have_their_length(subject: Subject) -> Iterator[RuleProblem]:
    """User-Info-ID has 6 octets, DiscoveryGroupID 3."""
    for name, octets in (("User-Info-ID", 6), ("DiscoveryGroupID", 3)):
        for element in descendants(subject.root, name):
            if len(text_of(element)) != 2 * octets:
                yield departure(element, f"{octets} octets", f"{text_of(element) or 'nothing'}")


@rule("TS24484-8.3.2.7-02", documents=MCPTT)
@rule("TS24484-9.3.2.7-02", documents=MCVIDEO)
def entries_hold_uris(subject: Subject) -> Iterator[RuleProblem]:
    """What an entry names is a URI."""
    for element in descendants(subject.root, "uri-entry"):
        yield from absolute_uri(element)


@rule("TS24484-8.3.2.8-01", documents=MCPTT, needs_name=True)
@rule("TS24484-9.3.2.8-01", documents=MCVIDEO, needs_name=True)
@rule("TS24484-10.3.1A-01", documents=MCDATA, needs_name=True)
def name_carries_the_index(subject: Subject) -> Iterator[RuleProblem]:
    """The document's name ends with the user-profile-index that the document states."""
    index = subject.root.get("user-profile-index", "").strip()
    wanted = f"{subject.service}-user-profile-{index}.xml"
    observed = unquote(subject.name or "")
    if observed != wanted:
        yield departure(subject.root, f"the document name {wanted}", observed)


def partner_entries(root: etree._Element, service: str) -> list[etree._Element]:
    """Return the partner systems that a profile lists, wherever an extension holds them."""
    return list(root.iter(PARTNER_SYSTEM[service].info.qname))


def _as_known(problems: Iterable[RuleProblem], basis: Basis) -> Iterator[RuleProblem]:
    """Yield the problems as what they are worth: no better known than the names they rest on."""
    return (replace(problem, through=basis) for problem in problems)


@rule("TS23280-10.1.1.2-DOC01", documents=(*MCPTT, *MCVIDEO, *MCDATA))
def partner_access_is_complete(subject: Subject) -> Iterator[RuleProblem]:
    """Each partner has PDN information and the address of every application plane server."""
    names = PARTNER_SYSTEM[subject.service]
    for entry in partner_entries(subject.root, subject.service):
        yield from _as_known(_access_problems(entry, names), names.basis_of_elements)


def _access_problems(entry: etree._Element, names: PartnerSystemNames) -> Iterator[RuleProblem]:
    configurations = entry.findall(names.access_information.qname)
    if len(configurations) != 1:
        yield departure(entry, f"one <{names.access_information.text}>", str(len(configurations)))
    for configuration in configurations:
        yield from access_information_problems(configuration)


@rule("TS23280-10.1.1.2-DOC02", documents=(*MCPTT, *MCVIDEO, *MCDATA))
def partner_is_named(subject: Subject) -> Iterator[RuleProblem]:
    """Each partner has an identity, a URI, and no two entries have the same."""
    names = PARTNER_SYSTEM[subject.service]
    entries = partner_entries(subject.root, subject.service)
    yield from _as_known(_identity_problems(entries, names), names.basis_of_elements)


def _identity_problems(
    entries: Iterable[etree._Element], names: PartnerSystemNames
) -> Iterator[RuleProblem]:
    seen: set[str] = set()
    for entry in entries:
        found = entry.findall(names.system_id.qname)
        if len(found) != 1:
            yield departure(entry, f"one <{names.system_id.text}>", str(len(found)))
        for element in found:
            yield from absolute_uri(element)
            if text_of(element) in seen:
                yield departure(element, "each partner once", f"{text_of(element)} again")
            seen.add(text_of(element))


@rule("TS23280-10.1.1.2-DOC03", documents=(*MCPTT, *MCVIDEO, *MCDATA))
def partner_stands_under_on_network(subject: Subject) -> Iterator[RuleProblem]:
    """The list of partner systems belongs to the on-network part of the profile."""
    names = PARTNER_SYSTEM[subject.service]
    for entry in partner_entries(subject.root, subject.service):
        above = [ancestor.tag for ancestor in entry.iterancestors()]
        if names.place[0].qname not in above:
            place = "/".join(part.text for part in names.place)
            problem = departure(entry, f"a place in {place}", "another place")
            yield from _as_known([problem], names.basis)
