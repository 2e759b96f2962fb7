"""The line of a message that a finding is about."""

from dataclasses import replace

import pytest

from muster.evidence import Finding, TokenUse
from reports.bodies import Body, Part
from reports.exchanges import Message
from reports.offending import HEAD, Excerpt, Line, excerpt, offending
from tests.reports.sample import http, sip

GET = http("primary", "cms", "GET", "/x/users/sip%3Aalice%40one.example/ue-bob-1", 200)
ASKED = Message(
    "GET /x/users/sip%3Aalice%40one.example/ue-bob-1",
    (("Host", "cms.one.example"), ("Authorization", "Bearer masked-access-0123456789ab")),
    None,
    "",
)
ANSWER = Message(
    "200",
    (("Content-Type", "application/xcap-diff+xml"),),
    Body(
        "00" * 32,
        9,
        (
            Part(
                "application/xcap-diff+xml",
                9,
                (),
                '<diff>\n <document sel="p-1.xml"/>\n</diff>',
                "",
            ),
        ),
    ),
    "",
)
FORM = replace(
    ASKED,
    start="POST /token",
    body=Body(
        "00" * 32, 9, (Part("", 9, (("grant_type", "password"), ("scope", "openid")), "", ""),)
    ),
)


def with_body(*lines: str, form: tuple[tuple[str, str], ...] = ()) -> Message:
    part = Part("application/xml", 9, form, "\n".join(lines), "")
    return replace(ASKED, fields=(("From", "<x@y.z>"),), body=Body("00" * 32, 9, (part,)))


LOGIN = with_body(form=(("password", "masked-password-0123456789ab"),))
SETTINGS = with_body("<settings>", " <selected-user-profile-index>2</selected-user-profile-index>")
INFO = with_body("<partner-mcptt-id>", " x@y.z", "<primary-mcptt-id>", " x@y.z")


def finding(expected: str, observed: str) -> Finding:
    return Finding("R-1", expected, observed, "X1")


@pytest.mark.parametrize(
    ("expected", "observed", "messages", "found"),
    [
        ("/ue-alice-1", "/ue-bob-1", (ASKED, ANSWER), (0, HEAD, 0, "observed")),
        ("POST", "GET", (ASKED, ANSWER), (0, HEAD, 0, "observed")),
        ("none", "users/sip:alice@one.example", (ASKED, ANSWER), (0, HEAD, 0, "observed")),
        ("another", "the token masked-access-0123456789ab", (ASKED,), (0, HEAD, 2, "observed")),
        ("a client certificate", "grant_type: password", (FORM,), (0, 0, 0, "observed")),
        ("p-1.xml obtained", "not obtained", (ASKED, ANSWER), (1, 0, 1, "expected")),
        ("a document", "1 request, none for p-1.xml", (ASKED, ANSWER), (0, HEAD, 0, "message")),
        ("POST", "GET with them in its query", (ASKED, ANSWER), (0, HEAD, 0, "observed")),
        ("a fresh access token", "the one that is over", (ASKED,), (0, HEAD, 2, "expected")),
        ("no password", "sent in the clear", (LOGIN,), (0, 0, 0, "expected")),
        ("one of 0, 1", "profile index 2", (SETTINGS,), (0, 0, 1, "observed")),
        ("primary-mcptt-id a@b.c", "x@y.z", (INFO,), (0, 0, 3, "observed")),
        ("x-odd in GET", "absent", (ASKED,), (0, HEAD, 0, "message")),
        ("a refresh within 30 s", "none", (ASKED, ANSWER), (0, HEAD, 0, "message")),
        ("no use of the service", "", (ASKED, ANSWER), (0, HEAD, 0, "message")),
    ],
)
def test_line_is_found_by_what_was_observed_then_by_what_was_expected(
    expected, observed, messages, found
):
    one = TokenUse("masked-access-0123456789ab", "access", "one", "", (), False, "authorization")

    line = offending(finding(expected, observed), replace(GET, tokens=(one,)), messages)

    assert (line.message, line.part, line.number, line.why) == found


def test_answer_of_the_ue_comes_before_the_request_to_it():
    notify = sip("primary", "NOTIFY", "sip:ue@one.example", 400, direction="to_ue")
    same = (("Event", "xcap-diff"),)
    messages = [
        Message("NOTIFY sip:ue@one.example", same, None, ""),
        Message("400", same, None, ""),
    ]

    assert offending(finding("200", "xcap-diff"), notify, messages).message == 1
    assert offending(finding("200", "nothing of it"), notify, messages).text == "400"


def test_request_without_an_answer_is_marked_itself():
    silent = replace(sip("primary", "NOTIFY", "sip:ue@one.example", None), direction="to_ue")
    messages = [Message("NOTIFY sip:ue@one.example", (), None, "")]

    assert offending(finding("an answer", "none"), silent, messages).why == "message"


def test_token_is_found_by_its_kind_and_issuer():
    use = TokenUse("masked-access-0123456789ab", "access", "one", "", (), False, "authorization")
    other_use = replace(use, label="masked-access-ffffffffffff", issuer="two")
    shown = replace(GET, tokens=(use, other_use))

    found = offending(finding("none", "the access token of one at the cms"), shown, [ASKED])
    other = offending(finding("none", "a token"), shown, [ASKED])

    assert found.text == "Authorization: Bearer masked-access-0123456789ab"
    assert other.why == "message"


def test_excerpt_holds_the_line_and_its_neighbours():
    line = Line(1, 0, 1, ' <document sel="p-1.xml"/>', "expected")

    assert excerpt(line, [ASKED, ANSWER]) == Excerpt("200", ("<diff>",), line, ("</diff>",))


def test_excerpt_of_a_header_field_does_not_repeat_the_start_line():
    line = Line(0, HEAD, 2, "Authorization: Bearer masked-access-0123456789ab", "observed")

    assert excerpt(line, [ASKED]).before == ("Host: cms.one.example",)
