"""Checks of the form of any SIP request."""

from dataclasses import replace

from muster.checks import requests
from muster.evidence import Fields, SipExchange
from tests.checks.exchanges import Case, cases, publish, sip

complete = requests.requests_carry_the_mandatory_fields
unique = requests.branches_begin_with_the_cookie
bounded = requests.bodies_keep_to_their_boundary

FIELDS: Fields = (
    ("Via", "SIP/2.0/UDP 127.0.0.9:5062;branch=z9hG4bKabc;rport"),
    ("Max-Forwards", "70"),
    ("To", "<sip:a@b>"),
    ("From", "<sip:a@b>;tag=1"),
    ("Call-ID", "c1"),
    ("CSeq", "1 OPTIONS"),
)


def without(name: str) -> SipExchange:
    return sip("OPTIONS", headers=tuple(pair for pair in FIELDS if pair[0] != name))


def via(value: str) -> SipExchange:
    return sip("OPTIONS", headers=(("Via", value),))


WHOLE = sip("OPTIONS", headers=FIELDS)
PARTED = publish()
OPEN = replace(PARTED, body=PARTED.body.removesuffix(b"--\r\n"))
UNBOUNDED = replace(PARTED, headers=(("Content-Type", "multipart/mixed;boundary=other"),))

ACCEPTED = (
    Case("six fields", complete, ([WHOLE],)),
    Case("cookie", unique, ([WHOLE],)),
    Case(
        "cookie in other letters, of the topmost of two",
        unique,
        ([via("SIP/2.0/TCP a;branch=Z9HG4BKx, SIP/2.0/UDP b;branch=1")],),
    ),
    Case("parts", bounded, ([publish()],)),
    Case("no parts", bounded, ([WHOLE],)),
)

REPORTED = (
    *(
        Case(
            f"no {name}",
            complete,
            ([without(name)],),
            (("RFC3261-8.1.1-01", f"{name} in OPTIONS", "absent", "S1"),),
        )
        for name, _ in FIELDS
    ),
    Case(
        "branch of RFC 2543",
        unique,
        ([via("SIP/2.0/UDP a;branch=1")],),
        (("RFC3261-8.1.1.7-01", "a branch that begins with z9hG4bK", "1", "S1"),),
    ),
    Case(
        "no branch",
        unique,
        ([via("SIP/2.0/UDP a")],),
        (("RFC3261-8.1.1.7-01", "a branch that begins with z9hG4bK", "no branch", "S1"),),
    ),
    Case(
        "no Via",
        unique,
        ([without("Via")],),
        (("RFC3261-8.1.1.7-01", "a branch that begins with z9hG4bK", "no Via", "S1"),),
    ),
    Case(
        "no end, after a request without parts",
        bounded,
        ([WHOLE, OPEN],),
        (("RFC2046-5.1.1-01", "parts between boundaries", "the last boundary is missing", "S1"),),
    ),
    Case(
        "another boundary",
        bounded,
        ([UNBOUNDED],),
        (
            (
                "RFC2046-5.1.1-01",
                "parts between boundaries",
                "the boundary does not occur in the body",
                "S1",
            ),
        ),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
