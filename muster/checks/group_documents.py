"""Retrieval of group documents: how they are asked for, and what is used of them (TS 24.481)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from muster.checks.documents import wrongly_scoped
from muster.checks.groups import USAGE
from muster.checks.reading import (
    SERVED_NAMES,
    document_path,
    names_document,
    served,
    subscribed,
)
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange
from muster.judging import check

COLLECTIONS = ("byGroupID", "byGroup")
"""Spellings of the collection: implementers differ, and both are taken."""


@check("TS24481-6.3.3.2-03")
def each_group_is_asked_for(
    trigger: Exchange,
    requests: Sequence[HttpExchange],
    selectors: Sequence[str],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """Each group that the active profile lists is asked for, whatever became of the others."""
    read = SERVED_NAMES.get(service, ())
    for selector in selectors:
        if not any(names_document(request, selector) for request in requests):
            yield Departure(f"a request for {selector}", "none", exchange=trigger, through=read)


@check("TS24481-7.2.3-51", "TS24481-6.2.2.2-01", "TS24481-7.2.10.2-51")
def groups_are_asked_for_in_their_place(
    requests: Sequence[HttpExchange], root: str, group_ids: Sequence[str]
) -> Iterator[Departure]:
    """Application usage, collection and group ID of each request to the group server are right."""
    path = unquote(root.partition("://")[2].partition("/")[2]).strip("/")
    for request in requests:
        asked = document_path(request).removeprefix(f"/{path}/")
        usage, _, rest = asked.partition("/")
        tree, _, member = rest.partition("/")
        collection, _, group_id = member.partition("/")
        if usage == "xcap-caps":
            continue
        if usage != USAGE:
            yield Departure(USAGE, usage, "TS24481-7.2.3-51", request)
        elif tree != "global" or collection not in COLLECTIONS:
            expected = "the global tree, byGroupID"
            yield Departure(expected, f"{tree}/{collection}", "TS24481-6.2.2.2-01", request)
        elif group_id not in group_ids:
            expected = " or ".join(sorted(group_ids))
            yield Departure(expected, group_id, "TS24481-7.2.10.2-51", request)


NO_RETRIEVAL = ("HEAD", "PUT", "DELETE")
"""Methods that retrieve nothing: judged elsewhere, where at all."""


@check("TS24481-6.3.3.2-01")
def groups_are_retrieved_by_get_or_post(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """A group document is retrieved by GET, or by the POST that asks for chosen parts of it."""
    for request in requests:
        if request.method not in ("GET", "POST", *NO_RETRIEVAL):
            yield Departure("GET or POST", request.method, exchange=request)


@check("RFC3986-3.3-01")
def group_id_is_one_segment(
    trigger: Exchange, requests: Sequence[HttpExchange], group_id: str
) -> Iterator[Departure]:
    """What may not stand in a path segment is percent-encoded in the group ID of the path."""
    asked = [request for request in requests if f"/{USAGE}/" in request.decoded_path]
    for request in asked:
        whole = unquote(request.target)
        beginning = group_id.partition("/")[0].partition("?")[0]
        if beginning not in whole:
            continue
        segment = request.path.partition("/~~")[0].rpartition("/")[2]
        if unquote(segment) != group_id:
            yield Departure(f"{group_id} as one segment", request.target, exchange=request)


@check("TS24481-7.2.2-51", through=("FACT-gms-psi",))
def extended_group_is_used(
    document: HttpExchange, subscribes: Sequence[SipExchange], selector: str
) -> Iterator[Departure]:
    """A group whose document has unknown extensions is subscribed to like any other."""
    spelled = (selector, selector.replace("/byGroupID/", "/byGroup/"))
    entries = [entry.lstrip("/") for subscribe in subscribes for entry in subscribed(subscribe)]
    covered = any(
        entry == one or (entry.endswith("/") and one.startswith(entry))
        for entry in entries
        for one in spelled
    )
    if not covered:
        observed = ", ".join(entries) or "no entries"
        yield Departure(f"an entry for {selector}", observed, exchange=document)


@check("TS33180-5.1.3.1-08", through=("FACT-scope-names",))
def token_is_scoped_for_groups(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """The access token shown to the group server is scoped for group management."""
    yield from wrongly_scoped(requests, "group_management_service")


@check("TS23280-10.1.5.2-02")
def groups_follow_registration(
    register: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Groups are asked for only once the UE has registered for service."""
    for request in requests:
        if request.started < register.ended:
            expected = f"after the registration [{register.name}]"
            yield Departure(expected, "before it", exchange=request)


@check("RFC5875-4.8-01")
def missed_group_is_obtained_after_the_notification(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """A group that the UE failed to obtain is obtained once the first NOTIFY names it."""
    if not any(names_document(request, selector) for request in served(requests)):
        yield Departure(f"{selector} obtained", "not obtained", exchange=notify)
