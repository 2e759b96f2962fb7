"""Checks of subscriptions: form, dialog, ends and notifications."""

from typing import Any

from muster.checks import subscriptions
from muster.evidence import SipAnswer, SipExchange
from muster.protocol.sip.multipart import Part
from tests.checks.exchanges import (
    ALICE,
    CONTACT,
    GROUP,
    GROUPS,
    ICSI,
    PROFILE,
    UNKNOWN_TOKEN,
    WINDOW,
    Case,
    cases,
    info,
    notify,
    publish,
    read,
    resource_list,
    subscribe,
    token,
)

PSI = "sip:gms@primary.example"
SECOND = f"{GROUPS}/byGroupID/sip:county@primary.example"
BOBS = "org.3gpp.mcptt.user-profile/users/sip:bob@primary.example/mcptt-user-profile-0.xml"


def within(
    number: int = 1,
    *entries: str,
    to_tag: str = "b",
    from_tag: str = "a",
    call_id: str = "c1",
    status: int = 200,
    expires: str = "",
    **more: Any,
) -> SipExchange:
    """SUBSCRIBE of a dialog with the tags a and b; the first has no tag in To."""
    first = number == 1
    fields = {
        "From": f"<{ALICE}>;tag={from_tag}",
        "To": f"<{PSI}>" if first else f"<{PSI}>" + (f";tag={to_tag}" if to_tag else ""),
        "Call-ID": call_id,
        "CSeq": f"{number} SUBSCRIBE",
        **({"Expires": expires} if expires else {}),
    }
    parts = None if entries or first else ()
    made = subscribe(*entries, **{"parts": parts, "fields": fields, "uri": PSI, **more})
    answer = SipAnswer(status, "", (("To", f"<{PSI}>;tag=b"), ("Expires", "2")), b"")
    return SipExchange(**{**vars(made), "responses": (answer,)})


FIRST = within(1, GROUP)
NEXT = within(2, name="S2", at=12.0)
END = within(2, expires="0", name="S3", at=12.0)
FETCH = within(1, GROUP, call_id="c2", from_tag="z", expires="0", name="S4", at=12.0)
OTHER = within(1, SECOND, call_id="c3", name="S5", at=12.0)
LOST = within(2, status=481, name="S6", at=12.0)
STATE = notify({PROFILE: "v1"})
CHANGE = publish(name="P1")
NO_LIST = subscribe(parts=[info(("mcptt-access-token", "m"))])
AS_XML = Part("application/xml", resource_list(GROUP).body)


def answered(*statuses: int) -> SipExchange:
    return notify({PROFILE: "v1"}, None, statuses=statuses)


VIDEO_ICSI = ICSI.replace("mcptt", "mcvideo")
OF_MCVIDEO = subscribe(
    GROUP,
    fields={
        "P-Preferred-Service": VIDEO_ICSI,
        "Contact": f'<sip:ue@h>;+g.3gpp.icsi-ref="{VIDEO_ICSI.replace(":", "%3A")}"',
    },
)
form = subscriptions.group_subscription_has_its_form
goes = subscriptions.group_subscription_goes_to_the_named_psi
shows = subscriptions.group_subscription_presents_the_token
lists = subscriptions.group_subscriptions_list_each_group
event = subscriptions.subscription_names_its_event
body = subscriptions.subscription_lists_its_documents
kept = subscriptions.subscription_is_refreshed
dialog = subscriptions.requests_stay_in_their_dialog
ended = subscriptions.subscriptions_end_in_their_dialog
left = subscriptions.lost_subscription_is_not_refreshed_again
anew = subscriptions.deactivated_subscription_is_begun_anew
rejected = subscriptions.rejected_subscription_is_not_begun_anew
nothing = subscriptions.subscription_to_nothing_is_not_begun_anew
stray = subscriptions.unknown_notification_is_refused
early = subscriptions.early_notification_is_taken
alike = subscriptions.repeated_notification_is_answered_alike
new = subscriptions.groups_of_the_new_profile_are_subscribed_to
old = subscriptions.groups_no_longer_listed_are_not_subscribed_to
own = subscriptions.documents_of_others_are_not_asked_for

ACCEPTED = (
    Case(
        "white space where it is free",
        form,
        (subscribe(GROUP, fields={"Contact": CONTACT.replace("ref=", "ref = ")}),),
    ),
    Case("form", form, (subscribe(GROUP),)),
    Case("form for MCVideo", form, (OF_MCVIDEO, "mcvideo")),
    Case("PSI with parameters", goes, (subscribe(uri=f"{PSI};transport=tcp"), PSI)),
    Case("token", shows, (subscribe(GROUP),)),
    Case("one subscription for both", lists, ([subscribe(GROUP, SECOND)], [GROUP, SECOND])),
    Case("one for each", lists, ([subscribe(GROUP), subscribe(SECOND)], [GROUP, SECOND])),
    Case("the collection", lists, ([subscribe(f"/{GROUPS}/byGroup/")], [GROUP])),
    Case("one event", event, ([subscribe(GROUP)],)),
    Case("event in short", event, ([subscribe(drop="Event", fields={"o": "xcap-diff"})],)),
    Case("list", body, ([subscribe(GROUP)],)),
    Case("refresh in time", kept, (FIRST, [NEXT], 2.0, WINDOW)),
    Case("dialog", dialog, (FIRST, [NEXT, within(3, at=14.0)])),
    Case("end in its dialog", ended, ([FIRST], [END])),
    Case("another dialog", left, (LOST, [OTHER], WINDOW)),
    Case("begun anew", anew, (STATE, [OTHER], WINDOW)),
    Case("left after rejection", rejected, (STATE, [], WINDOW)),
    Case("left when there is nothing", nothing, (STATE, [], WINDOW)),
    Case("refused", stray, (notify({PROFILE: "v1"}, 481),)),
    Case("taken", early, (FIRST, STATE)),
    Case("twice alike", alike, (answered(200, 200),)),
    Case("new groups in another dialog", new, (CHANGE, [FIRST, END, OTHER], [SECOND])),
    Case("new list in the dialog", new, (CHANGE, [FIRST, within(2, SECOND)], [SECOND])),
    Case("new list with slashes", new, (CHANGE, [FIRST, within(2, f"/{SECOND}")], [SECOND])),
    Case("one that was there", new, (CHANGE, [FIRST, OTHER], [GROUP, SECOND])),
    Case("old groups ended", old, (CHANGE, [FIRST, END, OTHER], [GROUP], WINDOW)),
    Case("old groups replaced", old, (CHANGE, [FIRST, within(2, SECOND)], [GROUP], WINDOW)),
    Case("refused before", old, (CHANGE, [within(1, GROUP, status=403)], [GROUP], WINDOW)),
    Case("collection", old, (CHANGE, [within(1, f"{GROUPS}/byGroup/")], [GROUP], WINDOW)),
    Case("her own", own, (notify({BOBS: "v1", PROFILE: "v1"}), [read(PROFILE)], ALICE, WINDOW)),
)

REPORTED = (
    Case(
        "nothing of its form",
        form,
        (
            subscribe(
                GROUP,
                fields={
                    "Event": "presence",
                    "P-Preferred-Service": "urn:x",
                    "Contact": "<sip:ue@h>",
                    "Accept": "application/pidf+xml",
                },
            ),
        ),
        (
            ("TS24481-6.3.13.2.1-01", "Event: xcap-diff", "presence", "S1"),
            ("TS24481-6.3.13.2.1-05", f"P-Preferred-Service: {ICSI}", "urn:x", "S1"),
            (
                "TS24481-6.3.13.2.1-06",
                f"g.3gpp.icsi-ref with {ICSI} in Contact",
                "<sip:ue@h>",
                "S1",
            ),
            (
                "TS24481-6.3.13.2.1-07",
                "Accept: application/xcap-diff+xml",
                "application/pidf+xml",
                "S1",
            ),
        ),
    ),
    Case(
        "form of MCPTT for MCVideo",
        form,
        (subscribe(GROUP), "mcvideo"),
        (
            ("TS24481-6.3.13.2.1-05", f"P-Preferred-Service: {VIDEO_ICSI}", ICSI, "S1"),
            (
                "TS24481-6.3.13.2.1-06",
                f"g.3gpp.icsi-ref with {VIDEO_ICSI} in Contact",
                CONTACT,
                "S1",
            ),
        ),
    ),
    Case(
        "to another",
        goes,
        (subscribe(uri="sip:cms@primary.example"), PSI),
        (("TS24481-6.3.13.2.1-02", PSI, "sip:cms@primary.example", "S1"),),
    ),
    Case(
        "no token",
        shows,
        (subscribe(GROUP, tokens=()),),
        (("TS24481-6.3.13.2.1-04", "an access token of primary", "no token", "S1"),),
    ),
    *(
        Case(
            f"{told} in the body",
            shows,
            (subscribe(GROUP, tokens=(token(kind, issuer, place="body"),)),),
            (("TS24481-6.3.13.2.1-04", "an access token of primary", told, "S1"),),
        )
        for kind, issuer, told in (
            ("access", "partner", "the access token of partner"),
            ("refresh", "primary", "the refresh token of primary"),
        )
    ),
    Case(
        "one group left out",
        lists,
        ([subscribe(GROUP)], [GROUP, SECOND]),
        (("TS24481-6.3.13.2.1-03", f"an entry for {SECOND}", GROUP, "S1"),),
    ),
    Case(
        "no event",
        event,
        ([subscribe(GROUP, drop="Event")],),
        (("RFC6665-3.1.2-01", "one Event", "no Event", "S1"),),
    ),
    Case(
        "no list",
        body,
        ([NO_LIST],),
        (
            (
                "RFC5875-4.4-01",
                "a body of type application/resource-lists+xml",
                "application/vnd.3gpp.mcptt-info+xml",
                "S1",
            ),
        ),
    ),
    Case(
        "list under another type",
        body,
        ([subscribe(parts=[AS_XML])],),
        (
            (
                "RFC5875-4.4-01",
                "a body of type application/resource-lists+xml",
                "application/xml",
                "S1",
            ),
        ),
    ),
    Case(
        "empty list",
        body,
        ([subscribe(parts=[resource_list()])],),
        (("RFC5875-4.4-01", "an entry in the resource list", "none", "S1"),),
    ),
    Case(
        "another dialog, or too late, or ended",
        kept,
        (FIRST, [OTHER, within(2, at=30.0), END], 2.0, WINDOW),
        (("RFC6665-4.1.2.2-01", "a SUBSCRIBE of this dialog within 2 s", "none", "S1"),),
    ),
    Case(
        "wrong tags and number",
        dialog,
        (FIRST, [within(4, from_tag="x", to_tag="", name="S2")]),
        (
            ("RFC3261-12.2.1.1-01", "From with the tag a", "x", "S2"),
            ("RFC3261-12.2.1.1-01", "To with the tag b", "no tag", "S2"),
            ("RFC3261-12.2.1.1-01", "CSeq: 2 SUBSCRIBE", "CSeq: 4 SUBSCRIBE", "S2"),
        ),
    ),
    Case(
        "end of nothing",
        ended,
        ([FIRST], [FETCH]),
        (("RFC6665-4.1.2.3-01", "the dialog of a subscription", "To without tag in c2", "S4"),),
    ),
    Case(
        "end of another dialog",
        ended,
        ([FIRST], [within(2, to_tag="q", expires="0", name="S3")]),
        (("RFC6665-4.1.2.3-01", "the dialog of a subscription", "q", "S3"),),
    ),
    Case(
        "once more",
        left,
        (LOST, [within(3, name="S7")], WINDOW),
        (("RFC6665-4.1.2.2-02", "a dialog of its own", "the old Call-ID", "S7"),),
    ),
    Case(
        "given up",
        anew,
        (STATE, [], WINDOW),
        (("RFC6665-4.1.3-03", "a SUBSCRIBE in a dialog of its own", "none", "N1"),),
    ),
    Case(
        "back after rejection",
        rejected,
        (STATE, [OTHER], WINDOW),
        (("RFC6665-4.1.3-04", "no SUBSCRIBE for the same", f"SUBSCRIBE {PSI}", "S5"),),
    ),
    Case(
        "back to nothing",
        nothing,
        (STATE, [OTHER], WINDOW),
        (("RFC6665-4.1.3-05", "no SUBSCRIBE for the same", f"SUBSCRIBE {PSI}", "S5"),),
    ),
    Case("stray taken", stray, (STATE,), (("RFC6665-4.1.3-02", "481", "200", "N1"),)),
    Case(
        "stray not answered",
        stray,
        (notify({PROFILE: "v1"}, None),),
        (("RFC6665-4.1.3-02", "481", "no answer", "N1"),),
    ),
    Case(
        "early one refused",
        early,
        (FIRST, notify({PROFILE: "v1"}, 481)),
        (("RFC6665-4.1.2.4-01", "200", "481", "N1"),),
    ),
    Case(
        "first this, then that",
        alike,
        (answered(200, 500),),
        (("RFC3261-17.2.2-01", "200 twice", "200, 500", "N1"),),
    ),
    Case(
        "no answer to the copy",
        alike,
        (answered(200),),
        (("RFC3261-17.2.2-01", "200 twice", "200", "N1"),),
    ),
    Case(
        "new group not subscribed to",
        new,
        (CHANGE, [FIRST], [SECOND]),
        (("TS24481-6.3.13.2.1-09", f"an entry for {SECOND}", GROUP, "P1"),),
    ),
    Case(
        "old group still subscribed to",
        old,
        (CHANGE, [FIRST, OTHER], [GROUP], WINDOW),
        (("TS24481-6.3.13.2.1-12", f"no subscription to {GROUP}", "it goes on", "S1"),),
    ),
    Case(
        "old group still subscribed to, with a slash before it",
        old,
        (CHANGE, [within(1, f"/{GROUP}"), OTHER], [GROUP], WINDOW),
        (("TS24481-6.3.13.2.1-12", f"no subscription to {GROUP}", "it goes on", "S1"),),
    ),
    Case(
        "profile of another",
        own,
        (notify({BOBS: "v1"}), [read(BOBS)], ALICE, WINDOW),
        (("TS24484-6.3.3-05", f"documents of {ALICE} only", f"/root/{BOBS}", "X1"),),
    ),
)


def test_token_that_nobody_issued_is_reported() -> None:
    judgement = shows(subscribe(GROUP, tokens=[UNKNOWN_TOKEN]))

    assert [f.observed for f in judgement.findings] == ["no token"]


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
