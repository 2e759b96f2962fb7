"""Subscriptions to changes: their form towards the group server, their dialog, how they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muster.checks.reading import (
    ICSI,
    ICSI_FACTS,
    RESOURCE_LISTS_TYPE,
    SERVED_NAMES,
    XCAP_DIFF_TYPE,
    address,
    announced,
    body_token,
    field,
    icsi_refs,
    media_type,
    parts,
    subscribed,
    told,
)
from muster.evidence import Departure, HttpExchange, SipExchange, Window
from muster.judging import check
from muster.protocol.sip.fields import SipSyntaxError, parse_address


def is_end(subscribe: SipExchange) -> bool:
    return (subscribe.header("Expires") or "").strip() == "0"


def spellings(selector: str) -> tuple[str, str]:
    """A group document is named by either of two collections."""
    return selector, selector.replace("/byGroupID/", "/byGroup/")


# Form ------------------------------------------------------------------------------------------


@check(
    "TS24481-6.3.13.2.1-01",
    "TS24481-6.3.13.2.1-05",
    "TS24481-6.3.13.2.1-06",
    "TS24481-6.3.13.2.1-07",
)
def group_subscription_has_its_form(
    subscribe: SipExchange, service: str = "mcptt"
) -> Iterator[Departure]:
    """Event, service, Contact and Accept of a SUBSCRIBE for group documents."""
    icsi, named = ICSI.get(service, ""), ICSI_FACTS.get(service, ())
    event = (subscribe.header("Event") or "").partition(";")[0].strip()
    if event != "xcap-diff":
        yield Departure("Event: xcap-diff", event or "no Event", "TS24481-6.3.13.2.1-01")
    preferred = field(subscribe, "P-Preferred-Service")
    if icsi not in preferred.lower():
        expected, observed = f"P-Preferred-Service: {icsi}", preferred or "none"
        yield Departure(expected, observed, "TS24481-6.3.13.2.1-05", through=named)
    contact = field(subscribe, "Contact")
    if icsi not in icsi_refs(subscribe):
        expected, observed = f"g.3gpp.icsi-ref with {icsi} in Contact", contact or "no Contact"
        yield Departure(expected, observed, "TS24481-6.3.13.2.1-06", through=named)
    accepted = field(subscribe, "Accept")
    if not any(range_ in accepted.lower() for range_ in (XCAP_DIFF_TYPE, "application/*", "*/*")):
        yield Departure(f"Accept: {XCAP_DIFF_TYPE}", accepted or "none", "TS24481-6.3.13.2.1-07")


@check("TS24481-6.3.13.2.1-02", through=("FACT-gms-psi",))
def group_subscription_goes_to_the_named_psi(
    subscribe: SipExchange, psi: str
) -> Iterator[Departure]:
    """The SUBSCRIBE for group documents is sent to the PSI that the configuration names."""
    if address(subscribe.request_uri) != address(psi):
        yield Departure(psi, subscribe.request_uri)


@check("TS24481-6.3.13.2.1-04")
def group_subscription_presents_the_token(subscribe: SipExchange) -> Iterator[Departure]:
    """The information body carries an access token of the system whose groups these are."""
    token = body_token(subscribe)
    if token is None or token.kind != "access" or token.issuer != subscribe.system:
        yield Departure(f"an access token of {subscribe.system}", told(token))


@check("TS24481-6.3.13.2.1-03")
def group_subscriptions_list_each_group(
    subscribes: Sequence[SipExchange], selectors: Sequence[str], service: str = "mcptt"
) -> Iterator[Departure]:
    """Each group that the active profile lists has an entry of its own, or one of its collection.

    `subscribes` are those for groups, one for all or several.
    """
    entries = [entry.lstrip("/") for one in subscribes for entry in subscribed(one)]
    for selector in selectors:
        if not any(_covers(entry, selector) for entry in entries):
            observed, read = ", ".join(entries) or "no entries", SERVED_NAMES.get(service, ())
            yield Departure(f"an entry for {selector}", observed, through=read)


def _covers(entry: str, selector: str) -> bool:
    return any(
        entry == spelling or (entry.endswith("/") and spelling.startswith(entry))
        for spelling in spellings(selector)
    )


@check("RFC6665-3.1.2-01")
def subscription_names_its_event(subscribes: Sequence[SipExchange]) -> Iterator[Departure]:
    """Each SUBSCRIBE says what it is for in exactly one Event."""
    for one in subscribes:
        count = sum(name.lower() in ("event", "o") for name, _ in one.headers)
        if count != 1:
            yield Departure("one Event", f"{count or 'no'} Event", exchange=one)


@check("RFC5875-4.4-01")
def subscription_lists_its_documents(subscribes: Sequence[SipExchange]) -> Iterator[Departure]:
    """What is subscribed to stands in a resource-lists body."""
    for one in subscribes:
        found = [media_type(part) for part in parts(one)]
        if RESOURCE_LISTS_TYPE not in found:
            observed = ", ".join(found) or "no body"
            yield Departure(f"a body of type {RESOURCE_LISTS_TYPE}", observed, exchange=one)
        elif not subscribed(one):
            yield Departure("an entry in the resource list", "none", exchange=one)


# Within the dialog -----------------------------------------------------------------------------


@check("RFC6665-4.1.2.2-01")
def subscription_is_refreshed(
    granted: SipExchange, subscribes: Sequence[SipExchange], lifetime: float, window: Window
) -> Iterator[Departure]:
    """A subscription is refreshed within its dialog before the lifetime that it was given ends."""
    call_id = granted.header("Call-ID")
    in_time = [s for s in subscribes if s.started <= granted.ended + lifetime and not is_end(s)]
    if not any(one.header("Call-ID") == call_id for one in in_time):
        yield Departure(f"a SUBSCRIBE of this dialog within {lifetime:g} s", "none")


@check("RFC3261-12.2.1.1-01")
def requests_stay_in_their_dialog(
    first: SipExchange, requests: Sequence[SipExchange]
) -> Iterator[Departure]:
    """Each request of a dialog carries its tags, and a number one higher than the last.

    `requests` are those with the Call-ID of `first`, which made the dialog.
    """
    own, others = _tag(first.header("From")), _tag(_answered_to(first))
    last = _number(first)
    for one in requests:
        if _tag(one.header("From")) != own:
            observed = _tag(one.header("From")) or "no tag"
            yield Departure(f"From with the tag {own}", observed, exchange=one)
        if _tag(one.header("To")) != others:
            observed = _tag(one.header("To")) or "no tag"
            yield Departure(f"To with the tag {others}", observed, exchange=one)
        if _number(one) != last + 1:
            expected = f"CSeq: {last + 1} {one.method}"
            yield Departure(expected, f"CSeq: {one.header('CSeq')}", exchange=one)
        last = _number(one)


@check("RFC6665-4.1.2.3-01")
def subscriptions_end_in_their_dialog(
    begun: Sequence[SipExchange], ends: Sequence[SipExchange]
) -> Iterator[Departure]:
    """What ends a subscription is a SUBSCRIBE of the dialog that the subscription has.

    `ends` are those with Expires 0; one without tag in To asks for the state once, and ends none.
    """
    dialogs = {one.header("Call-ID"): _tag(_answered_to(one)) for one in begun}
    for one in ends:
        tag = _tag(one.header("To"))
        if tag is None or dialogs.get(one.header("Call-ID")) != tag:
            observed = f"To without tag in {one.header('Call-ID')}" if tag is None else tag
            yield Departure("the dialog of a subscription", observed, exchange=one)


@check("RFC6665-4.1.2.2-02")
def lost_subscription_is_not_refreshed_again(
    refused: SipExchange, subscribes: Sequence[SipExchange], window: Window
) -> Iterator[Departure]:
    """After the server said that it knows no such dialog, nothing is sent in it any more."""
    for one in subscribes:
        if one.header("Call-ID") == refused.header("Call-ID"):
            yield Departure("a dialog of its own", "the old Call-ID", exchange=one)


# Ends by the server ----------------------------------------------------------------------------


@check("RFC6665-4.1.3-03")
def deactivated_subscription_is_begun_anew(
    end: SipExchange, subscribes: Sequence[SipExchange], window: Window
) -> Iterator[Departure]:
    """A subscription that the server ended as deactivated is begun anew."""
    if not subscribes:
        yield Departure("a SUBSCRIBE in a dialog of its own", "none")


@check("RFC6665-4.1.3-04")
def rejected_subscription_is_not_begun_anew(
    end: SipExchange, subscribes: Sequence[SipExchange], window: Window
) -> Iterator[Departure]:
    """A subscription that the server ended as rejected is left alone."""
    for one in subscribes:
        yield Departure("no SUBSCRIBE for the same", one.summary, exchange=one)


@check("RFC6665-4.1.3-05")
def subscription_to_nothing_is_not_begun_anew(
    end: SipExchange, subscribes: Sequence[SipExchange], window: Window
) -> Iterator[Departure]:
    """A subscription that the server ended because there is no such resource is left alone."""
    for one in subscribes:
        yield Departure("no SUBSCRIBE for the same", one.summary, exchange=one)


# Notifications ---------------------------------------------------------------------------------


@check("RFC6665-4.1.3-02")
def unknown_notification_is_refused(notify: SipExchange) -> Iterator[Departure]:
    """A NOTIFY of a subscription that the UE does not have is answered 481."""
    if notify.status != 481:
        yield Departure("481", str(notify.status or "no answer"))


@check("RFC6665-4.1.2.4-01")
def early_notification_is_taken(subscribe: SipExchange, notify: SipExchange) -> Iterator[Departure]:
    """A NOTIFY that comes before the answer to its SUBSCRIBE belongs to that subscription."""
    if notify.status != 200:
        yield Departure("200", str(notify.status or "no answer"), exchange=notify)


@check("RFC3261-17.2.2-01")
def repeated_notification_is_answered_alike(notify: SipExchange) -> Iterator[Departure]:
    """A NOTIFY that is repeated gets the answer that it was given first."""
    statuses = [answer.status for answer in notify.responses]
    if len(statuses) < 2 or len(set(statuses)) > 1:
        first = statuses[0] if statuses else "an answer"
        yield Departure(f"{first} twice", ", ".join(map(str, statuses)) or "no answer")


# What is subscribed to -------------------------------------------------------------------------


@check("TS24481-6.3.13.2.1-09")
def groups_of_the_new_profile_are_subscribed_to(
    change: SipExchange,
    subscribes: Sequence[SipExchange],
    selectors: Sequence[str],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """After a change of the active profile the groups that it lists are subscribed to.

    `subscribes` are all of the service, oldest first: some groups may be subscribed to already.
    """
    read = SERVED_NAMES.get(service, ())
    entries = [entry.lstrip("/") for entry in _in_force(subscribes)]
    for selector in selectors:
        if not any(_covers(entry, selector) for entry in entries):
            observed = ", ".join(entries) or "no entries"
            yield Departure(f"an entry for {selector}", observed, through=read)


@check("TS24481-6.3.13.2.1-12")
def groups_no_longer_listed_are_not_subscribed_to(
    change: SipExchange,
    subscribes: Sequence[SipExchange],
    selectors: Sequence[str],
    window: Window,
) -> Iterator[Departure]:
    """No subscription goes on that names a group which the active profile does not list any more.

    One to the whole collection names none.
    """
    for entry, one in _in_force(subscribes).items():
        named = entry.lstrip("/")
        if any(named in spellings(selector) for selector in selectors):
            yield Departure(f"no subscription to {named}", "it goes on", exchange=one)


def _in_force(subscribes: Sequence[SipExchange]) -> dict[str, SipExchange]:
    """What is subscribed to in the end: each entry with the SUBSCRIBE that has it."""
    lists: dict[str, tuple[list[str], SipExchange]] = {}
    for one in subscribes:
        call_id = one.header("Call-ID") or ""
        if is_end(one):
            lists.pop(call_id, None)
        elif one.status == 200 and (entries := subscribed(one)):
            lists[call_id] = (entries, one)
    return {entry: one for entries, one in lists.values() for entry in entries}


@check("TS24484-6.3.3-05")
def documents_of_others_are_not_asked_for(
    notify: SipExchange, requests: Sequence[HttpExchange], user: str, window: Window
) -> Iterator[Departure]:
    """A document in the directory of another user is not asked for, whoever announced it."""
    foreign = [selector for selector in announced(notify) if f"/users/{user}/" not in selector]
    for request in requests:
        if any(request.decoded_path.endswith("/" + selector) for selector in foreign):
            expected = f"documents of {user} only"
            yield Departure(expected, request.decoded_path, exchange=request)


def _answered_to(exchange: SipExchange) -> str | None:
    return exchange.responses[-1].header("To") if exchange.responses else None


def _tag(value: str | None) -> str | None:
    try:
        return parse_address(value or "").tag
    except SipSyntaxError:
        return None


def _number(request: SipExchange) -> int:
    value = (request.header("CSeq") or "").strip().partition(" ")[0]
    return int(value) if value.isascii() and value.isdigit() else -1
