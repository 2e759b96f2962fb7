"""Elliptic curves y^2 = x^3 - 3x + b over a prime field: points, their octets, multiplication.

Both curves of MIKEY-SAKKE have this form: P-256, and the curve of RFC 6509 with b = 0. Nothing
here runs in constant time: it serves test equipment, not keys that protect somebody's traffic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from muster.protocol.integers import fast_integer

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]  # (X, Y, Z) is the point (X / Z^2, Y / Z^3); Z = 0 is infinity

INFINITY: Jacobian = (1, 1, 0)
UNCOMPRESSED = b"\x04"
WINDOW = 5  # width of the signed digits when any point is multiplied
COMB_ROWS, COMB_TABLES = 6, 4  # shape of the table for the generator


def double(point: Jacobian, p: int) -> Jacobian:
    """Twice the point; the coefficient -3 lets X^2 - Z^4 be one product."""
    x, y, z = point
    z_squared = z * z % p
    y_squared = y * y % p
    beta = x * y_squared % p
    alpha = 3 * (x - z_squared) * (x + z_squared) % p
    x_new = (alpha * alpha - 8 * beta) % p
    y_new = (alpha * (4 * beta - x_new) - 8 * y_squared * y_squared) % p
    return x_new, y_new, 2 * y * z % p


def add(point: Jacobian, other: Affine, p: int) -> Jacobian:
    """The sum of a Jacobian and an affine point."""
    x, y, z = point
    if not z:
        return other[0], other[1], 1
    z_squared = z * z % p
    h = (other[0] * z_squared - x) % p
    r = (other[1] * z_squared * z - y) % p
    if not h:
        return INFINITY if r else double(point, p)
    h_squared = h * h % p
    h_cubed = h_squared * h % p
    v = x * h_squared % p
    x_new = (r * r - h_cubed - 2 * v) % p
    return x_new, (r * (v - x_new) - y * h_cubed) % p, z * h % p


def normalise(points: Sequence[Jacobian], p: int) -> list[Affine]:
    """Affine form of finite points, with a single inversion for all of them."""
    products = list(accumulate((z for _, _, z in points), lambda a, b: a * b % p, initial=1))
    inverse = pow(products[-1], -1, p)
    affine: list[Affine] = []
    for (x, y, z), product in zip(reversed(points), reversed(products[:-1]), strict=True):
        z_inverse = inverse * product % p
        inverse = inverse * z % p
        square = z_inverse * z_inverse % p
        affine.append((x * square % p, y * square * z_inverse % p))
    return affine[::-1]


def signed_digits(scalar: int, width: int) -> list[int]:
    """Non-adjacent form of the scalar, least significant first; digits are zero or odd."""
    digits: list[int] = []
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & ((1 << width) - 1)
            digit -= (digit >> (width - 1)) << width
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits


@dataclass(frozen=True)
class Curve:
    """A curve with the generator of its subgroup of prime order."""

    p: int
    b: int
    order: int
    generator: Affine

    @property
    def octets(self) -> int:
        """Length of one coordinate."""
        return (self.p.bit_length() + 7) // 8

    def holds(self, point: Affine) -> bool:
        """Whether the point satisfies the equation, its coordinates being reduced."""
        x, y = point
        in_field = 0 <= x < self.p and 0 <= y < self.p
        return in_field and (y * y - (x * x - 3) * x - self.b) % self.p == 0

    def encode(self, point: Affine) -> bytes:
        """04 || x || y."""
        x, y = point
        return UNCOMPRESSED + b"".join(int(one).to_bytes(self.octets, "big") for one in (x, y))

    def decode(self, octets: bytes) -> Affine:
        """The point of 04 || x || y; ValueError unless it lies on the curve."""
        length = 1 + 2 * self.octets
        if len(octets) != length:
            raise ValueError(f"a point of this curve has {length} octets, not {len(octets)}")
        if octets[:1] != UNCOMPRESSED:
            raise ValueError(f"an uncompressed point begins with 04, not {octets[:1].hex()}")
        x, y = octets[1 : 1 + self.octets], octets[1 + self.octets :]
        point = int.from_bytes(x, "big"), int.from_bytes(y, "big")
        if not self.holds(point):
            raise ValueError("the point is not on the curve")
        return point

    def finite(self, point: Jacobian) -> Affine:
        """Affine form; ValueError for the point at infinity, which has none."""
        if not point[2]:
            raise ValueError("the point at infinity has no coordinates")
        return normalise([point], self.p)[0]

    def multiply(self, scalar: int, point: Affine) -> Jacobian:
        """[scalar] point for any point of the curve and any scalar that is not negative."""
        table = self._odd_multiples(point)
        result = INFINITY
        for digit in reversed(signed_digits(scalar, WINDOW)):
            result = double(result, self.p)
            if digit > 0:
                result = add(result, table[digit >> 1], self.p)
            elif digit:
                x, y = table[-digit >> 1]
                result = add(result, (x, self.p - y), self.p)
        return result

    def multiply_generator(self, scalar: int) -> Jacobian:
        """[scalar] generator, from a table that is made once (Lim and Lee's comb)."""
        columns, step = self._comb_shape
        bits = f"{scalar % self.order:0{columns * COMB_ROWS}b}"[::-1]
        result, p = INFINITY, fast_integer(self.p)
        for offset in reversed(range(step)):
            result = double(result, p)
            for number, table in enumerate(self._comb):
                column = offset + number * step
                teeth = int(bits[column::columns], 2) if column < columns else 0
                if teeth:
                    result = add(result, table[teeth], p)
        return result

    def in_subgroup(self, point: Affine) -> bool:
        """Whether a point of the curve belongs to the subgroup of the generator."""
        return not self.multiply(self.order, point)[2]

    def add(self, point: Jacobian, other: Jacobian) -> Jacobian:
        """The sum of two points."""
        return add(point, self.finite(other), self.p) if other[2] else point

    def negative(self, point: Jacobian) -> Jacobian:
        x, y, z = point
        return x, -y % self.p, z

    def _odd_multiples(self, point: Affine) -> list[Affine]:
        """1, 3, 5 ... times the point, as many as signed digits need."""
        twice = double((*point, 1), self.p)
        if not twice[2]:
            raise ValueError("the point has order two")
        step = normalise([twice], self.p)[0]
        count = 1 << (WINDOW - 2)
        multiples = accumulate(
            range(count - 1), lambda sum_, _: add(sum_, step, self.p), initial=(*point, 1)
        )
        return normalise(list(multiples), self.p)

    @property
    def _comb_shape(self) -> tuple[int, int]:
        """Bits of the scalar in one row, and how many of them share one table."""
        columns = -(-self.order.bit_length() // COMB_ROWS)
        return columns, -(-columns // COMB_TABLES)

    @cached_property
    def _comb(self) -> list[list[Affine]]:
        """table[t] holds the sum of 2^(row * columns + number * step) G over the rows that t sets.

        The row that a column's first bit belongs to is the most significant bit of t.
        """
        p = fast_integer(self.p)
        columns, step = self._comb_shape
        powers = list(
            accumulate(
                range(columns * COMB_ROWS),
                lambda power, _: double(power, p),
                initial=(*self.generator, 1),
            )
        )
        tables = []
        for number in range(COMB_TABLES):
            teeth = [powers[row * columns + number * step] for row in range(COMB_ROWS)]
            tables.append(self._sums(normalise(teeth[::-1], p), p))
        return tables

    def _sums(self, points: Sequence[Affine], p: int) -> list[Affine]:
        """The sum of each subset, subsets numbered by the bits of the index."""
        sums = [INFINITY]
        for point in points:
            sums += [add(sum_, point, p) for sum_ in sums]
        return [(0, 0), *normalise(sums[1:], p)]
