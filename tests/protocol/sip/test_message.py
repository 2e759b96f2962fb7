"""Messages are read strictly, and written so that they read back."""

import pytest
import sipmessage
from hypothesis import given
from hypothesis import strategies as st
from sip_peers import OPTIONS, options, register, text

from muster.protocol.sip.fields import parse_address, parse_cseq, parse_via, split_list
from muster.protocol.sip.message import (
    Headers,
    SipRequest,
    SipResponse,
    SipSyntaxError,
    parse,
    parse_first,
    refusal_to,
    response_to,
    serialise,
)


def test_written_request_reads_back():
    request = register()
    request.headers.add("Via", "SIP/2.0/TCP ue1:5060;branch=z9hG4bKx")
    request.headers.set("Content-Type", "text/plain")
    request.body = b"\x00\r\n\r\nbody"

    read = parse(serialise(request))

    request.headers.set("Content-Length", "9")
    assert read == request


def test_order_of_fields_of_different_names_is_kept():
    wire = options(Route="<sip:a;lr>, <sip:b;lr>", Supported="path", route="<sip:c;lr>")

    headers = parse(wire).headers

    assert [name for name, _ in headers.items()][-3:] == ["Route", "Supported", "route"]
    assert headers.elements("Route") == ["<sip:a;lr>", "<sip:b;lr>", "<sip:c;lr>"]


def test_headers_compare_names_without_case_and_expand_compact_forms():
    headers = Headers([("i", "1"), ("Via", "x"), ("To", "y"), ("v", "z")])

    headers.set("CALL-id", "2")
    headers.set("via", "w")
    headers.remove("t")

    assert headers == Headers([("Call-ID", "2"), ("Via", "w")])
    assert (headers.get("i"), headers.get("To"), headers.all("v")) == ("2", None, ["w"])


def test_compact_and_folded_header_fields_are_read():
    wire = text(
        "NOTIFY sip:alice@127.0.0.2 SIP/2.0",
        "v: SIP  / 2.0",
        "  /UDP 192.0.2.2 : 5070 ;branch = z9hG4bKa, SIP/2.0/TCP proxy1;branch=z9hG4bKb",
        "f :sip:notifier@primary.example ; tag = n1",
        "T:",
        '\t"Alice \\"A\\", x" <sip:alice@primary.example>;tag=u1',
        "i: 1",
        "CSEQ: 0009",
        "  NOTIFY",
        "o: xcap-diff",
        "l: 2",
        body=b"ok",
    )

    message = parse(wire)

    vias = [parse_via(value) for value in message.headers.elements("Via")]
    assert [(via.transport, via.host, via.port, via.branch) for via in vias] == [
        ("UDP", "192.0.2.2", 5070, "z9hG4bKa"),
        ("TCP", "proxy1", None, "z9hG4bKb"),
    ]
    sender, recipient = (parse_address(message.headers.get(name)) for name in ("From", "To"))
    assert (sender.uri, sender.tag) == ("sip:notifier@primary.example", "n1")
    assert (recipient.name, recipient.tag) == ('Alice "A", x', "u1")
    assert (message.headers.get("Event"), message.body) == ("xcap-diff", b"ok")


@pytest.mark.parametrize(
    "uri",
    [
        "sip:alice;desk=b%40lab.example@primary.example",
        "sip:a%00b%00@primary.example",
        "sip:alice@ue1:5070;transport=tcp;self=1;lr",
        "sips:a:secret@[2001:db8::1]:5061",
        "SIP:cms.primary-3fa2.example",
        "tel:+1-201-555-0123;phone-context=example.com",
        "urn:service:sos",
        "mailto.x-test://127.0.0.8:9/a",
        "sip:127.0.7.9:40000",
    ],
)
def test_well_formed_request_uri_is_accepted(uri):
    assert parse(text(f"OPTIONS {uri} SIP/2.0", *OPTIONS[1:])).uri == uri


@pytest.mark.parametrize(
    "wire",
    [
        options(CSeq="0 OPTIONS"),
        options(CSeq="2147483647 OPTIONS"),
        text("!odd-Method_*+`.%~ sip:a SIP/2.0", *OPTIONS[1:5], "CSeq: 1 !odd-Method_*+`.%~"),
        options(Via="SIP/2.0/UNKNOWN [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bK"),
        options(From="doi:10.1/x ;tag=1"),
        options(To='"a\\\x07b\\\x00c\\\x7f" <sip:a@b.example>'),
        options(Contact="*"),
        options(Contact="<sip:alice@ue.example?Subject=%3Cnews%3E&a=>;q=0.1"),
        options(Contact='<sip:a@b>;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt"'),
        options(Contact='<sip:a@b>;+sip.instance="<urn:uuid:1>;;,",sip:c@d;expires=1'),
        options(Unknown=";,=;<", Empty=""),
        options(Expires="4294967295", Max_Forwards="0068"),
        options(Date="Mon, 02 Mar 2026 09:00:00 GMT"),
        options(Content_Type='multipart/mixed;boundary="a;b"', Content_Length="0"),
        b"\r\n\r\n" + options(),
        text("OPTIONS sip:a sip/2.0", *OPTIONS[1:]),
    ],
)
def test_unusual_but_legal_request_is_accepted(wire):
    assert isinstance(parse(wire), SipRequest)


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (b"", "no empty line ends the header fields"),
        (b"\x16\x03\x01\x02", "no empty line ends the header fields"),
        (b"garbage\r\n\r\n", "start line is neither a request line nor a status line"),
        (options().replace(b" SIP/2.0", b"  SIP/2.0", 1),
         "start line is neither a request line nor a status line"),
        (options().replace(b"SIP/2.0\r", b"SIP/2.0 \r", 1),
         "start line is neither a request line nor a status line"),
        (options().replace(b" SIP/2.0", b" SIP/7.0", 1), "SIP version 7.0 is not 2.0"),
        (options().replace(b"sip:server@primary.example", b"<sip:a@b>", 1),
         "Request-URI: URI is not well formed"),
        (options().replace(b"sip:server@primary.example", b"sip:a@b?x=y", 1),
         "Request-URI: header fields are not allowed (RFC 3261 19.1.1)"),
        (options().replace(b"OPT", b"O@T", 1),
         "start line is neither a request line nor a status line"),
        (options(CSeq=None, Via=None), "Via, CSeq missing"),
        (options(Call_ID=None), "Call-ID missing"),
        (options(From=None), "From missing"),
        (options(To=None), "To missing"),
        (options(CSeq="7 REGISTER"), "CSeq names REGISTER, the request is OPTIONS"),
        (options(CSeq="7 options"), "CSeq names options, the request is OPTIONS"),
        (options(CSeq="99999999999999999999 OPTIONS"), "CSeq number is 2**31 or more"),
        (options(CSeq="2147483648 OPTIONS"), "CSeq number is 2**31 or more"),
        (options(CSeq="9" * 5000 + " OPTIONS"), "CSeq is not well formed"),
        (options(CSeq="-1 OPTIONS"), "CSeq is not well formed"),
        (options(CSeq="٣ OPTIONS"), "CSeq is not well formed"),
        (options(cseq="7 OPTIONS"), "cseq is given twice"),
        (options(l="0", Content_Length="0"), "Content-Length is given twice"),
        (options(Content_Length="-12"), "Content-Length: not a number from 0 to 4294967295"),
        (options(Content_Length="1e3"), "Content-Length: not a number from 0 to 4294967295"),
        (options(Content_Length="٣"), "Content-Length: not a number from 0 to 4294967295"),
        (options(Content_Length="9999"), "Content-Length is 9999, the body has 0 octets"),
        (options(Content_Length=""), "Content-Length: not a number from 0 to 4294967295"),
        (options(Max_Forwards="300"), "Max-Forwards: not a number from 0 to 255"),
        (options(Expires="4294967296"), "Expires: not a number from 0 to 4294967295"),
        (options(Date="Mon, 02 Mar 2026 10:00:00 CET"), "Date: not a date of RFC 3261 20.17"),
        (options(To='"Alice <sip:j@b.example>'), "To: an address is not well formed"),
        (options(To='"A", B <sip:j@b.example>'), "To: an address is not well formed"),
        (options(From="Smith, A <sip:a@b.example>;tag=1"), "From: URI is not well formed"),
        (options(From="<sip:a@b.example>;tag=1;tag=2"), "From: parameter tag is given twice"),
        (options(Contact="<sip:a@b>;;;"), "Contact: parameters are not well formed"),
        (options(Contact="<sip:a@b>,"), "Contact: a list has an empty element"),
        (options(Contact="sip:a@b?Subject=x"), "Contact: parameters are not well formed"),
        (options(Contact="<sip:a b@c>"), "Contact: URI is not well formed"),
        (options(Contact="<sip:a@b:65536>"), "Contact: a port is beyond 65535"),
        (options(Via="SIP/2.0/UDP 127.0.0.3;;,;,,"), "Via: a list has an empty element"),
        (options(Via="SIP/2.0/UDP 127.0.0.3;;"), "Via: parameters are not well formed"),
        (options(Call_ID="a b"), "Call-ID: not a call identifier"),
        (options(Content_Type="text"), "Content-Type: a media type is not well formed"),
        (text(*OPTIONS, "no colon"), "a header field has no well-formed name"),
        (text(*OPTIONS, "na me: x"), "a header field has no well-formed name"),
        (text(*OPTIONS, "X: a\rb"), "a line ends with CR or LF alone"),
        (text(*OPTIONS).replace(b"\r\nTo", b"\nTo"), "a line ends with CR or LF alone"),
        (text(*OPTIONS)[:-2] + b"X: \xff\r\n\r\n", "header fields are not UTF-8"),
        (text(*OPTIONS, "X: " + "x" * 16385), "too many header fields, or too long a one"),
        (text(*OPTIONS, *["X: x"] * 512), "too many header fields, or too long a one"),
        (text(*OPTIONS, *["X: " + "x" * 16000] * 5), "header fields are longer than 65536 octets"),
        (text("SIP/2.0 1200 Big", *OPTIONS[1:]), "status code is not between 100 and 699"),
        (text("SIP/2.0 099 Small", *OPTIONS[1:]), "status code is not between 100 and 699"),
        (text("SIP/2.0 700 Seven", *OPTIONS[1:]), "status code is not between 100 and 699"),
        (text("SIP/2.0 200", *OPTIONS[1:]),
         "start line is neither a request line nor a status line"),
    ],
)  # fmt: skip
def test_malformed_message_is_refused(wire, reason):
    with pytest.raises(SipSyntaxError) as caught:
        parse(wire)

    assert str(caught.value) == reason


def test_octets_beyond_content_length_are_left_over():
    wire = options(Content_Length="3") + b"abcdef"

    message, used = parse_first(wire)

    assert (message.body, wire[used:]) == (b"abc", b"def")


def test_body_without_content_length_reaches_to_the_end_of_the_datagram():
    assert parse(options() + b"abc").body == b"abc"


def test_response_without_reason_is_accepted():
    message = parse(text("SIP/2.0 100 ", *OPTIONS[1:]))

    assert isinstance(message, SipResponse)
    assert (message.status, message.reason) == (100, "")


def test_response_copies_what_identifies_the_request():
    request = parse(options(via="SIP/2.0/TCP proxy;branch=z9hG4bKp", Record_Route="<sip:p;lr>"))

    answer = response_to(request, 200, headers=[("SIP-ETag", "e1")], body=b"x")

    recipient = parse_address(answer.headers.get("To"))
    assert recipient.tag
    answer.headers.set("To", "<sip:server@primary.example>")
    assert answer == SipResponse(
        200,
        "OK",
        Headers(
            [
                ("Via", "SIP/2.0/UDP 127.0.0.3:5070;branch=z9hG4bK-one;rport"),
                ("Via", "SIP/2.0/TCP proxy;branch=z9hG4bKp"),
                ("From", "<sip:alice@primary.example>;tag=a"),
                ("To", "<sip:server@primary.example>"),
                ("Call-ID", "torture-1"),
                ("CSeq", "7 OPTIONS"),
                ("Record-Route", "<sip:p;lr>"),
                ("SIP-ETag", "e1"),
            ]
        ),
        b"x",
    )


def test_tag_of_the_recipient_is_kept_and_none_is_given_by_100():
    tagged = parse(options(To="<sip:a@b>;tag=mine"))

    assert response_to(tagged, 481).headers.get("To") == "<sip:a@b>;tag=mine"
    assert response_to(parse(options()), 100).headers.get("To") == "<sip:server@primary.example>"


@pytest.mark.parametrize(
    "message",
    [
        SipRequest("OPTIONS", "sip:a", Headers([("X", "a\r\nY: b")])),
        SipRequest("OPTIONS", "sip:a", Headers([("X:", "a")])),
        SipRequest("OPTIONS", "sip:a b"),
        SipRequest("OPT IONS", "sip:a"),
        SipResponse(200, "OK\r\nX: y"),
        SipResponse(99, "low"),
    ],
)
def test_what_would_not_read_back_is_not_written(message):
    with pytest.raises(ValueError, match=r"^not a "):
        serialise(message)


def test_malformed_request_is_refused_with_its_own_fields():
    wire = options(CSeq="7 REGISTER", v="SIP/2.0/TCP p")

    refusal = refusal_to(wire, SipSyntaxError("CSeq names REGISTER"))

    assert refusal == refusal_to(wire, SipSyntaxError("CSeq names REGISTER"))
    assert (refusal.status, refusal.reason) == (400, "CSeq names REGISTER")
    assert refusal.headers.all("Via") == [
        "SIP/2.0/UDP 127.0.0.3:5070;branch=z9hG4bK-one;rport",
        "SIP/2.0/TCP p",
    ]
    assert refusal.headers.get("CSeq") == "7 REGISTER"
    assert parse_address(refusal.headers.get("To")).tag


def test_request_with_bare_line_feeds_is_refused_too():
    refusal = refusal_to(options().replace(b"\r\n", b"\n"), SipSyntaxError("no"))

    assert refusal.headers.get("Call-ID") == "torture-1"


@pytest.mark.parametrize(
    "wire",
    [
        options(Call_ID=None),
        options(CSeq="7 ACK"),
        text("ACK sip:a b SIP/2.0", *OPTIONS[1:]),
        text("SIP/2.0 9999 x", *OPTIONS[1:]),
        b"\x00\x01\x00\x00",
    ],
)
def test_scraps_responses_and_ack_are_not_answered(wire):
    assert refusal_to(wire, SipSyntaxError("no")) is None


def test_list_is_split_outside_quotes_and_brackets():
    assert split_list('"a,b" <sip:c,d@e>;x="\\",", <sip:f>') == [
        '"a,b" <sip:c,d@e>;x="\\","',
        "<sip:f>",
    ]


USER = st.text("abcXYZ019-_.!~*'()&=+$,;?/", min_size=1)
TOKEN = st.text("abcXYZ019-.!%*_+`'~", min_size=1)
LABEL = st.text("abcxyz", min_size=1, max_size=8)


@given(USER, LABEL, TOKEN, st.integers(0, 2**31 - 1))
def test_values_agree_with_sipmessage(user, host, tag, number):
    address = f'"x" <sip:{user}@{host}>;tag={tag}'

    ours, theirs = parse_address(address), sipmessage.Address.parse(address)

    assert (ours.uri, ours.name) == (f"sip:{user}@{host}", theirs.name)
    assert ours.tag == tag
    assert parse_cseq(f"{number} X").number == sipmessage.CSeq.parse(f"{number} X").sequence


@given(st.binary(max_size=400))
def test_no_octets_raise_anything_but_syntax_errors(data):
    for wire in (data, options()[:-2] + data, options() + data):
        try:
            message, used = parse_first(wire)
        except SipSyntaxError as error:
            refusal = refusal_to(wire, error)
            assert refusal is None or serialise(refusal)
        else:
            assert used <= len(wire)
            assert parse(serialise(message)).body == message.body
