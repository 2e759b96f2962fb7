"""What TS 24.484 clause 9 and TS 24.281 demand of an MCVideo client, beside what all share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.configuration import (
    Place,
    each_profile,
    own_ue_configuration,
    service_configuration,
)
from muster.checks.reading import info_value
from muster.checks.services import body_of_service, token_of_its_system
from muster.evidence import Departure, HttpExchange, SipExchange
from muster.judging import check

UE_CONFIGURATION = Place(
    "TS24484-9.2.2.2-51", "TS24484-9.2.1A-51", "TS24484-9.2.1A-51", "TS23280-10.1.1.1-11"
)
USER_PROFILE = Place("TS24484-9.3.2.2-51", "TS24484-9.3.1A-51", obtained="TS23280-10.1.1.1-12")
SERVICE_CONFIGURATION = Place("TS24484-9.4.2.2-51", "TS24484-9.4.2.9-51")


@check("TS23280-10.1.1.1-11", "TS24484-9.2.1A-51", "TS24484-9.2.2.2-51")
def asks_for_own_ue_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """The MCVideo UE configuration of this terminal is asked for at its place."""
    yield from own_ue_configuration(notify, requests, selector, UE_CONFIGURATION)


@check("TS23280-10.1.1.1-12", "TS24484-9.3.1A-51", "TS24484-9.3.2.2-51")
def obtains_each_profile(
    notify: SipExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """Every MCVideo user profile is obtained from the directory of the user's MCVideo ID."""
    yield from each_profile(notify, requests, selectors, USER_PROFILE)


@check("TS24484-9.4.2.2-51", "TS24484-9.4.2.9-51")
def obtains_the_service_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """The MCVideo service configuration is asked for in the global tree of its usage."""
    yield from service_configuration(notify, requests, selector, SERVICE_CONFIGURATION)


@check("TS33180-5.1.3.1-02", "TS24281-7.1-01")
def authorisation_presents_a_token_of_its_system(request: SipExchange) -> Iterator[Departure]:
    """The request for MCVideo service authorisation presents an access token of its system."""
    yield from token_of_its_system(request, "TS24281-7.1-01")


@check("TS24281-F.1-51")
def information_body_is_valid(request: SipExchange) -> Iterator[Departure]:
    """The information body of an MCVideo client is an mcvideo-info body, valid by its schema."""
    yield from body_of_service(request, "mcvideo")


@check(
    "TS24281-F.1.3-51",
    through=(
        "FACT-mcvideo-migration-info-elements",
        "FACT-migration-authorisation-message",
        "FACT-partner-mc-id",
    ),
)
def partner_authorisation_names_both_identities(
    request: SipExchange, partner_id: str, primary_id: str
) -> Iterator[Departure]:
    """Service authorisation at the partner carries the MCVideo IDs at partner and primary."""
    wanted = {"partner-mcvideo-id": partner_id, "primary-mcvideo-id": primary_id}
    for name, identity in wanted.items():
        found = info_value(request, name, "mcvideo")
        if found != identity:
            yield Departure(f"{name} {identity}", found or "absent")
