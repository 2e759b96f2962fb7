"""Updates during service: what was announced by NOTIFY is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from muster.checks.reading import (
    SERVED_NAMES,
    announced,
    document_path,
    names_document,
    root_of,
    served,
)
from muster.evidence import Departure, HttpExchange, SipExchange
from muster.judging import check


def _not_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange], requirements: Sequence[str]
) -> Iterator[Departure]:
    """Report each announced version that no later request obtained."""
    for selector, etag in announced(notify).items():
        fetched = any(
            names_document(request, selector)
            and request.status == 200
            and (request.response_header("ETag") or "").strip('"') == etag
            for request in requests
        )
        if etag and not fetched:
            for requirement in requirements:
                expected = f"{selector} in version {etag}"
                yield Departure(expected, "not fetched", requirement, notify)


@check("RFC6665-4.1.3-01")
def notification_is_answered(notify: SipExchange) -> Iterator[Departure]:
    """A NOTIFY of a subscription that the UE has is answered 200."""
    if notify.status != 200:
        yield Departure("200", str(notify.status or "no answer"))


@check("TS23280-10.1.1.1-16", "TS23280-10.1.5.2-04", "TS24481-6.3.13.2.1-10")
def changed_group_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A group configuration that changed during service is obtained in its new version."""
    requirements = ("TS23280-10.1.1.1-16", "TS23280-10.1.5.2-04", "TS24481-6.3.13.2.1-10")
    yield from _not_fetched(notify, requests, requirements)


@check("TS23280-10.1.1.1-15", "TS24484-6.3.13.2.2-13")
def changed_profile_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A user profile that changed during service is obtained in its new version."""
    requirements = ("TS23280-10.1.1.1-15", "TS24484-6.3.13.2.2-13")
    yield from _not_fetched(notify, requests, requirements)


@check("TS23280-10.1.1.1-14", "TS24484-6.3.13.2.2-13")
def changed_ue_configuration_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A UE configuration that changed during service is obtained in its new version."""
    requirements = ("TS23280-10.1.1.1-14", "TS24484-6.3.13.2.2-13")
    yield from _not_fetched(notify, requests, requirements)


@check("TS24484-6.3.13.2.2-13")
def changed_service_configuration_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A service configuration that changed during service is obtained in its new version."""
    yield from _not_fetched(notify, requests, ("TS24484-6.3.13.2.2-13",))


@check("TS23280-10.1.1.2-35")
def group_changed_by_the_partner_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A group configuration that the partner changed is obtained from the partner."""
    at_partner = [request for request in requests if request.system == notify.system]
    yield from _not_fetched(notify, at_partner, ("TS23280-10.1.1.2-35",))


@check("TS23280-10.1.1.2-34")
def profile_changed_by_the_partner_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """A user profile that the partner changed is obtained from the partner."""
    at_partner = [request for request in requests if request.system == notify.system]
    yield from _not_fetched(notify, at_partner, ("TS23280-10.1.1.2-34",))


# Several changes, and other changes than of one document ---------------------------------------


@check("TS24484-6.3.13.2.2-13")
def every_change_of_a_notification_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Where one NOTIFY announces several documents, each is obtained in its new version."""
    yield from _not_fetched(notify, requests, ("TS24484-6.3.13.2.2-13",))


@check("TS24481-6.3.13.2.1-10")
def every_group_of_a_notification_is_fetched(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Where one NOTIFY announces several groups, each is obtained in its new version."""
    yield from _not_fetched(notify, requests, ("TS24481-6.3.13.2.1-10",))


@check("TS24484-6.3.13.2.2-13")
def last_of_several_notifications_is_followed(
    notifies: Sequence[SipExchange], requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """Where NOTIFYs follow each other, each document is obtained in the version announced last."""
    last = {selector: place for place, one in enumerate(notifies) for selector in announced(one)}
    for place, one in enumerate(notifies):
        for departure in _not_fetched(one, requests, ("TS24484-6.3.13.2.2-13",)):
            if last[departure.expected.partition(" in version ")[0]] == place:
                yield departure


@check("TS24484-6.3.13.2.2-14")
def documents_are_retrieved_where_they_are_announced(
    notify: SipExchange, requests: Sequence[HttpExchange]
) -> Iterator[Departure]:
    """What a NOTIFY announces is asked for at its XCAP root and selector."""
    root = root_of(notify.body)
    place = (
        unquote(urlsplit(root.get("xcap-root", "")).path).rstrip("/") if root is not None else ""
    )
    for selector in announced(notify):
        for request in requests:
            asked = document_path(request)
            if asked.endswith("/" + selector) and asked != f"{place}/{selector}":
                yield Departure(f"{place}/{selector}", asked, exchange=request)


@check("TS23280-10.1.1.1-15", "TS24481-6.3.3.2-03")
def group_added_to_the_profile_is_obtained(
    notify: SipExchange,
    requests: Sequence[HttpExchange],
    selectors: Sequence[str],
    service: str = "mcptt",
) -> Iterator[Departure]:
    """A group that is added to the active profile during service is obtained.

    `selectors` are the groups added.
    """
    read = SERVED_NAMES.get(service, ())
    for selector in selectors:
        if not any(names_document(request, selector) for request in served(requests)):
            for requirement in ("TS23280-10.1.1.1-15", "TS24481-6.3.3.2-03"):
                expected = f"{selector} obtained"
                yield Departure(expected, "not obtained", requirement, notify, through=read)
