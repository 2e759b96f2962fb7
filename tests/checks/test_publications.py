"""Checks of lifetimes, of what was lost, removed and refused."""

from dataclasses import replace
from typing import Any

from muster.checks import publications
from muster.evidence import SipAnswer, SipExchange
from tests.checks.exchanges import (
    GROUP,
    OWN_SETTINGS,
    PROFILE,
    WINDOW,
    Case,
    cases,
    publish,
    read,
    read_group,
    register,
    settings,
    sip,
    subscribe,
)
from tests.checks.test_services import info_of

CHANGING = (OWN_SETTINGS, settings("0"))


def published(tag: str, named: str = "", **more: Any) -> SipExchange:
    """A publication without token that was answered with an entity tag."""
    fields = {**({"SIP-If-Match": named} if named else {}), **more.pop("fields", {})}
    members = {"parts": CHANGING, "tokens": (), "fields": fields, **more}
    made = publish(**members)
    headers = (("SIP-ETag", tag), ("Expires", "2")) if tag else ()
    answers = tuple(SipAnswer(one.status, "", headers, b"") for one in made.responses)
    return SipExchange(**{**vars(made), "responses": answers})


FIRST = published("t1", parts=publish.__defaults__[0], at=10.0)  # type: ignore[index]
REFRESH = published("t2", "t1", parts=(), name="S2", at=12.0)
LOST = published("", "t1", name="S3", statuses=(412,), at=12.0)
GONE = published("", "t1", fields={"Expires": "0"}, name="S4", at=20.0)
ANEW = publish(name="S5", at=14.0)
VIDEO_ANEW = publish(
    [info_of("mcvideo", ("mcvideo-access-token", "masked")), settings()], tokens=(), at=14.0
)
"""With a token that nobody here knows."""
BARE = published("t2", parts=(), name="S6", at=12.0)
LATE = published("t2", "t1", parts=(), name="S7", at=30.0)
REFUSED = publish(statuses=(403,))
BUSY = publish(statuses=(503,))
REPEATED = publish(name="S8", at=12.0, statuses=(403,))


def numbered(number: int, call_id: str = "c1", **more: Any) -> SipExchange:
    made = register(**more)
    fields = (("Call-ID", call_id), ("CSeq", f"{number} REGISTER"))
    return SipExchange(**{**vars(made), "headers": (*made.headers, *fields)})


initial = publications.authorisation_is_an_initial_publication
refreshed = publications.publication_is_refreshed
names = publications.refresh_names_the_publication
changes = publications.change_names_the_last_publication
forgets = publications.lost_entity_tag_is_not_sent_again
renews = publications.lost_publication_is_made_anew
removes = publications.settings_are_removed
registered = publications.registration_is_refreshed
counts = publications.registrations_are_numbered
no_more = publications.forbidden_request_is_not_repeated
waits = publications.unavailable_server_is_left_in_peace
unused = publications.refused_service_is_not_used
too_many = publications.service_is_not_used_where_there_are_too_many
unknown = publications.lost_authorisation_is_asked_for_again
USES = (
    (unused, "TS24379-7.3.3-01", "no use of the service"),
    (too_many, "TS24379-7.3.3-02", "no use of the service"),
    (unknown, "TS24379-7.3.4-01", "service authorisation first"),
)
GROUP_GET = read_group(at=14.0)
GROUP_SUBSCRIBE = subscribe(GROUP, name="S9", at=14.0)
AFFILIATING = sip("PUBLISH", name="S10", at=14.0, headers=(("Event", "presence"),))

BEFORE = {"started": 1.0, "ended": 2.0}

ACCEPTED = (
    *(
        Case(
            f"groups that were begun with before: {requirement}",
            one,
            (FIRST, [replace(GROUP_GET, **BEFORE), GROUP_GET, GROUP_SUBSCRIBE], WINDOW),
        )
        for one, requirement, _ in USES[:2]
    ),
    Case("initial", initial, ([publish(), register(name="S2")],)),
    Case("refresh in time", refreshed, (FIRST, [REFRESH], 2.0, WINDOW)),
    Case("made anew in time", refreshed, (FIRST, [ANEW], 4.0, WINDOW)),
    Case("refresh of the publication", names, (FIRST, [REFRESH])),
    Case("refresh of the refresh", names, (FIRST, [REFRESH, published("t3", "t2", parts=())])),
    Case("authorisation between", names, (FIRST, [ANEW, GONE])),
    Case("MCVideo authorisation between", names, (FIRST, [VIDEO_ANEW, GONE])),
    Case("change of the last", changes, ([FIRST, REFRESH], published("t3", "t2"))),
    Case("another entity tag", forgets, (LOST, [ANEW, published("t3", "t2")], WINDOW)),
    Case("anew", renews, (LOST, [ANEW], WINDOW)),
    Case("removed", removes, ([GONE], "t1")),
    Case("registered again", registered, (numbered(1), [numbered(2, at=12.0)], 2.0, WINDOW)),
    Case("next number", counts, (numbered(1), [numbered(2), numbered(3)])),
    Case("another Call-ID", counts, (numbered(4), [numbered(1, "c2"), numbered(5)])),
    Case("asked once", no_more, (REFUSED, [], WINDOW)),
    Case("asked after the time", waits, (BUSY, [publish(at=80.0)], 60.0, WINDOW)),
    *(
        Case(f"{check.__name__}: {what}", check, (REFUSED, list(later), WINDOW))
        for check, _, _ in USES
        for what, later in (
            ("nothing", ()),
            ("asked again", (REPEATED,)),
            ("taken back", (GONE,)),
            ("configuration alone", (read(PROFILE, at=14.0), subscribe(PROFILE, at=14.0))),
            ("authorised in the end", (publish(name="S8", at=12.0), GROUP_GET)),
        )
    ),
)

REPORTED = (
    Case(
        "old entity tag",
        initial,
        ([publish(fields={"SIP-If-Match": "t1"})],),
        (("RFC3903-4.2-01", "no SIP-If-Match", "SIP-If-Match: t1", "S1"),),
    ),
    Case(
        "too late, and removed in time",
        refreshed,
        (FIRST, [LATE, published("", "t1", fields={"Expires": "0"}, at=11.0)], 2.0, WINDOW),
        (("RFC3903-4.3-02", "a refresh within 2 s", "none", "S1"),),
    ),
    Case(
        "refresh of nothing",
        names,
        (FIRST, [ANEW, BARE]),
        (("RFC3903-4.3-01", "SIP-If-Match: t1", "no SIP-If-Match", "S6"),),
    ),
    Case(
        "refresh of what was refreshed before",
        names,
        (FIRST, [REFRESH, LATE]),
        (("RFC3903-4.3-01", "SIP-If-Match: t2", "t1", "S7"),),
    ),
    Case(
        "change of an older publication, without body",
        changes,
        ([FIRST, REFRESH], published("t3", "t1", parts=())),
        (
            ("RFC3903-4.4-01", "SIP-If-Match: t2", "t1", "S1"),
            ("RFC3903-4.4-01", "a body", "none", "S1"),
        ),
    ),
    Case(
        "lost entity tag again",
        forgets,
        (LOST, [LATE], WINDOW),
        (("RFC3903-4.6-01", "no SIP-If-Match, or another", "SIP-If-Match: t1", "S7"),),
    ),
    Case(
        "not made anew",
        renews,
        (LOST, [LATE, BARE], WINDOW),
        (("RFC3903-4.6-02", "an initial publication", "none", "S3"),),
    ),
    Case(
        "not removed",
        removes,
        ([REFRESH], "t1"),
        (("TS24379-7.2.1A-07", "Expires: 0", "Expires: 4294967295", "S2"),),
    ),
    Case(
        "another removed",
        removes,
        ([GONE], "t2"),
        (("TS24379-7.2.1A-08", "SIP-If-Match: t2", "t1", "S4"),),
    ),
    Case(
        "registered too late",
        registered,
        (numbered(1), [numbered(2, at=30.0)], 2.0, WINDOW),
        (("RFC3261-10.2.4-01", "a REGISTER within 2 s", "none", "S1"),),
    ),
    Case(
        "same number",
        counts,
        (numbered(1), [numbered(1, name="S2")]),
        (("RFC3261-10.2-01", "CSeq: 2 REGISTER", "CSeq: 1", "S2"),),
    ),
    Case(
        "same number the third time",
        counts,
        (numbered(1), [numbered(2, name="S2"), numbered(2, name="S3")]),
        (("RFC3261-10.2-01", "CSeq: 3 REGISTER", "CSeq: 2", "S3"),),
    ),
    Case(
        "same number under another Call-ID",
        counts,
        (numbered(1), [numbered(7, "c2", name="S2"), numbered(7, "c2", name="S3")]),
        (("RFC3261-10.2-01", "CSeq: 8 REGISTER", "CSeq: 7", "S3"),),
    ),
    Case(
        "asked again",
        no_more,
        (REFUSED, [REPEATED], WINDOW),
        (
            (
                "RFC3261-21.4.4-01",
                "no further PUBLISH for service authorisation",
                "PUBLISH sip:server@primary.example",
                "S8",
            ),
        ),
    ),
    Case(
        "asked too soon",
        waits,
        (BUSY, [REPEATED], 60.0, WINDOW),
        (("RFC3261-21.5.4-01", "nothing for 60 s", "PUBLISH before that", "S8"),),
    ),
    Case(
        "asked too soon, late in a day",
        waits,
        (publish(at=70_000.0, statuses=(503,)), [publish(name="S8", at=70_012.0)], 60.0, WINDOW),
        (("RFC3261-21.5.4-01", "nothing for 60 s", "PUBLISH before that", "S8"),),
    ),
    *(
        Case(
            f"{check.__name__}: {one.name}",
            check,
            (REFUSED, [one], WINDOW),
            ((requirement, expected, one.summary, one.name),),
        )
        for check, requirement, expected in USES
        for one in (GROUP_GET, GROUP_SUBSCRIBE, AFFILIATING)
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
