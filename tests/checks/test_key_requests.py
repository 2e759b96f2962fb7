"""Checks of order, contents and repetition of requests for keys."""

from datetime import UTC, datetime, timedelta

from muster.checks import key_requests
from muster.evidence import Window
from tests.checks.exchanges import Case, cases, publish
from tests.checks.test_keys import ROOT, ask, body

WINDOW = Window(10.0, 20.0, 1.0, "keys were asked for")
HOST = "kms.primary.example"
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AT = MOMENT.timestamp()
XML = (("Content-Type", "application/xml; charset=UTF-8"),)
INIT, KEYS = ask(at=10.0), ask("keyprov", "X2", at=12.0)

in_order = key_requests.keys_are_asked_for_after_the_certificate
names_server = key_requests.kms_uri_names_the_key_server
in_time = key_requests.time_is_that_of_the_request
is_xml = key_requests.body_is_said_to_be_xml
passed_over = key_requests.extension_is_passed_over
few = key_requests.unserved_request_is_not_repeated_without_end

names_key = key_requests.requests_name_the_transport_key
several = key_requests.keys_of_several_periods_are_taken
encrypted = key_requests.encrypted_keys_are_taken
WITH_KEY = ask(body=body().replace(b"</KmsRequest>", b"<TrK-ID>trk-1</TrK-ID></KmsRequest>"))
SERVED = "no request for service authorisation"

ACCEPTED = (
    Case("transport key named", names_key, ([WITH_KEY], "trk-1")),
    Case("service with keys of several periods", several, (KEYS, [publish()])),
    Case("service with encrypted keys", encrypted, (KEYS, [publish()])),
    Case("certificate, then keys", in_order, ([INIT, KEYS],)),
    Case("certificate only", in_order, ([INIT],)),
    Case("host name", names_server, ([INIT], HOST)),
    Case("URL", names_server, ([ask(body=body(KmsUri=f"https://{HOST}:8445/k"))], HOST)),
    Case("capitals", names_server, ([ask(body=body(KmsUri=HOST.upper()))], HOST)),
    Case("no KmsUri is another matter", names_server, ([ask(body=body(drop="KmsUri"))], HOST)),
    Case("time of the request", in_time, ([ask(at=AT + 1)],)),
    Case("clock that differs by half a minute", in_time, ([ask(at=AT - 30)],)),
    Case(
        "another zone",
        in_time,
        ([ask(at=AT, body=body(Time="2026-01-02T05:04:05.25+02:00"))],),
    ),
    Case("no zone is another matter", in_time, ([ask(body=body(Time="2026-01-02T03:04:05"))],)),
    Case("no time is another matter", in_time, ([ask(body=body(Time="soon"))],)),
    Case("application/xml", is_xml, ([ask(headers=XML)],)),
    Case("text/xml", is_xml, ([ask(headers=(("content-type", "TEXT/XML"),))],)),
    Case("a type of XML", is_xml, ([ask(headers=(("Content-Type", "application/Kms+XML"),))],)),
    Case("keys are asked for", passed_over, (INIT, [INIT, KEYS])),
    Case("a few attempts", few, ([INIT] * 10 + [KEYS] * 10, WINDOW)),
)

REPORTED = (
    Case(
        "transport key not named",
        names_key,
        ([INIT, WITH_KEY], "trk-1"),
        (("TS33180-D.2.2-08", "TrK-ID trk-1", "none", "X1"),),
    ),
    Case(
        "another transport key",
        names_key,
        ([WITH_KEY], "trk-2"),
        (("TS33180-D.2.2-08", "TrK-ID trk-2", "trk-1", "X1"),),
    ),
    Case(
        "end with keys of several periods",
        several,
        (KEYS, []),
        (
            (
                "TS33180-D.3.3-01",
                "service with these keys: a response may have several key sets",
                SERVED,
                "X2",
            ),
        ),
    ),
    Case(
        "end with encrypted keys",
        encrypted,
        (KEYS, []),
        (
            (
                "TS33180-D.1-03",
                "service with these keys: the terminal has the transport key",
                SERVED,
                "X2",
            ),
        ),
    ),
    Case(
        "keys first",
        in_order,
        ([ask("keyprov", "X2", at=9.0), INIT],),
        (("TS33180-D.2.4-01", "the certificate first", "keys asked for before it", "X2"),),
    ),
    Case(
        "keys before the certificate is there",
        in_order,
        ([INIT, ask("keyprov", "X2", at=10.5)],),
        (("TS33180-D.2.4-01", "the certificate first", "keys asked for before it", "X2"),),
    ),
    Case(
        "keys after a refusal",
        in_order,
        ([ask(status=403), KEYS],),
        (("TS33180-D.2.4-01", "the certificate first", "keys asked for before it", "X2"),),
    ),
    Case(
        "another server",
        names_server,
        ([ask(body=body(KmsUri="kms.partner.example"))], HOST),
        (("TS33180-D.2.2-04", f"a URI of {HOST}", "kms.partner.example", "X1"),),
    ),
    Case(
        "an hour ahead",
        in_time,
        ([ask(at=(MOMENT - timedelta(hours=1)).timestamp())],),
        (("TS33180-D.2.2-06", "2026-01-02T02:04:05+00:00", "2026-01-02T03:04:05Z", "X1"),),
    ),
    Case(
        "plain text",
        is_xml,
        ([ask(headers=(("Content-Type", "text/plain"),))],),
        (("TS33180-D.2.2-07", "application/xml", "text/plain", "X1"),),
    ),
    Case(
        "nothing said",
        is_xml,
        ([ask()],),
        (("TS33180-D.2.2-07", "application/xml", "no Content-Type", "X1"),),
    ),
    Case(
        "no keys asked for",
        passed_over,
        (INIT, [INIT]),
        (("TS33180-D.1-02", "a request for keys", "none", "X1"),),
    ),
    Case(
        "many attempts",
        few,
        ([KEYS, *[INIT] * 11], WINDOW),
        (("TS33180-D.3.1-02", "a few attempts at most", f"{ROOT}/init 11 times", "X1"),),
    ),
)


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
