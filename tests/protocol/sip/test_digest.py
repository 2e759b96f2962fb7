"""SIP Digest against the published example, and what does not prove anything."""

from __future__ import annotations

import pytest

from muster.protocol.sip import digest

PUBLISHED = (
    'Digest username="Mufasa", realm="testrealm@host.com", '
    'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, '
    'nc=00000001, cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
)
"""RFC 2617 3.5."""
REALM, PASSWORD = "testrealm@host.com", "Circle Of Life"


def test_published_example_fits() -> None:
    assert digest.fits(PUBLISHED, "GET", REALM, PASSWORD)
    assert digest.nonce_of(PUBLISHED) == "dcd98b7102dd2f0e8b11d0f600bfb0c093"


@pytest.mark.parametrize(
    ("authorization", "method", "realm", "password"),
    [
        (PUBLISHED, "GET", REALM, "Circle of Life"),
        (PUBLISHED, "POST", REALM, PASSWORD),
        (PUBLISHED, "GET", "elsewhere.example", PASSWORD),
        (PUBLISHED.replace("index.html", "other.html"), "GET", REALM, PASSWORD),
        (PUBLISHED.replace("qop=auth, ", ""), "GET", REALM, PASSWORD),
        (PUBLISHED.replace("Digest", "Basic"), "GET", REALM, PASSWORD),
        ("Basic TXVmYXNhOkNpcmNsZSBPZiBMaWZl", "GET", REALM, PASSWORD),
        ("", "GET", REALM, PASSWORD),
        ("Digest", "GET", REALM, PASSWORD),
    ],
)
def test_anything_else_does_not_fit(
    authorization: str, method: str, realm: str, password: str
) -> None:
    assert not digest.fits(authorization, method, realm, password)


def test_answer_fits_its_challenge() -> None:
    challenge = digest.challenge("mc1.example", "n-1")

    answer = digest.answer(challenge, "REGISTER", "sip:mc1.example", "alice@mc1.example", "secret")

    assert digest.fits(answer, "REGISTER", "mc1.example", "secret")
    assert digest.nonce_of(answer) == "n-1"


@pytest.mark.parametrize(
    "challenge",
    [
        'Basic realm="x"',
        'Digest realm="x", nonce="n", algorithm=SHA-256, qop="auth"',
        'Digest realm="x", nonce="n", algorithm=MD5',
    ],
)
def test_challenge_that_is_not_known_is_refused(challenge: str) -> None:
    with pytest.raises(ValueError, match="is not known"):
        digest.answer(challenge, "REGISTER", "sip:x", "alice", "secret")
