"""What TS 24.484 clause 10 and TS 24.282 demand of an MCData client, beside what all share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.configuration import (
    Place,
    each_profile,
    own_ue_configuration,
    service_configuration,
)
from muster.checks.reading import SERVED_NAMES, document_path
from muster.checks.services import body_of_service, token_of_its_system
from muster.evidence import Departure, HttpExchange, SipExchange
from muster.judging import check

NAMES = SERVED_NAMES["mcdata"]
UE_CONFIGURATION = Place(
    "TS24484-10.2.2.2-51",
    "TS24484-10.2.1-51",
    obtained="TS23280-10.1.1.1-11",
    through=NAMES,
)
USER_PROFILE = Place("TS24484-10.3.2.2-51", "TS24484-10.3.1A-51", obtained="TS23280-10.1.1.1-12")
SERVICE_CONFIGURATION = Place("TS24484-10.4.2.2-51", "TS24484-10.4.2.9-51", through=NAMES)


@check("TS23280-10.1.1.1-11", "TS24484-10.2.1-51", "TS24484-10.2.2.2-51")
def asks_for_own_ue_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """The MCData UE configuration is asked for in the directory of the user's MCData ID."""
    yield from own_ue_configuration(notify, requests, selector, UE_CONFIGURATION)


@check(
    "TS23280-10.1.1.1-12",
    "TS24484-10.3.1A-51",
    "TS24484-10.3.1A-52",
    "TS24484-10.3.2.2-51",
)
def obtains_each_profile(
    notify: SipExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """Every MCData user profile is obtained, by its name or as a member of the directory."""
    yield from each_profile(notify, requests, selectors, USER_PROFILE)
    directory = selectors[0].rpartition("/")[0] if selectors else ""
    known = {selector.rpartition("/")[2] for selector in selectors}
    for request in requests if directory else ():
        _, within, name = document_path(request).partition(f"/{directory}/")
        if within and name not in known | {""}:
            expected = f"one of {', '.join(sorted(known))}"
            yield Departure(expected, name, "TS24484-10.3.1A-52", request)


@check("TS24484-10.4.2.2-51", "TS24484-10.4.2.9-51")
def obtains_the_service_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """The MCData service configuration is asked for in the global tree of its usage."""
    yield from service_configuration(notify, requests, selector, SERVICE_CONFIGURATION)


@check("TS33180-5.1.3.1-02", "TS24282-7.1-01")
def authorisation_presents_a_token_of_its_system(request: SipExchange) -> Iterator[Departure]:
    """The request for MCData service authorisation presents an access token of its system."""
    yield from token_of_its_system(request, "TS24282-7.1-01")


@check("TS24282-D.1-51")
def information_body_is_valid(request: SipExchange) -> Iterator[Departure]:
    """The information body of an MCData client is an mcdata-info body by its media type."""
    yield from body_of_service(request, "mcdata")
