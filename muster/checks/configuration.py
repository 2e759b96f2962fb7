"""Configuration documents: which are asked for, where, with whose token (TS 24.484)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from muster.checks.reading import (
    ICSI,
    ICSI_FACTS,
    INFO_TYPE,
    RESOURCE_LISTS_TYPE,
    SERVED_NAMES,
    XCAP_DIFF_TYPE,
    address,
    announced,
    bearer,
    body_token,
    document_path,
    field,
    icsi_refs,
    media_type,
    names_document,
    of_other_service,
    parts,
    served,
    subscribed,
    told,
)
from muster.evidence import Departure, HttpExchange, SipExchange
from muster.judging import check


@dataclass(frozen=True)
class Place:
    """What demands that a kind of document is asked for at its place in the tree."""

    usage: str
    directory: str = ""
    """In the directory of its user, or in the global tree."""
    name: str = ""
    """Empty: no text gives the name."""
    obtained: str = ""
    """That it is asked for at all."""
    through: tuple[str, ...] = ()
    """Facts that a UE needs to know what to ask for."""


def own_ue_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str, place: Place
) -> Iterator[Departure]:
    """Yield what is wrong with the requests for the UE configuration of this terminal."""
    usage, _, own = selector.partition("/users/")
    xui, _, name = own.partition("/")
    of_usage = [request for request in requests if f"/{usage}/" in request.decoded_path]
    if not of_usage:
        observed = f"{len(requests)} requests, none for {usage}"
        for requirement in (place.usage, place.obtained):
            expected = f"a request for {selector}"
            yield Departure(expected, observed, requirement, notify, through=place.through)
        return
    for request in of_usage:
        _, _, rest = document_path(request).partition(f"/{usage}/users/")
        asked_xui, _, asked_name = rest.partition("/")
        if asked_xui != xui:
            yield Departure(xui, asked_xui or rest, place.directory, request)
        elif place.name and asked_name not in ("", name):
            named = ("FACT-mcptt-ue-configuration-path",)
            yield Departure(name, asked_name, place.name, request, through=named)


UE_CONFIGURATION = Place(
    "TS24484-8.2.2.2-51", "TS24484-8.2.1-51", "TS24484-8.2.1A-51", "TS23280-10.1.1.1-11"
)


@check(
    "TS23280-10.1.1.1-11",
    "TS24484-8.2.1-51",
    "TS24484-8.2.1A-51",
    "TS24484-8.2.2.2-51",
)
def asks_for_own_ue_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """The UE configuration of this terminal is asked for: application usage, user, terminal.

    `requests` are all requests to configuration and group servers after the NOTIFY.
    """
    yield from own_ue_configuration(notify, requests, selector, UE_CONFIGURATION)


@check("TS23280-10.1.1.1-03")
def asks_the_named_configuration_server(
    requests: Sequence[HttpExchange], system: str
) -> Iterator[Departure]:
    """Requests for configuration documents arrive at the CMS that the configuration names."""
    for request in requests:
        if (request.system, request.server) != (system, "cms"):
            observed = f"the {request.server} server of {request.system}"
            yield Departure(f"the configuration server of {system}", observed, exchange=request)


@check("TS33180-5.1.3.1-03", "TS33180-B.10-02")
def presents_a_configuration_token(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Each request carries an access token of this system in the Authorization header."""
    for request in requests:
        token = bearer(request)
        if token is None:
            yield Departure("Authorization: Bearer", "none", "TS33180-B.10-02", request)
        elif token.kind != "access" or token.issuer != request.system:
            expected = f"an access token of {request.system}"
            yield Departure(expected, told(token), "TS33180-5.1.3.1-03", request)


def each_profile(
    notify: SipExchange, requests: Sequence[HttpExchange], selectors: Sequence[str], place: Place
) -> Iterator[Departure]:
    """Yield which user profiles were not obtained, and which were asked for elsewhere."""
    directory = selectors[0].rpartition("/")[0] if selectors else ""
    usage = directory.partition("/")[0]
    for selector in selectors:
        if not any(_obtains(request, selector, directory) for request in requests):
            yield Departure(f"{selector} obtained", "not asked for", place.obtained, notify)
    asked = [request for request in requests if "user-profile" in request.decoded_path]
    own = [request for request in asked if f"/{usage}/" in request.decoded_path]
    for request in asked if directory else ():
        if own and of_other_service(request, usage):
            continue
        if f"/{usage}/" not in request.decoded_path:
            yield Departure(usage, request.decoded_path, place.usage, request)
        elif f"/{directory}/" not in f"{request.decoded_path}/":
            yield Departure(directory, request.decoded_path, place.directory, request)


USER_PROFILE = Place("TS24484-8.3.2.2-51", "TS24484-8.3.1A-51", obtained="TS23280-10.1.1.1-12")


@check("TS23280-10.1.1.1-12", "TS24484-8.3.1A-51", "TS24484-8.3.2.2-51")
def obtains_each_profile(
    notify: SipExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """Every user profile that the NOTIFY announced is obtained from the user's directory.

    A request for the whole directory obtains all of them.
    """
    yield from each_profile(notify, requests, selectors, USER_PROFILE)


def _obtains(request: HttpExchange, selector: str, directory: str) -> bool:
    whole = request.decoded_path.rstrip("/").endswith("/" + directory)
    return request.status in (200, 304) and (whole or names_document(request, selector))


def service_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str, place: Place
) -> Iterator[Departure]:
    """Yield what is wrong with the requests for the service configuration."""
    usage, _, name = selector.partition("/global/")
    of_usage = [request for request in requests if f"/{usage}/" in request.decoded_path]
    if not of_usage:
        expected = f"a request for {selector}"
        yield Departure(expected, "none", place.usage, notify, through=place.through)
    for request in of_usage:
        _, _, rest = document_path(request).partition(f"/{usage}/")
        if not (rest.startswith("global/") and rest.endswith(f"/{name}")):
            yield Departure(f"global/.../{name}", rest, place.directory, request)


SERVICE_CONFIGURATION = Place("TS24484-8.4.2.2-51", "TS24484-8.4.2.9-51")


@check("TS24484-8.4.2.2-51", "TS24484-8.4.2.9-51")
def obtains_the_service_configuration(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """The service configuration is asked for in the global tree of its application usage."""
    yield from service_configuration(notify, requests, selector, SERVICE_CONFIGURATION)


NO_RETRIEVAL = ("HEAD", "PUT", "DELETE")
"""Methods that are no retrieval: versions are asked for, documents changed or removed."""


@check("TS24484-6.3.3-01", "TS24484-6.3.3-04")
def retrieves_below_the_named_root(
    requests: Sequence[HttpExchange], root: str
) -> Iterator[Departure]:
    """Documents are retrieved by GET of the XCAP root with the selector appended."""
    path = unquote(root.partition("://")[2].partition("/")[2]).strip("/")
    below = f"/{path}/" if path else "/"
    for request in requests:
        if request.method not in ("GET", *NO_RETRIEVAL):
            yield Departure("GET", request.method, "TS24484-6.3.3-01", request)
        if not request.decoded_path.startswith(below):
            yield Departure(f"{below}...", request.path, "TS24484-6.3.3-04", request)


@check("RFC5875-4.8-01")
def fetches_what_the_first_notification_names(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Each document that the first NOTIFY names in a version is obtained."""
    for selector, etag in announced(notify).items():
        directory = "/" + selector.rpartition("/")[0]
        obtained = any(
            names_document(r, selector) or r.decoded_path.rstrip("/").endswith(directory)
            for r in served(requests)
        )
        if etag and not obtained:
            yield Departure(f"{selector} obtained", "not asked for", exchange=notify)


# Subscription ----------------------------------------------------------------------------------


@check(
    "TS24484-6.3.13.2.2-01",
    "TS24484-6.3.13.2.2-03",
    "TS24484-6.3.13.2.2-04",
    "TS24484-6.3.13.2.2-05",
    "TS24484-6.3.13.2.2-06",
)
def subscription_has_its_form(
    subscribe: SipExchange, service: str = "mcptt"
) -> Iterator[Departure]:
    """Event, Accept, service and contact of the SUBSCRIBE, and a multipart of two bodies.

    Which information body it is, no text says for the other services: each is accepted.
    """
    icsi, named = ICSI.get(service, ""), ICSI_FACTS.get(service, ())
    infos = [INFO_TYPE["mcptt"]] if service == "mcptt" else list(INFO_TYPE.values())
    event = (subscribe.header("Event") or "").partition(";")[0].strip()
    if event != "xcap-diff":
        yield Departure("Event: xcap-diff", event or "no Event", "TS24484-6.3.13.2.2-01")
    accepted = field(subscribe, "Accept")
    if not any(range_ in accepted.lower() for range_ in (XCAP_DIFF_TYPE, "application/*", "*/*")):
        yield Departure(f"Accept: {XCAP_DIFF_TYPE}", accepted or "none", "TS24484-6.3.13.2.2-03")
    preferred = field(subscribe, "P-Preferred-Service") or "none"
    if icsi not in preferred.lower():
        expected = f"P-Preferred-Service: {icsi}"
        yield Departure(expected, preferred, "TS24484-6.3.13.2.2-04", through=named)
    contact = field(subscribe, "Contact")
    if icsi not in icsi_refs(subscribe):
        expected = f"g.3gpp.icsi-ref with {icsi} in Contact"
        observed = contact or "no Contact"
        yield Departure(expected, observed, "TS24484-6.3.13.2.2-05", through=named)
    found = {media_type(part) for part in parts(subscribe)}
    for wanted in (infos, [RESOURCE_LISTS_TYPE]):
        if not found & set(wanted):
            observed = ", ".join(sorted(found)) or "no parts"
            expected = f"a body of type {' or '.join(wanted)}"
            yield Departure(expected, observed, "TS24484-6.3.13.2.2-06")


@check("TS24484-6.3.13.2.2-07")
def subscription_presents_the_token(subscribe: SipExchange) -> Iterator[Departure]:
    """The information body carries an access token of the system that is subscribed to."""
    token = body_token(subscribe)
    if token is None or token.kind != "access" or token.issuer != subscribe.system:
        yield Departure(f"an access token of {subscribe.system}", told(token))


@check("TS24484-6.3.13.2.2-02", through=("FACT-cms-psi",))
def subscription_goes_to_the_named_psi(subscribe: SipExchange, psi: str) -> Iterator[Departure]:
    """The SUBSCRIBE is sent to the PSI of the configuration server."""
    if address(subscribe.request_uri) != address(psi):
        yield Departure(psi, subscribe.request_uri)


COVERED = {
    "ue-config": "TS24484-6.3.13.2.2-10",
    "user-profile": "TS24484-6.3.13.2.2-11",
    "service-config": "TS24484-6.3.13.2.2-12",
}


@check(*COVERED.values(), "TS24484-6.3.13.2.2-09")
def subscriptions_cover_the_configuration(
    subscribes: Sequence[SipExchange], service: str = "mcptt"
) -> Iterator[Departure]:
    """UE configuration, user profiles and service configuration are subscribed to.

    One subscription for all, or one for each document.
    """
    entries = [(entry, subscribe) for subscribe in subscribes for entry in subscribed(subscribe)]
    for usage, requirement in COVERED.items():
        if not any(f"org.3gpp.{service}.{usage}/" in entry for entry, _ in entries):
            seen = ", ".join(entry for entry, _ in entries) or "no entries"
            expected, named = f"an entry for {usage} documents", SERVED_NAMES.get(service, ())
            yield Departure(expected, seen, requirement, through=named)
    for entry, subscribe in entries:
        if "://" in entry:
            expected = "an entry relative to the XCAP root"
            yield Departure(expected, entry, "TS24484-6.3.13.2.2-09", subscribe)
