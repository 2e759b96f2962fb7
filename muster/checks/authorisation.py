"""Service authorisation and the active profile: PUBLISH and REGISTER of TS 24.379 clause 7."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import (
    INFO_TYPE,
    MCPTT_ICSI,
    SETTINGS_TYPE,
    address,
    body_token,
    field,
    icsi_refs,
    info_value,
    media_type,
    part_of_type,
    parts,
    profile_index,
    root_of,
    schema_problems,
    told,
)
from muster.checks.services import token_of_its_system
from muster.evidence import Departure, SipExchange
from muster.judging import check

SETTINGS_NAMESPACE = "urn:3gpp:mcsSettings:1.0"
NO_EXPIRY = "4294967295"


@check(
    "TS24379-7.2.1A-02",
    "TS24379-7.2.1A-03",
    "TS24379-7.2.1A-04",
    "TS24379-7.2.2-01",
    "TS24379-7.2.2-02",
    "TS24379-7.2.2-03",
)
def publication_has_its_form(publish: SipExchange) -> Iterator[Departure]:
    """Event, service, Expires, and the two bodies of a PUBLISH for service authorisation."""
    event = (publish.header("Event") or "").partition(";")[0].strip()
    if event != "poc-settings":
        yield Departure("Event: poc-settings", event or "no Event", "TS24379-7.2.1A-02")
    service = field(publish, "P-Preferred-Service") or "none"
    if MCPTT_ICSI not in service.lower():
        yield Departure(f"P-Preferred-Service: {MCPTT_ICSI}", service, "TS24379-7.2.1A-03")
    expires = (publish.header("Expires") or "none").strip()
    if expires not in (NO_EXPIRY, "0"):
        yield Departure(f"Expires: {NO_EXPIRY}", expires, "TS24379-7.2.1A-04")
    if info_value(publish, "mcptt-access-token") is None:
        yield Departure("mcptt-access-token in an mcptt-info body", "absent", "TS24379-7.2.2-01")
    if not info_value(publish, "mcptt-client-id"):
        yield Departure("mcptt-client-id in an mcptt-info body", "absent", "TS24379-7.2.2-02")
    if part_of_type(publish, SETTINGS_TYPE) is None:
        yield Departure(f"a body of type {SETTINGS_TYPE}", "none", "TS24379-7.2.2-03")


@check("TS24379-7.2.1A-01")
def publication_goes_to_the_server(publish: SipExchange, psi: str) -> Iterator[Departure]:
    """The PUBLISH is sent to the PSI of the participating function."""
    if address(publish.request_uri) != address(psi):
        yield Departure(psi, publish.request_uri)


@check("TS24379-F.1-51", "TS24379-F.1-53")
def information_body_is_valid(request: SipExchange) -> Iterator[Departure]:
    """The mcptt-info body is valid, and what is not protected is marked Normal."""
    part = part_of_type(request, INFO_TYPE["mcptt"])
    if part is None:
        yield Departure("an mcptt-info body", "none", "TS24379-F.1-51")
        return
    for problem in schema_problems(part.body):
        yield Departure("a valid mcptt-info body", problem, "TS24379-F.1-51")
    root = root_of(part.body)
    for element in (
        root.iter("{*}mcptt-access-token", "{*}mcptt-client-id") if root is not None else ()
    ):
        if element.get("type") is None:
            yield Departure('type="Normal"', f"no type on {_local(element.tag)}", "TS24379-F.1-53")


@check("TS24379-7.4.1.2.2-51", "TS24379-7.4.1.2.2-52")
def settings_body_is_valid(publish: SipExchange) -> Iterator[Departure]:
    """The settings are a valid poc-settings document; the index is in its own namespace."""
    part = part_of_type(publish, SETTINGS_TYPE)
    if part is None:
        yield Departure("a poc-settings body", "none", "TS24379-7.4.1.2.2-51")
        return
    for problem in schema_problems(part.body):
        yield Departure("a valid poc-settings body", problem, "TS24379-7.4.1.2.2-51")
    root = root_of(part.body)
    of_settings = f"{{{SETTINGS_NAMESPACE}}}"
    path = f".//{of_settings}selected-user-profile-index/{of_settings}user-profile-index"
    names_one = root is not None and next(root.iter("{*}user-profile-index"), None) is not None
    if names_one and root is not None and root.find(path) is None:
        expected = f"selected-user-profile-index/user-profile-index in {SETTINGS_NAMESPACE}"
        yield Departure(expected, "an index elsewhere", "TS24379-7.4.1.2.2-52")


@check(
    "TS23280-10.1.1.1-17",
    "TS24379-7.2.2-04",
    "TS24379-7.2.2-05",
    through=("FACT-pre-selected-indication", "FACT-profile-index-in-settings"),
)
def pre_selected_profile_becomes_active(
    authorisation: SipExchange, settings: Sequence[SipExchange], index: int
) -> Iterator[Departure]:
    """The first settings that name a profile name the pre-selected one.

    The server knows the pre-selected profile itself: without an index none is known to be wrong.
    """
    named = [(s, profile_index(s)) for s in settings if profile_index(s) is not None]
    if not named:
        expected = f"profile index {index}"
        yield Departure(expected, "no index", "TS24379-7.2.2-04", authorisation)
    elif named[0][1] != str(index):
        for requirement in ("TS23280-10.1.1.1-17", "TS24379-7.2.2-05"):
            observed = f"profile index {named[0][1]}"
            yield Departure(f"profile index {index}", observed, requirement, named[0][0])


@check("TS33180-5.1.3.1-02", "TS24379-7.2.2-06")
def authorisation_presents_a_token_of_its_system(request: SipExchange) -> Iterator[Departure]:
    """The access token presented was issued by the identity server of the system asked."""
    yield from token_of_its_system(request, "TS24379-7.2.2-06")


@check("TS33180-5.1.1-02")
def authorisation_follows_registration(
    authorisation: SipExchange, registers: Sequence[SipExchange]
) -> Iterator[Departure]:
    """Service authorisation comes after SIP registration, or in one with it."""
    if authorisation.method == "REGISTER":
        return
    before = [r for r in registers if r.status == 200 and r.ended <= authorisation.ended]
    if not before:
        yield Departure("a registration that succeeded before", "none")


@check("TS24379-7.2.1-01", "TS24379-7.2.1-02")
def register_names_the_service(register: SipExchange) -> Iterator[Departure]:
    """The Contact of a REGISTER that authorises MCPTT carries both feature tags."""
    contact = field(register, "Contact")
    tags = contact.lower()
    if "g.3gpp.mcptt" not in tags.replace("g.3gpp.mcptt.", ""):
        yield Departure("+g.3gpp.mcptt in Contact", contact or "no Contact", "TS24379-7.2.1-01")
    if MCPTT_ICSI not in icsi_refs(register):
        expected = f"+g.3gpp.icsi-ref with {MCPTT_ICSI} in Contact"
        yield Departure(expected, contact or "no Contact", "TS24379-7.2.1-02")


# Change of the active profile ------------------------------------------------------------------


@check(
    "TS23280-10.1.1.1-23",
    "TS24379-7.2.3-04",
    through=("FACT-profile-index-in-settings",),
)
def chosen_profile_is_told(
    settings: Sequence[SipExchange], index: int, evidence: SipExchange
) -> Iterator[Departure]:
    """After the user chose a profile, the settings that follow name it.

    `evidence` is the last settings before the user's choice.
    """
    named = [(s, profile_index(s)) for s in settings]
    if not any(value == str(index) for _, value in named):
        observed = ", ".join(f"profile index {value}" for _, value in named) or "no settings"
        for requirement in ("TS23280-10.1.1.1-23", "TS24379-7.2.3-04"):
            seen = settings[-1] if settings else evidence
            yield Departure(f"profile index {index}", observed, requirement, seen)


@check("TS24379-7.2.3-01", "TS24379-7.2.3-02", "TS24379-7.2.3-03")
def settings_only_have_their_form(
    publish: SipExchange, user: str, entity_tag: str
) -> Iterator[Departure]:
    """A PUBLISH for settings only names user and client, and the publication it changes."""
    named = info_value(publish, "mcptt-request-uri")
    if named != user:
        yield Departure(f"mcptt-request-uri {user}", named or "absent", "TS24379-7.2.3-01")
    if not info_value(publish, "mcptt-client-id"):
        yield Departure("mcptt-client-id", "absent", "TS24379-7.2.3-02")
    if field(publish, "SIP-If-Match") != entity_tag:
        observed = field(publish, "SIP-If-Match") or "no SIP-If-Match"
        yield Departure(f"SIP-If-Match: {entity_tag}", observed, "TS24379-7.2.3-03")


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


# The request in all its parts ------------------------------------------------------------------


@check("TS24379-7.2.1A-05")
def publication_asks_for_the_service(publish: SipExchange) -> Iterator[Departure]:
    """Accept-Contact asks for the feature tag of MCPTT, and for nothing without it."""
    asked = field(publish, "Accept-Contact").lower()
    parameters = {part.strip() for part in asked.replace(",", ";").split(";")}
    for wanted in ("+g.3gpp.mcptt", "require", "explicit"):
        if wanted not in parameters:
            yield Departure(f"Accept-Contact with {wanted}", asked or "no Accept-Contact")


@check("TS24379-7.2.1A-06")
def settings_are_of_this_terminal(publish: SipExchange, instance_id: str) -> Iterator[Departure]:
    """The entity of the settings is named by the instance ID of the terminal."""
    part = part_of_type(publish, SETTINGS_TYPE)
    root = root_of(part.body) if part else None
    for entity in root.iter("{*}entity") if root is not None else ():
        named = entity.get("id") or "no id"
        if named.lower() != instance_id.lower():
            yield Departure(f"entity {instance_id}", named)


BODY_TYPES = {
    "{urn:3gpp:ns:mcpttInfo:1.0}mcpttinfo": (INFO_TYPE["mcptt"], "TS24379-F.1-54"),
    "{urn:oma:params:xml:ns:poc:poc-settings}poc-settings": (
        SETTINGS_TYPE,
        "TS24379-7.4.1.2.2-53",
    ),
}
"""What the media type of a part is whose root element has this name."""


@check("TS24379-F.1-54", "TS24379-7.4.1.2.2-53")
def bodies_have_their_media_types(request: SipExchange) -> Iterator[Departure]:
    """The information body and the settings are sent under their own media types."""
    for part in parts(request):
        root = root_of(part.body)
        if root is None or str(root.tag) not in BODY_TYPES:
            continue
        wanted, requirement = BODY_TYPES[str(root.tag)]
        if media_type(part) != wanted:
            yield Departure(wanted, media_type(part), requirement)


KINDS = {
    "mcptt-access-token": "mcpttString",
    "mcptt-client-id": "mcpttString",
    "mcptt-request-uri": "mcpttURI",
}


@check("TS24379-F.1-52")
def information_is_of_its_kind(request: SipExchange) -> Iterator[Departure]:
    """Token and client ID are strings in the information body, an MCPTT ID is a URI."""
    part = part_of_type(request, INFO_TYPE["mcptt"])
    root = root_of(part.body) if part else None
    for name, wanted in KINDS.items():
        for element in root.iter(f"{{*}}{name}") if root is not None else ():
            found = [_local(child.tag) for child in element]
            if element.get("type") != "Encrypted" and found != [wanted]:
                yield Departure(f"{name} in {wanted}", ", ".join(found) or "no child")


@check("TS23280-10.6.1-02")
def authorisation_shows_who_signed_in(
    authorisation: SipExchange, user: str, scope: str
) -> Iterator[Departure]:
    """Service authorisation is asked for with the token that the sign-in of the user gave."""
    token = body_token(authorisation)
    if token is None or token.kind != "access":
        yield Departure(f"an access token of {user}", told(token))
    elif token.owner != user:
        yield Departure(f"an access token of {user}", f"one of {token.owner or 'nobody'}")
    elif scope not in token.scopes:
        yield Departure(f"a token for {scope}", f"one for {' '.join(token.scopes)}")


@check("TS24379-7.2.1-03", "TS24379-7.2.1-04")
def registration_asks_for_service(register: SipExchange) -> Iterator[Departure]:
    """A REGISTER for service authorisation carries token and client ID in its information body."""
    if info_value(register, "mcptt-access-token") is None:
        yield Departure("mcptt-access-token in an mcptt-info body", "absent", "TS24379-7.2.1-03")
    if not info_value(register, "mcptt-client-id"):
        yield Departure("mcptt-client-id in an mcptt-info body", "absent", "TS24379-7.2.1-04")
