"""SAKKE gives the numbers of RFC 6508 appendix A and refuses what is not a point of order q."""

import pytest

from muster.protocol import sakke
from muster.protocol.sakke import CURVE, G, P, Q, SakkeRefused
from tests.protocol import mikey_sakke_vectors as vectors

CASE = (vectors.Z_T, vectors.IDENTIFIER)


def doubled_cofactor_key() -> bytes:
    """The published RSK plus the point (0, 0) of order two: the same pairing, another point."""
    point = CURVE.add((0, 0, 1), (*CURVE.decode(vectors.RSK), 1))
    return CURVE.encode(CURVE.finite(point))


MALFORMED = {
    "empty": b"",
    "too short": vectors.RSK[:-1],
    "too long": vectors.RSK + b"\0",
    "compressed": b"\x02" + vectors.RSK[1:],
    "off the curve": vectors.RSK[:-1] + bytes([vectors.RSK[-1] ^ 1]),
    "not reduced": b"\x04" + P.to_bytes(128, "big") + bytes(128),
    "order two": b"\x04" + bytes(256),
    "order 2q": doubled_cofactor_key(),
}
malformed = pytest.mark.parametrize("octets", MALFORMED.values(), ids=MALFORMED.keys())


def test_parameters_are_consistent():
    assert P % 4 == 3
    assert P + 1 == 4 * Q
    assert CURVE.holds(CURVE.generator)
    assert CURVE.in_subgroup(CURVE.generator)


def test_pairing_of_the_generator_with_itself_is_g():
    assert sakke.pairing(CURVE.generator, CURVE.generator) == G


def test_pairing_is_bilinear():
    third = CURVE.finite(CURVE.multiply(3, CURVE.generator))
    fifth = CURVE.finite(CURVE.multiply(5, CURVE.generator))

    assert sakke.pairing(third, fifth) == sakke.power_of_g(15)
    assert sakke.pairing(fifth, third) == sakke.power_of_g(15)


def test_g_has_order_q():
    assert sakke.power_of_g(Q) == 0
    assert sakke.power_of_g(Q + 1) == G


def test_exponent_is_the_published_one():
    exponent = sakke.hash_to_integer_range(vectors.SHARED_SECRET + vectors.IDENTIFIER, Q)

    assert exponent.to_bytes(128, "big") == vectors.EXPONENT


def test_power_of_g_is_the_published_one():
    power = sakke.power_of_g(int.from_bytes(vectors.EXPONENT, "big"))

    assert power.to_bytes(128, "big") == vectors.G_TO_THE_EXPONENT


@pytest.mark.parametrize(("limit", "hashes"), [(1, 0), (1 << 128, 1), (1 << 256, 1), (Q, 4)])
def test_hash_stays_in_its_range(limit, hashes):
    number = sakke.hash_to_integer_range(b"octets", limit)

    assert 0 <= number < limit
    assert number.bit_length() <= hashes * 256


def test_encapsulated_data_is_the_published_one():
    assert sakke.encapsulate(*CASE, vectors.SHARED_SECRET) == (
        vectors.SHARED_SECRET,
        vectors.ENCAPSULATED,
    )


def test_published_data_opens():
    secret = sakke.decapsulate(*CASE, vectors.RSK, vectors.ENCAPSULATED)

    assert secret == vectors.SHARED_SECRET


def test_random_secret_comes_back():
    secret, encapsulated = sakke.encapsulate(*CASE)

    assert sakke.decapsulate(*CASE, vectors.RSK, encapsulated) == secret


def test_two_encapsulations_carry_different_secrets():
    first, second = (sakke.encapsulate(*CASE) for _ in range(2))

    assert first != second


def test_tampered_data_is_refused():
    tampered = vectors.ENCAPSULATED[:-1] + bytes([vectors.ENCAPSULATED[-1] ^ 1])

    with pytest.raises(SakkeRefused):
        sakke.decapsulate(*CASE, vectors.RSK, tampered)


def test_data_for_another_user_is_refused():
    other = sakke.issue_decrypt_key(vectors.Z_T_SECRET, b"somebody else")

    with pytest.raises(SakkeRefused):
        sakke.decapsulate(vectors.Z_T, b"somebody else", other, vectors.ENCAPSULATED)


@pytest.mark.parametrize("octets", [b"", vectors.ENCAPSULATED[:-1], vectors.ENCAPSULATED + b"\0"])
def test_data_of_wrong_length_is_refused(octets):
    with pytest.raises(ValueError, match="encapsulated data has 273 octets"):
        sakke.decapsulate(*CASE, vectors.RSK, octets)


def test_secret_of_wrong_length_is_refused():
    with pytest.raises(ValueError, match="16 octets"):
        sakke.encapsulate(*CASE, b"short")


def test_published_key_fits():
    assert sakke.decrypt_key_fits(*CASE, vectors.RSK)


def test_key_of_another_user_does_not_fit():
    other = sakke.issue_decrypt_key(vectors.Z_T_SECRET, b"somebody else")

    assert not sakke.decrypt_key_fits(*CASE, other)


def test_key_of_another_kms_does_not_fit():
    other = sakke.issue_decrypt_key(vectors.Z_T_SECRET + 1, vectors.IDENTIFIER)

    assert not sakke.decrypt_key_fits(*CASE, other)


def test_identifier_that_cancels_the_public_key_fits_no_key():
    identifier = (Q - vectors.Z_T_SECRET).to_bytes(128, "big")

    assert not sakke.decrypt_key_fits(vectors.Z_T, identifier, vectors.RSK)


@malformed
def test_malformed_decrypt_key_is_refused(octets):
    with pytest.raises(ValueError, match=r"point|order"):
        sakke.decrypt_key_fits(*CASE, octets)


@malformed
def test_malformed_public_key_is_refused(octets):
    with pytest.raises(ValueError, match=r"point|order"):
        sakke.decrypt_key_fits(octets, vectors.IDENTIFIER, vectors.RSK)
