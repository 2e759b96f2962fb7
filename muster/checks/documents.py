"""Retrieval of configuration documents: whose, from where, with which token, which version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from muster.checks.reading import (
    announced,
    bearer,
    document_path,
    names_document,
    of_other_service,
    served,
    told,
)
from muster.evidence import Departure, Exchange, HttpExchange, SipExchange, Window
from muster.judging import check

PROFILES = "org.3gpp.mcptt.user-profile"
PROFILE_NAME = re.compile(r"mcptt-user-profile-\d{1,3}\.xml")
ENTITY_TAG = re.compile(r'(?:W/)?"[^"]*"|[^\s,]+')
PATIENCE = 10
"""How often one request may be refused: more is no second try any more."""


# Whose documents, and where ----------------------------------------------------------------------


@check("TS24484-6.3.3-05")
def asks_only_for_own_documents(
    evidence: Exchange,
    requests: Sequence[HttpExchange],
    owner: str,
    window: Window,
    service: str = "mcptt",
) -> Iterator[Departure]:
    """Nothing is asked for in the directory of another user, within the window.

    `owner` is her MC service ID; her other services have directories of their own.
    """
    for request in requests:
        _, below, rest = document_path(request).partition("/users/")
        of_whom = rest.partition("/")[0]
        foreign = below and of_whom != owner
        if foreign and not of_other_service(request, f"org.3gpp.{service}."):
            yield Departure(f"documents of {owner}", f"one of {of_whom}", exchange=request)


@check("TS24484-8.2.1A-51", through=("FACT-mcptt-ue-configuration-path",))
def asks_for_no_other_terminal(
    evidence: Exchange, requests: Sequence[HttpExchange], selector: str, window: Window
) -> Iterator[Departure]:
    """The UE configuration of another terminal is not asked for, within the window."""
    directory = selector.rpartition("/")[0]
    for request in requests:
        of_usage = f"/{directory}/" in document_path(request)
        if of_usage and not names_document(request, selector):
            observed = document_path(request).rpartition("/")[2]
            if observed:
                yield Departure(selector.rpartition("/")[2], observed, exchange=request)


@check("TS23280-10.1.3.2-01")
def ue_configuration_is_asked_for(
    notify: SipExchange, requests: Sequence[HttpExchange], selector: str
) -> Iterator[Departure]:
    """The configuration server is asked for the UE configuration that it announced."""
    asked = [r for r in requests if r.server == "cms" and names_document(r, selector)]
    if not asked:
        yield Departure(f"a request for {selector}", "none", exchange=notify)


@check("TS23280-10.1.4.3.1-01")
def profiles_are_asked_of_the_own_system(
    requests: Sequence[HttpExchange], system: str
) -> Iterator[Departure]:
    """User profiles for service at a system are asked of its configuration server."""
    for request in requests:
        asked = (request.system, request.server)
        if "user-profile" in request.decoded_path and asked != (system, "cms"):
            observed = f"the {request.server} server of {request.system}"
            yield Departure(f"the configuration server of {system}", observed, exchange=request)


@check("TS23280-10.1.1.1-12")
def every_profile_is_obtained(
    notify: SipExchange, requests: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """Every profile of the user that can be had is obtained."""
    directory = "/" + selectors[0].rpartition("/")[0] if selectors else ""
    whole = any(r.decoded_path.rstrip("/").endswith(directory) for r in served(requests))
    for selector in selectors:
        if not whole and not any(names_document(r, selector) for r in served(requests)):
            yield Departure(f"{selector} obtained", "not obtained", exchange=notify)


@check("TS24484-8.3.1A-52")
def profiles_have_their_names(
    requests: Sequence[HttpExchange],
) -> Iterator[Departure]:
    """A profile is asked for under a name that holds its index, or with its whole directory."""
    for request in requests:
        _, of_usage, rest = document_path(request).partition(f"/{PROFILES}/users/")
        name = rest.partition("/")[2]
        if of_usage and name and not PROFILE_NAME.fullmatch(name):
            yield Departure("mcptt-user-profile-<INDEX>.xml", name, exchange=request)


@check("TS24484-6.3.13.2.2-14")
def documents_are_below_the_announced_root(
    notify: SipExchange, requests: Sequence[HttpExchange], root: str
) -> Iterator[Departure]:
    """What a NOTIFY names is retrieved below the XCAP root that it gives."""
    path = unquote(root.partition("://")[2].partition("/")[2]).strip("/")
    for selector in announced(notify):
        wanted = f"/{path}/{selector}"
        asked = [request for request in requests if names_document(request, selector)]
        if not any(document_path(request) == wanted for request in asked):
            observed = ", ".join(sorted({request.path for request in asked})) or "not asked for"
            yield Departure(wanted, observed, exchange=notify)


# Tokens ------------------------------------------------------------------------------------------


@check("TS24484-6.2.2-02")
def each_request_carries_authorization(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """Each request to the configuration server carries Authorization with a Bearer token."""
    for request in requests:
        scheme = (request.header("Authorization") or "").partition(" ")[0]
        if scheme.lower() != "bearer":
            yield Departure("Authorization: Bearer", scheme or "none", exchange=request)


@check("TS33180-5.1.3.1-07", through=("FACT-scope-names",))
def token_is_scoped_for_configuration(requests: Sequence[HttpExchange]) -> Iterator[Departure]:
    """The access token shown to the configuration server is scoped for configuration management."""
    yield from wrongly_scoped(requests, "config_management_service")


def wrongly_scoped(requests: Sequence[HttpExchange], scope: str) -> Iterator[Departure]:
    for request in requests:
        token = bearer(request)
        known = token is not None and token.kind == "access"
        if token and known and not any(one.endswith(scope) for one in token.scopes):
            observed = " ".join(token.scopes) or "no scope"
            yield Departure(f"a scope that ends in {scope}", observed, exchange=request)


@check("TS33180-B.5.3-01")
def renewed_token_is_shown(
    renewal: HttpExchange, requests: Sequence[HttpExchange], refused: HttpExchange
) -> Iterator[Departure]:
    """Once the token was renewed, the one that a server refused is not shown to it again."""
    old = bearer(refused)
    for request in requests:
        token = bearer(request)
        if old and token and request.started > renewal.ended and token.label == old.label:
            yield Departure("the renewed token", told(token), exchange=request)


# Refusals ----------------------------------------------------------------------------------------


@check("RFC9110-15.5.5-01")
def missing_document_is_let_be(
    refusals: Sequence[HttpExchange], window: Window
) -> Iterator[Departure]:
    """A document that is not found is not asked for again and again."""
    yield from _repeated(refusals, (404,))


@check("TS24482-A.2.3-04")
def refusal_is_taken(refusals: Sequence[HttpExchange], window: Window) -> Iterator[Departure]:
    """A request that was refused for its token is not repeated without end."""
    yield from _repeated(refusals, (401, 403))


def _repeated(refusals: Sequence[HttpExchange], statuses: Sequence[int]) -> Iterator[Departure]:
    counts: dict[str, list[HttpExchange]] = {}
    for request in refusals:
        if request.status in statuses:
            counts.setdefault(f"{request.method} {request.decoded_path}", []).append(request)
    for what, again in counts.items():
        if len(again) > PATIENCE:
            expected = f"{what} at most {PATIENCE} times"
            yield Departure(expected, f"{len(again)} times", exchange=again[-1])


# Versions ----------------------------------------------------------------------------------------


@check("RFC9110-8.8.3-01", "RFC9110-13.1.2-01")
def condition_names_a_version_that_was_received(
    requests: Sequence[HttpExchange], notifies: Sequence[SipExchange]
) -> Iterator[Departure]:
    """If-None-Match carries the ETag of an answer with that document, character by character.

    What a NOTIFY called the document's version counts as received with it, in quotes.
    """
    for request in requests:
        received = _versions_of(request, requests, notifies)
        for tag in _offered(request, received):
            if tag in received:
                continue
            bent = _bare(tag) in {_bare(one) for one in received}
            expected = " or ".join(sorted(received)) or "no condition: no version is held"
            requirement = "RFC9110-8.8.3-01" if bent else "RFC9110-13.1.2-01"
            yield Departure(expected, tag, requirement, request)


def _offered(request: HttpExchange, received: set[str]) -> list[str]:
    """The ETags of a condition; without quotes the whole is taken for one, commas and all."""
    value = (request.header("If-None-Match") or "").strip()
    if value not in received and _bare(value) in {_bare(one) for one in received}:
        return [value]
    return ENTITY_TAG.findall(value)


def _versions_of(
    request: HttpExchange, requests: Sequence[HttpExchange], notifies: Sequence[SipExchange]
) -> set[str]:
    own = document_path(request)
    tags = {
        answer.response_header("ETag") or ""
        for answer in requests
        if answer.ended <= request.started and document_path(answer) == own
    }
    for notify in notifies:
        for selector, tag in announced(notify).items():
            if notify.started <= request.started and names_document(request, selector):
                tags.add(f'"{tag}"')
    return tags - {"", '""'}


def _bare(tag: str) -> str:
    """An ETag as careless clients leave it: no weak mark, no quotes, no escaping, in lower case."""
    return unquote(tag).strip().removeprefix("W/").strip("\"'").lower()


@check("TS24484-6.3.3-03")
def goes_on_with_what_it_holds(
    answers: Sequence[HttpExchange], later: Sequence[HttpExchange], selectors: Sequence[str]
) -> Iterator[Departure]:
    """After 304 the UE goes on: what it asks for next shows that it still holds the document.

    A client that asks without a condition never sees 304, and nothing is asked of it here.
    """
    unchanged = next((answer for answer in answers if answer.status == 304), None)
    for selector in selectors if unchanged else ():
        if not any(names_document(request, selector) for request in served(later)):
            yield Departure(f"{selector} obtained", "not obtained", exchange=unchanged)
