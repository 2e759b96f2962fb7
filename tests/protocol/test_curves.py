"""The group law agrees with an independent implementation and with itself."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from muster.protocol.curves import INFINITY, signed_digits
from muster.protocol.eccsi import P256
from muster.protocol.sakke import CURVE

SCALARS = [1, 2, 3, 15, 16, 17, 0x12345, (1 << 255) - 19, P256.order - 2, P256.order - 1]
curves = pytest.mark.parametrize("curve", [P256, CURVE], ids=["P-256", "SAKKE"])


@pytest.mark.parametrize("scalar", SCALARS)
def test_multiple_of_the_generator_is_what_openssl_finds(scalar):
    numbers = ec.derive_private_key(scalar, ec.SECP256R1()).public_key().public_numbers()
    expected = (numbers.x, numbers.y)

    assert P256.finite(P256.multiply_generator(scalar)) == expected
    assert P256.finite(P256.multiply(scalar, P256.generator)) == expected


@curves
@pytest.mark.parametrize("scalar", [1, 2, 7, 0xF00D, 1 << 200, (1 << 250) - 1])
def test_table_and_plain_multiplication_agree(curve, scalar):
    plain = curve.multiply(scalar, curve.generator)

    assert curve.finite(curve.multiply_generator(scalar)) == curve.finite(plain)


@curves
def test_order_times_the_generator_is_infinity(curve):
    assert not curve.multiply_generator(curve.order)[2]
    assert not curve.multiply(curve.order, curve.generator)[2]
    assert not curve.multiply(0, curve.generator)[2]


@curves
def test_point_and_its_negative_cancel(curve):
    point = (*curve.generator, 1)

    assert not curve.add(point, curve.negative(point))[2]


@curves
def test_infinity_is_neutral(curve):
    point = (*curve.generator, 1)

    assert curve.add(point, INFINITY) == point
    assert curve.finite(curve.add(INFINITY, point)) == curve.generator


@curves
def test_adding_a_point_to_itself_doubles_it(curve):
    point = (*curve.generator, 1)

    twice = curve.finite(curve.add(point, point))

    assert twice == curve.finite(curve.multiply(2, curve.generator))


@curves
def test_encoded_point_comes_back(curve):
    assert curve.decode(curve.encode(curve.generator)) == curve.generator


@curves
def test_infinity_has_no_coordinates(curve):
    with pytest.raises(ValueError, match="infinity"):
        curve.finite(INFINITY)


def test_point_of_order_two_is_not_multiplied():
    with pytest.raises(ValueError, match="order two"):
        CURVE.multiply(3, (0, 0))


@pytest.mark.parametrize("width", [2, 5])
@pytest.mark.parametrize("scalar", [0, 1, 15, 31, 0xDEADBEEF, CURVE.order])
def test_signed_digits_add_up_to_the_scalar(scalar, width):
    digits = signed_digits(scalar, width)

    assert sum(digit << position for position, digit in enumerate(digits)) == scalar
    assert all(digit == 0 or digit % 2 for digit in digits)
