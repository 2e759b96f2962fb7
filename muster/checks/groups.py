"""Groups: which documents are asked of the group server, and whose (TS 24.481)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote
from xml.sax.saxutils import escape

from muster.checks.reading import (
    SERVED_NAMES,
    address,
    bearer,
    document_path,
    names_document,
    served,
    subscribed,
    told,
)
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange, Window
from muster.judging import check

USAGE = "org.openmobilealliance.groups"


@check("TS23280-10.1.1.1-13", "TS24481-6.3.3.2-03")
def obtains_each_listed_group(
    trigger: Exchange,
    requests: Sequence[HttpExchange],
    selectors: Sequence[str],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """Each group that the active profile lists is obtained.

    `trigger` is what gave the UE the list and the right: its service authorisation.
    """
    read = SERVED_NAMES.get(service, ())
    for selector in selectors:
        if not any(names_document(request, selector) for request in served(requests)):
            for requirement in ("TS23280-10.1.1.1-13", "TS24481-6.3.3.2-03"):
                expected = f"{selector} obtained"
                yield Departure(expected, "not obtained", requirement, trigger, through=read)


@check("TS24481-6.3.3.2-05")
def asks_for_no_other_group(
    evidence: Exchange,
    requests: Sequence[HttpExchange],
    selectors: Sequence[str],
    window: Window,
) -> Iterator[Departure]:
    """No group is asked for that the active profile does not list, within the window."""
    for request in requests:
        foreign = f"/{USAGE}/" in request.decoded_path and not any(
            names_document(request, selector) for selector in selectors
        )
        if foreign:
            expected = "only groups of the active profile"
            yield Departure(expected, request.decoded_path, exchange=request)


@check("TS23280-10.1.1.1-04")
def asks_the_named_group_server(
    requests: Sequence[HttpExchange], system: str
) -> Iterator[Departure]:
    """Requests for group documents arrive at the GMS that the configuration names."""
    for request in requests:
        if (request.system, request.server) != (system, "gms"):
            observed = f"the {request.server} server of {request.system}"
            yield Departure(f"the group server of {system}", observed, exchange=request)


@check("TS33180-5.1.3.1-04", "TS24481-6.3.3.2-02")
def presents_a_group_token(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Each request for a group carries an access token of this system in its Authorization."""
    for request in requests:
        token = bearer(request)
        if token is None:
            yield Departure("Authorization: Bearer", "none", "TS24481-6.3.3.2-02", request)
        elif token.kind != "access" or token.issuer != request.system:
            expected = f"an access token of {request.system}"
            yield Departure(expected, told(token), "TS33180-5.1.3.1-04", request)


@check("TS23280-10.1.5.2-01")
def groups_follow_the_profile(
    requests: Sequence[HttpExchange], profiles: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Groups are asked for only once a profile that lists them was obtained.

    `profiles` are all requests for user profiles, whatever was answered.
    """
    for request in requests:
        listing = profiles_listing(request, profiles)
        first = min(listing, key=lambda one: one.ended, default=None)
        if first is not None and request.started < first.ended:
            expected = f"after the profile [{first.name}]"
            yield Departure(expected, "before it", exchange=request)


def profiles_listing(request: HttpExchange, profiles: Sequence[HttpExchange]) -> list[HttpExchange]:
    """The user profiles that were served and list the group that a request is for."""
    group_id = document_path(request).rpartition("/")[2]
    named = escape(group_id).encode()
    return [one for one in profiles if named and one.status == 200 and named in one.response_body]


@check("TS24481-6.3.13.2.1-08", through=("FACT-gms-psi",))
def groups_are_subscribed_to(
    evidence: Exchange,
    subscribes: Sequence[SipExchange],
    selectors: Sequence[str],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """The groups of the active profile are subscribed to, one by one or as a collection."""
    entries = [entry for subscribe in subscribes for entry in subscribed(subscribe)]
    for selector in selectors:
        spellings = (selector, selector.replace("/byGroupID/", "/byGroup/"))
        covered = any(
            entry.strip("/") == spelling
            or (entry.endswith("/") and spelling.startswith(entry.lstrip("/")))
            for entry in entries
            for spelling in spellings
        )
        if not covered:
            observed = ", ".join(entries) or "no entries"
            read = SERVED_NAMES.get(service, ())
            yield Departure(f"an entry for {selector}", observed, exchange=evidence, through=read)


@check("TS24481-6.3.3.2-04")
def obtains_the_groups_of_the_new_profile(
    trigger: Exchange,
    requests: Sequence[HttpExchange],
    selectors: Sequence[str],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """After a change of the active profile the groups that the new one lists are obtained.

    Those that the UE holds already need not be asked for again: `selectors` leaves them out.
    """
    for selector in selectors:
        if not any(names_document(request, selector) for request in served(requests)):
            expected, read = f"{selector} obtained", SERVED_NAMES.get(service, ())
            yield Departure(expected, "not obtained", exchange=trigger, through=read)


BY_SERVER = ("FACT-mcvideo-documents",)


@check("TS24484-9.3.2.1-51", through=BY_SERVER)
def group_is_subscribed_to_where_it_is_kept(
    profile: HttpExchange, subscribes: Sequence[SipExchange], psi: str
) -> Iterator[Departure]:
    """A group whose profile names its server is subscribed to there.

    `subscribes` are those that list the group.
    """
    if not any(address(one.request_uri) == address(psi) for one in subscribes):
        asked = ", ".join(one.request_uri for one in subscribes) or "no SUBSCRIBE"
        yield Departure(f"a SUBSCRIBE to {psi}", asked, exchange=profile)


@check("TS24484-9.3.2.1-52", through=BY_SERVER)
def group_is_obtained_where_it_is_kept(
    notify: SipExchange, requests: Sequence[HttpExchange], root: str, selector: str
) -> Iterator[Departure]:
    """A group that its own server announced is obtained from there."""
    asked = [one for one in requests if names_document(one, selector)]
    if not any(unquote(one.path).startswith(f"{root}/") for one in asked):
        observed = ", ".join(one.decoded_path for one in asked) or "not asked for"
        yield Departure(f"{root}/{selector}", observed, exchange=notify)
