"""What a UE answers the challenge of a registrar with."""

from dataclasses import replace

from muster.checks import challenges
from muster.evidence import SipAnswer, SipExchange
from muster.protocol.sip import digest
from tests.checks.exchanges import Case, cases, sip

again = challenges.challenged_registration_is_sent_again_with_credentials
answers = challenges.credentials_answer_the_challenge

CHALLENGE = digest.challenge("primary.example", "n1")
ANSWER = digest.answer(CHALLENGE, "REGISTER", "sip:primary.example", "alice", "secret")
CHALLENGED = replace(
    sip("REGISTER"),
    responses=(SipAnswer(401, "Unauthorized", (("WWW-Authenticate", CHALLENGE),), b""),),
)
AGAIN = replace(
    CHALLENGED,
    name="S3",
    responses=(
        SipAnswer(
            401,
            "Unauthorized",
            (("WWW-Authenticate", digest.challenge("primary.example", "n3")),),
            b"",
        ),
    ),
)


def registered(authorization: str = "", status: int = 200) -> SipExchange:
    fields = (("Authorization", authorization),) if authorization else ()
    return sip("REGISTER", name="S2", headers=fields, statuses=(status,), at=12.0)


REFUSED = registered(ANSWER, 401)
BARE = registered(status=401)
OTHER_SCHEME = registered("Basic YWxpY2U6c2VjcmV0", 401)
EMPTY = registered('Digest username="alice", realm="primary.example", nonce="", response=""', 401)

ACCEPTED = (
    Case("sent again", again, (CHALLENGED, [registered(ANSWER)])),
    Case("sent again once more than needed", again, (CHALLENGED, [BARE, registered(ANSWER)])),
    Case("right answer", answers, ([CHALLENGED], registered(ANSWER))),
    Case("answer to the first of two", answers, ([CHALLENGED, AGAIN], registered(ANSWER))),
    Case("refused for something else", answers, ([CHALLENGED], registered(ANSWER, 403))),
)


def unanswered(*later: SipExchange, observed: str) -> Case:
    expected = ("RFC3261-22.2-01", "a REGISTER with credentials", observed, "S1")
    return Case(f"{observed} {len(later)}", again, (CHALLENGED, list(later)), (expected,))


def wrong(name: str, answer: SipExchange, expected: str, observed: str) -> Case:
    report = ("RFC2617-3.2.2-01", expected, observed, "S2")
    return Case(name, answers, ([CHALLENGED], answer), (report,))


REPORTED = (
    unanswered(observed="no REGISTER"),
    unanswered(BARE, OTHER_SCHEME, EMPTY, observed="3 REGISTER without"),
    wrong(
        "another realm",
        registered(ANSWER.replace('realm="primary', 'realm="other'), 401),
        "realm=primary.example",
        "realm=other.example",
    ),
    Case(
        "a nonce of neither challenge",
        answers,
        ([CHALLENGED, AGAIN], registered(ANSWER.replace('"n1"', '"n2"'), 401)),
        (("RFC2617-3.2.2-01", "nonce=n3", "nonce=n2", "S2"),),
    ),
    wrong("another nonce", registered(ANSWER.replace('"n1"', '"n2"'), 401), "nonce=n1", "nonce=n2"),
    wrong(
        "another password",
        REFUSED,
        "a response that proves the password",
        "one refused",
    ),
)


@cases(*ACCEPTED)
def test_right_answer_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
