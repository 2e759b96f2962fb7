"""Service authorisation and profiles, as MC services have them in common; several on one UE.

What MCPTT has a clause of its own for is in `authorisation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from muster.checks.reading import (
    INFO_TYPE,
    SERVED_NAMES,
    address,
    body_token,
    field,
    media_type,
    part_of_type,
    parts,
    profile_index,
    schema_problems,
    told,
)
from muster.evidence import Departure, SipExchange
from muster.judging import check


def token_of_its_system(request: SipExchange, of_system: str) -> Iterator[Departure]:
    """Yield what is wrong with the token of a request for service authorisation."""
    token = body_token(request)
    if token is None or token.kind != "access":
        yield Departure(f"an access token of {request.system}", told(token), "TS33180-5.1.3.1-02")
    elif token.issuer != request.system:
        yield Departure(f"a token of {request.system}", told(token), of_system)


def body_of_service(request: SipExchange, service: str) -> Iterator[Departure]:
    """Yield what is wrong with the information body of MCVideo or MCData."""
    wanted = INFO_TYPE[service]
    part = part_of_type(request, wanted)
    if part is None:
        found = ", ".join(media_type(one) for one in parts(request)) or "no body"
        yield Departure(f"a body of type {wanted}", found)
        return
    # No text of the MCData schema was read: its media type is all that is judged.
    for problem in schema_problems(part.body) if service == "mcvideo" else ():
        yield Departure(f"a valid {service}-info body", problem)


@check(
    "TS23280-10.1.1.1-17",
    through=("FACT-pre-selected-indication", "FACT-profile-index-in-settings"),
)
def no_other_profile_becomes_active(
    authorisation: SipExchange, settings: Sequence[SipExchange], index: int, service: str
) -> Iterator[Departure]:
    """Settings of MCVideo or MCData that name a profile at authorisation name the pre-selected one.

    Whether they have to name one, no text says that was read.
    """
    named = [(s, profile_index(s)) for s in settings if profile_index(s) is not None]
    if named and named[0][1] != str(index):
        observed, read = f"profile index {named[0][1]}", SERVED_NAMES.get(service, ())
        yield Departure(f"profile index {index}", observed, exchange=named[0][0], through=read)


@check("TS23280-10.1.1.1-23", through=("FACT-profile-index-in-settings",))
def choice_is_told_to_the_server(
    settings: Sequence[SipExchange], index: int, evidence: SipExchange
) -> Iterator[Departure]:
    """After the user of MCVideo or MCData chose a profile, the server is told of it.

    `evidence` is the last request of the service before the user's choice.
    """
    indexes = [profile_index(s) for s in settings]
    if str(index) not in indexes:
        observed = ", ".join(f"profile index {value}" for value in indexes) or "no settings"
        yield Departure(f"profile index {index}", observed, exchange=evidence)


# Several services on one UE --------------------------------------------------------------------


@check("TS24379-7.1-02")
def services_share_one_registration(registers: Sequence[SipExchange]) -> Iterator[Departure]:
    """Whatever services are started, the UE binds one contact address to one public identity."""
    bound = [(r, _binding(r)) for r in registers if r.status == 200 and not _ends(r)]
    for register, binding in bound:
        if binding != bound[0][1]:
            expected, observed = " as ".join(bound[0][1]), " as ".join(binding)
            yield Departure(f"the binding {expected}", observed, exchange=register)


@check("TS24379-7.1-04")
def stopped_service_leaves_the_registration(
    evidence: SipExchange, registers: Sequence[SipExchange], service: str
) -> Iterator[Departure]:
    """After one of several services was stopped the UE registers again without its parameters.

    `registers` are those after the service was stopped, `evidence` is the last one before.
    """
    tag = f"g.3gpp.{service}"
    still = [r for r in registers if r.status == 200 and not _ends(r)]
    if not still:
        yield Departure(f"a REGISTER without {tag}", "no REGISTER", exchange=evidence)
    elif tag in field(still[-1], "Contact").lower():
        yield Departure(f"a Contact without {tag}", field(still[-1], "Contact"), exchange=still[-1])


def _binding(register: SipExchange) -> tuple[str, str]:
    """Return where the UE is reached, and as whom."""
    place = field(register, "Contact").partition("@")[2].partition(">")[0].partition(";")[0]
    return place.lower(), address(field(register, "To").partition("<")[2].partition(">")[0])


def _ends(register: SipExchange) -> bool:
    contact = field(register, "Contact").replace(" ", "").lower()
    return field(register, "Expires") == "0" or re.search(r";expires=0(?!\d)", contact) is not None
