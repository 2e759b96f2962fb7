"""The ledger of tokens: recognised wherever they turn up, masked ever after."""

import base64
import secrets
import time

import pytest

from muster.evidence import TokenUse
from muster.masking import Masker
from stubs.tokens import IssuedToken, TokenLedger

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def ledger_with(*tokens: IssuedToken) -> tuple[TokenLedger, Masker]:
    masker = Masker()
    ledger = TokenLedger(masker)
    for token in tokens:
        ledger.issue(token)
    return ledger, masker


def token(kind: str = "access", lifetime: float = 60, value: str = "") -> IssuedToken:
    value = value or secrets.token_urlsafe(30)
    return IssuedToken(value, kind, "primary", "sip:a@x", ("openid",), time.time() + lifetime)


def test_bearer_token_is_recognised_once() -> None:
    known = token()
    ledger, masker = ledger_with(known)

    uses = ledger.uses((("AUTHORIZATION", f"bearer {known.value}"),), "/", b"")

    label = masker.label(known.value)
    assert label is not None
    assert uses == (
        TokenUse(label, "access", "primary", "sip:a@x", ("openid",), False, "authorization"),
    )


@pytest.mark.parametrize(
    ("headers", "target", "body", "place"),
    [
        ((("X-Token", "<{}>"),), "/", "", "header"),
        ((("Cookie", "session={}"),), "/", "", "header"),
        ((), "/a?access_token={}", "", "query"),
        ((), "/a/{}/b", "", "query"),
        (FORM, "/", "a=b&assertion={}", "body"),
        (FORM, "/", "a=b&whatever={}", "body"),
        ((), "/", '{{"token": "{}"}}', "body"),
        ((), "/", "token:\n{}\n", "body"),
    ],
)
def test_known_token_is_found_in_any_place(
    headers: tuple[tuple[str, str], ...], target: str, body: str, place: str
) -> None:
    known = token()
    ledger, _ = ledger_with(token(), known, token())
    filled = tuple((name, value.format(known.value)) for name, value in headers)

    uses = ledger.uses(filled, target.format(known.value), body.format(known.value).encode())

    assert [(use.kind, use.place) for use in uses] == [("access", place)]


def test_token_in_two_places_is_told_twice() -> None:
    known = token()
    ledger, _ = ledger_with(known)

    uses = ledger.uses(
        (("Authorization", f"Bearer {known.value}"),), f"/?access_token={known.value}", b""
    )

    assert [use.place for use in uses] == ["authorization", "query"]


def test_token_in_an_info_body_is_found_known_or_not() -> None:
    ledger, masker = ledger_with()
    body = (
        b'<m:mcptt-access-token type="Normal"><m:mcpttString> none-of-ours </m:mcpttString>'
        b"</m:mcptt-access-token>"
    )

    [use] = ledger.uses((), "sip:psi@x", body)

    assert (use.kind, use.issuer, use.place) == ("unknown", "", "body")
    assert masker.mask_bytes(body) == body.replace(b"none-of-ours", use.label.encode())


def test_expired_token_is_told_as_expired() -> None:
    old = token(lifetime=-1)
    ledger, _ = ledger_with(old)

    [use] = ledger.uses((("Authorization", f"Bearer {old.value}"),), "/", b"")

    assert use.expired
    assert ledger.valid(old.value, "access", "primary") is None


def test_validity_asks_for_kind_and_issuer() -> None:
    known = token("refresh")
    ledger, _ = ledger_with(known)

    assert ledger.valid(known.value, "refresh", "primary") == known
    assert ledger.valid(known.value, "access", "primary") is None
    assert ledger.valid(known.value, "refresh", "partner") is None
    assert ledger.find("other") is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("pass%77ord-7731", "password-7731"),
        ("%70assword+7731", "password 7731"),
        ("p%C3%a4ss%2Fword%2b1", "päss/word+1"),
    ],
)
def test_secret_is_masked_as_the_client_wrote_it(written: str, value: str) -> None:
    ledger, masker = ledger_with()
    body = f"username=a&password={written}".encode()

    assert ledger.uses(FORM, "/", body) == ()

    label = masker.label(value)
    assert label is not None
    assert masker.mask_bytes(body) == f"username=a&password={label}".encode()
    assert masker.mask_text(f"typed {value}!") == f"typed {label}!"


@pytest.mark.parametrize("field", ["code_verifier", "client_secret", "code", "refresh_token"])
def test_secret_fields_are_masked_also_in_the_query(field: str) -> None:
    ledger, masker = ledger_with()
    target = f"/token?{field}=value-of-the-field&state=kept"

    ledger.uses((), target, b"")

    assert "value-of-the-field" not in masker.mask_text(target)
    assert masker.mask_text(target).endswith("&state=kept")


def test_refused_bytes_teach_their_bearer_tokens() -> None:
    ledger, masker = ledger_with()
    data = b"GET /\x00 HTTP/1.1\r\nAuthorization:Bearer  abc.def-123456\r\n"

    ledger.learn(data)

    assert b"abc.def-123456" not in masker.mask_bytes(data)
    encoded = base64.b64encode(b"abc.def-123456")
    assert encoded[:16] not in masker.mask_bytes(encoded)


def test_many_tokens_are_told_apart() -> None:
    many = [token() for _ in range(300)]
    ledger, _ = ledger_with(*many)
    body = "\n".join(one.value for one in many[10:20]).encode()

    assert len(ledger.uses((), "/", body)) == 10
