"""ECCSI gives the numbers of RFC 6507 appendix A and refuses malformed signatures."""

import pytest

from muster.protocol import eccsi
from muster.protocol.eccsi import P256, SigningKey
from tests.protocol import mikey_sakke_vectors as vectors

CASE = (vectors.KPAK, vectors.IDENTIFIER)
KEY = SigningKey(vectors.SSK, vectors.PVT)


def test_signing_key_is_the_published_one():
    assert eccsi.issue_signing_key(vectors.KSAK, vectors.IDENTIFIER, vectors.V) == KEY


def test_published_signing_key_fits():
    assert eccsi.signing_key_fits(*CASE, KEY)


def test_signature_is_the_published_one():
    assert eccsi.sign(vectors.MESSAGE, *CASE, KEY, vectors.J) == vectors.SIGNATURE


def test_published_signature_verifies():
    assert eccsi.verify(vectors.MESSAGE, *CASE, vectors.SIGNATURE)


def test_two_signatures_differ():
    first, second = (eccsi.sign(vectors.MESSAGE, *CASE, KEY) for _ in range(2))

    assert first != second


@pytest.mark.parametrize("octet", [0, 31, 32, 63])
def test_tampered_signature_does_not_verify(octet):
    tampered = bytearray(vectors.SIGNATURE)
    tampered[octet] ^= 1

    assert not eccsi.verify(vectors.MESSAGE, *CASE, bytes(tampered))


def test_other_message_does_not_verify():
    assert not eccsi.verify(b"massage\0", *CASE, vectors.SIGNATURE)


def test_other_identifier_does_not_verify():
    assert not eccsi.verify(vectors.MESSAGE, vectors.KPAK, b"mallory", vectors.SIGNATURE)


@pytest.mark.parametrize("half", [slice(0, 32), slice(32, 64)])
def test_signature_with_a_zero_half_does_not_verify(half):
    zeroed = bytearray(vectors.SIGNATURE)
    zeroed[half] = bytes(32)

    assert not eccsi.verify(vectors.MESSAGE, *CASE, bytes(zeroed))


@pytest.mark.parametrize("signature", [b"", vectors.SIGNATURE[:-1], vectors.SIGNATURE + b"\0"])
def test_signature_of_wrong_length_is_refused(signature):
    with pytest.raises(ValueError, match="129 octets"):
        eccsi.verify(vectors.MESSAGE, *CASE, signature)


def test_signature_with_a_token_off_the_curve_is_refused():
    broken = vectors.SIGNATURE[:-1] + bytes([vectors.SIGNATURE[-1] ^ 1])

    with pytest.raises(ValueError, match="not on the curve"):
        eccsi.verify(vectors.MESSAGE, *CASE, broken)


@pytest.mark.parametrize("scalar", [0, P256.order, -1])
def test_ephemeral_out_of_range_is_refused(scalar):
    with pytest.raises(ValueError, match="not between"):
        eccsi.issue_signing_key(vectors.KSAK, vectors.IDENTIFIER, scalar)
    with pytest.raises(ValueError, match="not between"):
        eccsi.sign(vectors.MESSAGE, *CASE, KEY, scalar)


def test_secret_does_not_show_in_a_traceback():
    assert repr(KEY.secret) not in repr(KEY)
