"""Both sides of a subscription derive the same dialog from a SUBSCRIBE and its 200."""

import pytest
from sip_peers import options

from muster.protocol.sip.dialog import Dialog, DialogError
from muster.protocol.sip.message import Headers, SipRequest, parse, response_to, serialise

VIA = ("Via", "SIP/2.0/UDP a;branch=z9hG4bKd")


def subscribe(**more):
    headers = Headers(
        [
            VIA,
            ("From", '"Alice" <sip:alice@primary.example>;tag=ue'),
            ("To", "<sip:cms@primary.example>"),
            ("Call-ID", "subscription-1"),
            ("CSeq", "41 SUBSCRIBE"),
            ("Contact", "<sip:alice@127.0.0.2:5070;transport=tcp>"),
            *((name.replace("_", "-"), value) for name, value in more.items()),
        ]
    )
    return SipRequest("SUBSCRIBE", "sip:cms@primary.example", headers)


def answer(request, **more):
    fields = {"Contact": "<sip:127.0.0.1:5060>", **more}
    return response_to(request, 200, headers=list(fields.items()))


def through_the_wire(request):
    copy = SipRequest(request.method, request.uri, Headers([VIA, *request.headers.items()]))
    return parse(serialise(copy))


def test_both_sides_match_each_other():
    request = subscribe()
    ok = answer(request)
    ue, server = Dialog.from_sent(request, ok), Dialog.from_received(request, ok)

    notify = server.request("NOTIFY", [("Event", "xcap-diff")], b"<xcap-diff/>")
    refresh = ue.request("SUBSCRIBE", [("Expires", "0")])

    assert (notify.uri, refresh.uri) == (
        "sip:alice@127.0.0.2:5070;transport=tcp",
        "sip:127.0.0.1:5060",
    )
    assert ue.matches(through_the_wire(notify))
    assert server.matches(through_the_wire(refresh))
    assert not ue.matches(through_the_wire(refresh))
    assert refresh.headers == Headers(
        [
            ("From", '"Alice" <sip:alice@primary.example>;tag=ue'),
            ("To", ok.headers.get("To")),
            ("Call-ID", "subscription-1"),
            ("CSeq", "42 SUBSCRIBE"),
            ("Expires", "0"),
            ("Contact", "<sip:alice@127.0.0.2:5070;transport=tcp>"),
        ]
    )
    assert notify.headers.get("Contact") == "<sip:127.0.0.1:5060>"
    assert notify.body == b"<xcap-diff/>"


def test_sequence_numbers_increase_and_old_ones_are_not_accepted():
    request = subscribe()
    ok = answer(request)
    ue, server = Dialog.from_sent(request, ok), Dialog.from_received(request, ok)
    first, second = (server.request("NOTIFY") for _ in range(2))

    assert [ue.accept(through_the_wire(notify)) for notify in (second, first, second)] == [
        True,
        False,
        False,
    ]
    assert [server.accept(ue.request("SUBSCRIBE")) for _ in range(2)] == [True, True]


def test_request_of_another_dialog_does_not_match():
    request = subscribe()
    ok = answer(request)
    ue, server = Dialog.from_sent(request, ok), Dialog.from_received(request, ok)

    for name, value in [
        ("Call-ID", "other"),
        ("From", "<sip:cms@primary.example>;tag=other"),
        ("From", "<sip:cms@primary.example>"),
        ("To", "<sip:alice@primary.example>;tag=other"),
    ]:
        notify = server.request("NOTIFY")
        notify.headers.set(name, value)
        assert not ue.matches(notify), (name, value)
    assert not ue.matches(parse(options()))


def test_notify_before_the_200_belongs_to_the_dialog():
    request = subscribe()
    ok = answer(request)
    ue, server = Dialog.from_sent(request), Dialog.from_received(request, ok)
    notify = server.request("NOTIFY")

    assert ue.matches(notify)
    assert ue.accept(notify)
    assert (ue.remote_tag, ue.remote_target) == (server.local_tag, "sip:127.0.0.1:5060")
    ue.confirm(ok)
    assert ue.matches(server.request("NOTIFY"))


def test_contact_of_a_later_request_is_the_new_target():
    request = subscribe()
    server = Dialog.from_received(request, answer(request))
    refresh = subscribe()
    refresh.headers.set("CSeq", "50 SUBSCRIBE")
    refresh.headers.set("Contact", '"new, place" <sip:alice@127.0.0.9>')

    assert server.accept(refresh)
    assert server.request("NOTIFY").uri == "sip:alice@127.0.0.9"


def test_routes_are_followed_in_the_order_of_each_side():
    request = subscribe(Record_Route="<sip:p1;lr>, <sip:p2;lr>")
    ok = answer(request)

    from_ue = Dialog.from_sent(request, ok).request("SUBSCRIBE")
    from_server = Dialog.from_received(request, ok).request("NOTIFY")

    assert from_ue.headers.all("Route") == ["<sip:p2;lr>", "<sip:p1;lr>"]
    assert from_server.headers.all("Route") == ["<sip:p1;lr>", "<sip:p2;lr>"]
    assert from_server.uri == "sip:alice@127.0.0.2:5070;transport=tcp"


def test_strict_router_is_addressed_itself():
    request = subscribe(Record_Route="<sip:old;x=lr>, <sip:p2;lr>")

    notify = Dialog.from_received(request, answer(request)).request("NOTIFY")

    assert notify.uri == "sip:old;x=lr"
    assert notify.headers.all("Route") == [
        "<sip:p2;lr>",
        "<sip:alice@127.0.0.2:5070;transport=tcp>",
    ]


def test_what_makes_no_dialog_is_refused():
    request, bare = subscribe(), subscribe()
    bare.headers.remove("Contact")
    starred = subscribe()
    starred.headers.set("Contact", "*")
    untagged = answer(request)
    untagged.headers.set("To", "<sip:cms@primary.example>")
    anonymous = subscribe()
    anonymous.headers.set("From", "<sip:alice@primary.example>")

    for make, first, second, reason in [
        (Dialog.from_received, bare, answer(bare), "Contact is missing"),
        (Dialog.from_received, starred, answer(starred), "Contact is"),
        (Dialog.from_received, request, untagged, "To of the response has no tag"),
        (Dialog.from_sent, request, untagged, "To of the response has no tag"),
        (Dialog.from_sent, anonymous, None, "From has no tag"),
    ]:
        with pytest.raises(DialogError, match=reason):
            make(first, second)
