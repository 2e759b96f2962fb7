"""Checks of key provisioning."""

from typing import Any

from muster.checks import keys
from muster.evidence import HttpExchange
from tests.checks.exchanges import ALICE, UNKNOWN_TOKEN, Case, cases, http, token

BASE = "https://kms.primary.example:8445"
ROOT = "/keymanagement/identity/v1"
URLS = [f"{BASE}{ROOT}/init", f"{BASE}{ROOT}/keyprov"]


def body(resource: str = "init", drop: str = "", more: str = "", **changed: str) -> bytes:
    values = {
        "UserUri": ALICE,
        "KmsUri": "kms.primary.example",
        "Time": "2026-01-02T03:04:05Z",
        "ClientReqUrl": f"{BASE}{ROOT}/{resource}",
        **changed,
    }
    inner = "".join(f"<{k}>{v}</{k}>" for k, v in values.items() if k != drop)
    namespace = "urn:3gpp:ns:mcsecKMSInterface:1.0"
    return f'<KmsRequest xmlns="{namespace}" Version="1.1.0">{inner}{more}</KmsRequest>'.encode()


def ask(resource: str = "init", name: str = "X1", **more: Any) -> HttpExchange:
    members = {
        "method": "POST",
        "server": "kms",
        "tokens": (token(),),
        "body": body(resource),
        **more,
    }
    return http(f"{ROOT}/{resource}", name, **members)


BOTH = [ask(), ask("keyprov", "X2")]
names = keys.kms_request_names_user_and_url
OF_VIDEO = "sip:alice-video@primary.example"

ACCEPTED = (
    Case("init and keyprov", keys.asks_for_certificate_and_keys, (BOTH,)),
    Case(
        "keyprov for a named user, certificate cache as well",
        keys.asks_for_certificate_and_keys,
        ([ask(), ask("keyprov/sip%3Aalice%40primary.example"), ask("certcache")],),
    ),
    Case("valid requests", keys.kms_request_is_valid, (BOTH,)),
    Case(
        "terminal named in the request",
        keys.kms_request_is_valid,
        (
            [
                ask(
                    body=body(
                        drop="ClientReqUrl",
                        more="<ClientId>c</ClientId><DeviceId>d</DeviceId>"
                        f"<ClientReqUrl>{URLS[0]}</ClientReqUrl>",
                    )
                )
            ],
        ),
    ),
    Case("own user and URL", names, (BOTH, ALICE, URLS)),
    Case(
        "ID of the same user for another service",
        names,
        ([ask(body=body(UserUri=OF_VIDEO)), *BOTH], ALICE, URLS, [ALICE, OF_VIDEO]),
    ),
    Case("URL of another resource is not judged", names, ([ask("certcache")], ALICE, URLS)),
    Case("token for key management", keys.presents_a_key_management_token, (BOTH,)),
    Case("named key server", keys.asks_the_named_key_server, (BOTH,)),
)

REPORTED = (
    Case(
        "GET",
        keys.asks_for_certificate_and_keys,
        ([ask(method="GET"), BOTH[1]],),
        (("TS33180-D.2.1-01", "POST", "GET", "X1"),),
    ),
    Case(
        "resources elsewhere",
        keys.asks_for_certificate_and_keys,
        ([*BOTH, http("/init", "X3", "POST")],),
        (("TS33180-D.2.1-02", f"a resource under {ROOT}", "/init", "X3"),),
    ),
    Case(
        "no init",
        keys.asks_for_certificate_and_keys,
        ([BOTH[1]],),
        (("TS33180-D.2.1-03", "a request to init", "only keyprov", "X2"),),
    ),
    Case(
        "no keyprov",
        keys.asks_for_certificate_and_keys,
        ([BOTH[0]],),
        (("TS33180-D.2.1-04", "a request to keyprov", "only init", "X1"),),
    ),
    Case(
        "no XML",
        keys.kms_request_is_valid,
        ([ask(body=b"{}")],),
        (("TS33180-D.2.2-01", "a KmsRequest", "no XML", "X1"),),
    ),
    Case(
        "another namespace, and after it no user",
        keys.kms_request_is_valid,
        ([ask(body=b"<KmsRequest xmlns='urn:x'/>"), ask(body=body(UserUri=""))],),
        (
            ("TS33180-D.2.2-01", "a KmsRequest", "{urn:x}KmsRequest", "X1"),
            ("TS33180-D.2.2-02", "UserUri", "absent", "X1"),
        ),
    ),
    Case(
        "user empty",
        keys.kms_request_is_valid,
        ([ask(body=body(UserUri=""))],),
        (("TS33180-D.2.2-02", "UserUri", "absent", "X1"),),
    ),
    Case(
        "another user",
        names,
        ([ask(body=body(UserUri="sip:bob@primary.example"))], ALICE, URLS),
        (("TS33180-D.2.2-03", ALICE, "sip:bob@primary.example", "X1"),),
    ),
    Case(
        "ID for another service alone",
        names,
        ([ask(body=body(UserUri=OF_VIDEO))], ALICE, URLS, [ALICE, OF_VIDEO]),
        (("TS33180-D.2.2-03", ALICE, OF_VIDEO, "X1"),),
    ),
    Case(
        "URL of the other resource",
        names,
        ([ask("keyprov", body=body("init"))], ALICE, URLS),
        (("TS33180-D.2.2-05", URLS[1], URLS[0], "X1"),),
    ),
    Case(
        "no token",
        keys.presents_a_key_management_token,
        ([ask(tokens=())],),
        (("TS33180-5.1.3.1-01", "an access token of primary", "no token", "X1"),),
    ),
    Case(
        "token of another system, after one of this",
        keys.presents_a_key_management_token,
        ([ask(), ask("keyprov", "X2", tokens=(token(issuer="partner"),))],),
        (
            (
                "TS33180-5.1.3.1-01",
                "an access token of primary",
                "the access token of partner",
                "X2",
            ),
        ),
    ),
    Case(
        "refresh token",
        keys.presents_a_key_management_token,
        ([ask(tokens=(token("refresh"),))],),
        (
            (
                "TS33180-5.1.3.1-01",
                "an access token of primary",
                "the refresh token of primary",
                "X1",
            ),
        ),
    ),
    Case(
        "token of nobody",
        keys.presents_a_key_management_token,
        ([ask(tokens=(UNKNOWN_TOKEN,))],),
        (
            (
                "TS33180-5.1.3.1-01",
                "an access token of primary",
                "a token that nobody here issued",
                "X1",
            ),
        ),
    ),
    Case(
        "token of another scope",
        keys.presents_a_key_management_token,
        ([ask(tokens=(token(scopes=["openid"]),))],),
        (("TS33180-5.1.3.1-05", "a key management scope", "openid", "X1"),),
    ),
    Case(
        "another server",
        keys.asks_the_named_key_server,
        ([ask(server="cms")],),
        (("TS23280-10.1.1.1-05", "the key server", "the cms server", "X1"),),
    ),
)


def test_each_missing_element_is_reported_by_schema_and_by_name() -> None:
    for element in ("UserUri", "KmsUri", "Time", "ClientReqUrl"):
        judgement = keys.kms_request_is_valid([ask(body=body(drop=element))])

        found = {(f.requirement, f.expected) for f in judgement.findings}
        assert found == {
            ("TS33180-D.2.2-01", "a valid KmsRequest"),
            ("TS33180-D.2.2-02", element),
        }


@cases(*ACCEPTED)
def test_right_exchange_is_accepted(case: Case) -> None:
    case.judge()


@cases(*REPORTED)
def test_departure_is_reported(case: Case) -> None:
    case.judge()
