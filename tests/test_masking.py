"""Secrets are masked by value, in whatever encoding they travel."""

import base64
import html
import json
import threading
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from muster.masking import SHORTEST_SECRET, Masker

SECRETS = ["Tr0ub4dor&3", "päss/wörd+1 <\"'>", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln-_x", "a b/c?d=e&f"]


@pytest.fixture
def masker() -> Masker:
    return Masker(b"key of the tests")


def lower_escapes(text: str) -> str:
    parts = text.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "percent": lambda s: quote(s, safe=""),
    "percent with slash kept": lambda s: quote(s),
    "percent as browsers do": lambda s: quote(s, safe="!'()*"),
    "percent as paths do": lambda s: quote(s, safe="-._~!$&'()*+,;=:@/"),
    "percent lower case": lambda s: lower_escapes(quote(s, safe="")),
    "percent of every octet": lambda s: "".join(f"%{octet:02X}" for octet in s.encode()),
    "percent of every octet, lower": lambda s: "".join(f"%{octet:02x}" for octet in s.encode()),
    "form": quote_plus,
    "form lower case": lambda s: lower_escapes(quote_plus(s)),
    "hex": lambda s: s.encode().hex(),
    "hex upper": lambda s: s.encode().hex().upper(),
    "json": lambda s: json.dumps(s)[1:-1],
    "json utf-8": lambda s: json.dumps(s, ensure_ascii=False)[1:-1],
    "json with escaped slash": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "html": html.escape,
    "xml text": lambda s: html.escape(s, quote=False),
    "xml attribute": lambda s: html.escape(s).replace("&#x27;", "&apos;"),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_secret_is_masked_in_every_encoding(masker: Masker, secret: str, encoding: str) -> None:
    label = masker.register(secret, "password")
    written = ENCODINGS[encoding](secret)

    assert masker.mask_text(f"<{written}>") == f"<{label}>"


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("before", ["", "x", "xy", "xyz", "user:"])
@pytest.mark.parametrize("after", ["", "!", "!!", "\n"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_secret_inside_base64_cannot_be_read(
    masker: Masker, secret: str, before: str, after: str, encode: object
) -> None:
    assert callable(encode)
    label = masker.register(secret, "password").encode()
    data = encode((before + secret + after).encode())

    masked = masker.mask_bytes(data)

    head, found, tail = masked.partition(label)
    assert found
    # At most the characters that the neighbours share are left.
    assert len(head) <= len(before) * 4 / 3 + 2
    assert len(tail) <= len(after) * 4 / 3 + 4


def test_equal_secrets_have_equal_labels_and_keys_differ() -> None:
    first, second = Masker(b"1"), Masker(b"2")

    assert first.register("secret-1", "password") == first.register("secret-1", "token")
    assert first.register("secret-1", "password") != first.register("secret-2", "password")
    assert first.register("secret-1", "password") != second.register("secret-1", "password")


def test_longer_secret_is_not_broken_up_by_a_shorter_one_inside(masker: Masker) -> None:
    short, long = (masker.register(value, "code") for value in ("abcdef", "abcdef-ghijkl"))

    assert masker.mask_text("abcdef abcdef-ghijkl") == f"{short} {long}"


def test_labels_are_left_alone_by_secrets_that_are_words_of_them(masker: Masker) -> None:
    token = masker.register("token-value-1", "password")
    word = masker.register("password", "password")
    other = masker.register("masked", "password")

    assert masker.mask_text("token-value-1 password masked") == f"{token} {word} {other}"


def test_short_value_gets_a_label_but_is_not_replaced(masker: Masker) -> None:
    value = "x" * (SHORTEST_SECRET - 1)

    assert masker.register(value, "code").startswith("masked-code-")
    assert masker.mask_text(f"a {value} b") == f"a {value} b"


def test_other_bytes_stay_as_they_are(masker: Masker) -> None:
    masker.register("secret-value", "password")
    data = bytes(range(256)) * 3

    assert masker.mask_bytes(data) == data
    assert masker.mask_bytes(b"") == b""


def test_unusual_spelling_is_masked_too(masker: Masker) -> None:
    label = masker.register("secret", "password", spelled="%73ecret")

    assert masker.mask_text("a=%73ecret&b=secret") == f"a={label}&b={label}"


def test_fields_are_masked_in_name_and_value(masker: Masker) -> None:
    label = masker.register("secret-value", "token")
    fields = (("Host", "x"), ("X-secret-value", "y"), ("Z", "<secret-value>"))

    assert masker.mask_fields(fields) == (("Host", "x"), (f"X-{label}", "y"), ("Z", f"<{label}>"))
    assert masker.mask_fields(fields[:1]) == fields[:1]


def test_fields_of_several_lines_keep_their_places(masker: Masker) -> None:
    label = masker.register("a\nsecret", "password")

    fields = (("Folded", "x\ny"), ("Ends", "a"), ("secret", "<a"), ("Z", "a\nsecret"))

    assert masker.mask_fields(fields) == (*fields[:3], ("Z", label))


@pytest.mark.parametrize("name", ["Authorization", "proxy-authorization"])
def test_basic_credentials_are_masked_unknown_as_they_are(masker: Masker, name: str) -> None:
    credentials = base64.b64encode(b"alice:never seen").decode()

    [(_, value)] = masker.mask_fields([(name, f"basic  {credentials}")])

    assert value.startswith("Basic masked-credentials-")
    assert credentials not in value


def test_json_values_are_masked(masker: Masker) -> None:
    label = masker.register("secret-value", "token")

    masked = masker.mask_json({"a": ["secret-value", 1, None, True], "b": {"c": "secret-value"}})

    assert masked == {"a": [label, 1, None, True], "b": {"c": label}}


@pytest.mark.parametrize("surrogate", [0xDCFF, 0xD800, 0xDFFF])
def test_text_that_is_no_utf8_is_masked_and_digested(masker: Masker, surrogate: int) -> None:
    secret = f"{chr(surrogate)}-secret"
    label = masker.register(secret, "password")

    assert masker.mask_text(f"<{secret}>") == f"<{label}>"
    assert masker.mask_text(f"kept {chr(surrogate)}").startswith("kept ")


def test_forgotten_secret_is_not_masked_any_more(masker: Masker) -> None:
    masker.register("secret-value", "password")

    masker.forget()

    assert masker.label("secret-value") is None
    assert masker.mask_text("secret-value") == "secret-value"


def test_secrets_are_learned_while_others_are_masked() -> None:
    masker = Masker()
    text = " ".join(f"secret-number-{number}" for number in range(400))
    failures: list[BaseException] = []

    def mask_on_and_on() -> None:
        try:
            for _ in range(300):
                masker.mask_text(text)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=mask_on_and_on)
    thread.start()
    for number in range(400):
        masker.register(f"secret-number-{number}", "password")
    thread.join()

    assert failures == []
    assert "secret-number" not in masker.mask_text(text)


def test_secret_is_masked_in_every_part_of_a_message(masker: Masker):
    label = masker.register("secret-value", "password")

    mask = masker.of_message([b"a secret-value", b"b"])

    assert mask.mask_text("a secret-value") == f"a {label}"
    assert mask.mask_fields([("X", "<secret-value>")]) == (("X", f"<{label}>"),)
    assert mask.mask_json({"a": ["secret-value"]}) == {"a": [label]}


def test_credentials_of_a_message_are_masked_wherever_it_repeats_them(masker: Masker):
    masker.learn_credentials([("Authorization", "Basic YWxpY2U6cGFzcw==")])

    mask = masker.of_message([b"YWxpY2U6cGFzcw=="])

    assert b"YWxpY2U6cGFzcw" not in mask.mask_bytes(b"again YWxpY2U6cGFzcw==")
