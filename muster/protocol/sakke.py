"""SAKKE with parameter set 1 (RFC 6508, RFC 6509 appendix A): decryption keys, the pairing.

Pairing values live in F_p2 modulo F_p; as in the RFC, x0 + i x1 is represented by x1 / x0.
"""

import secrets
from functools import lru_cache
from hashlib import sha256

from muster.protocol.curves import Affine, Curve, Jacobian, signed_digits
from muster.protocol.integers import fast_integer

CURVE = Curve(
    p=int(
        "997ABB1F0A563FDA65C61198DAD0657A416C0CE19CB48261BE9AE358B3E01A2E"
        "F40AAB27E2FC0F1B228730D531A59CB0E791B39FF7C88A19356D27F4A666A6D0"
        "E26C6487326B4CD4512AC5CD65681CE1B6AFF4A831852A82A7CF3C521C3C09AA"
        "9F94D6AF56971F1FFCE3E82389857DB080C5DF10AC7ACE87666D807AFEA85FEB",
        16,
    ),
    b=0,
    order=int(
        "265EAEC7C2958FF69971846636B4195E905B0338672D20986FA6B8D62CF8068B"
        "BD02AAC9F8BF03C6C8A1CC354C69672C39E46CE7FDF222864D5B49FD2999A9B4"
        "389B1921CC9AD335144AB173595A07386DABFD2A0C614AA0A9F3CF14870F026A"
        "A7E535ABD5A5C7C7FF38FA08E2615F6C203177C42B1EB3A1D99B601EBFAA17FB",
        16,
    ),
    generator=(
        int(
            "53FC09EE332C29AD0A7990053ED9B52A2B1A2FD60AEC69C698B2F204B6FF7CBF"
            "B5EDB6C0F6CE2308AB10DB9030B09E1043D5F22CDB9DFA55718BD9E7406CE890"
            "9760AF765DD5BCCB337C86548B72F2E1A702C3397A60DE74A7C1514DBA66910D"
            "D5CFB4CC80728D87EE9163A5B63F73EC80EC46C4967E0979880DC8ABEAE63895",
            16,
        ),
        int(
            "0A8249063F6009F1F9F1F0533634A135D3E82016029906963D778D821E141178"
            "F5EA69F4654EC2B9E7F7F5E5F0DE55F66B598CCF9A140B2E416CFF0CA9E032B9"
            "70DAE117AD547C6CCAD696B5B7652FE0AC6F1E80164AA989492D979FC5A4D5F2"
            "13515AD7E9CB99A980BDAD5AD5BB4636ADB9B5706A67DCDE75573FD71BEF16D7",
            16,
        ),
    ),
)
G = int(
    "66FC2A432B6EA392148F15867D623068C6A87BD1FB94C41E27FABE658E015A87"
    "371E94744C96FEDA449AE9563F8BC446CBFDA85D5D00EF577072DA8F541721BE"
    "EE0FAED1828EAB90B99DFB0138C7843355DF0460B4A9FD74B4F1A32BCAFA1FFA"
    "D682C033A7942BCCE3720F20B9B7B0403C8CAE87B7A0042ACDE0FAB36461EA46",
    16,
)
P, Q = fast_integer(CURVE.p), CURVE.order
SECRET_OCTETS = 16  # n = 128 bits of shared secret
POINT_OCTETS = 257
ENCAPSULATED_OCTETS = POINT_OCTETS + SECRET_OCTETS

Ratio = tuple[int, int]  # x0 + i x1 before the division


class SakkeRefused(ValueError):
    """Encapsulated data does not open under this key: the check value differs (RFC 6508, 6.2.2)."""


def public_encryption_key(z_t: int) -> bytes:
    """Z_T, 257 octets."""
    if not 0 < z_t < Q:
        raise ValueError("z_T is not between 1 and q")
    return CURVE.encode(CURVE.finite(CURVE.multiply_generator(z_t)))


def issue_decrypt_key(z_t: int, identifier: bytes) -> bytes:
    """RSK, 257 octets (RFC 6508, 6.1.1)."""
    divisor = (_as_int(identifier) + z_t) % Q
    if not divisor:
        raise ValueError("z_T gives this identifier no key: another z_T is needed")
    return CURVE.encode(CURVE.finite(CURVE.multiply_generator(pow(divisor, -1, Q))))


def decrypt_key_fits(z_t_public: bytes, identifier: bytes, decrypt_key: bytes) -> bool:
    """Whether <[a]P + Z_T, RSK> = g (RFC 6508, 6.1.2); ValueError for malformed points."""
    key = CURVE.decode(decrypt_key)
    public = _public_key_of(z_t_public, identifier)
    return bool(public[2]) and pairing(key, CURVE.finite(public)) == G


def encapsulate(
    z_t_public: bytes, identifier: bytes, shared_secret: bytes | None = None
) -> tuple[bytes, bytes]:
    """A shared secret (random unless given) and its encapsulated data (RFC 6508, 6.2.1)."""
    secret = secrets.token_bytes(SECRET_OCTETS) if shared_secret is None else shared_secret
    if len(secret) != SECRET_OCTETS:
        raise ValueError(f"a shared secret has {SECRET_OCTETS} octets, not {len(secret)}")
    r = hash_to_integer_range(secret + identifier, Q)
    point = _encapsulation_point(z_t_public, identifier, r)
    return secret, CURVE.encode(point) + _masked(secret, power_of_g(r))


def decapsulate(
    z_t_public: bytes, identifier: bytes, decrypt_key: bytes, encapsulated: bytes
) -> bytes:
    """The shared secret (RFC 6508, 6.2.2); SakkeRefused if the data was not made for this key."""
    if len(encapsulated) != ENCAPSULATED_OCTETS:
        raise ValueError(
            f"encapsulated data has {ENCAPSULATED_OCTETS} octets, not {len(encapsulated)}"
        )
    point = CURVE.decode(encapsulated[:POINT_OCTETS])
    value = pairing(CURVE.decode(decrypt_key), point)
    secret = _masked(encapsulated[POINT_OCTETS:], value)
    r = hash_to_integer_range(secret + identifier, Q)
    if _encapsulation_point(z_t_public, identifier, r) != point:
        raise SakkeRefused("the encapsulated data was not made for this identifier and key")
    return secret


def hash_to_integer_range(octets: bytes, limit: int) -> int:
    """RFC 6508, 5.1, with SHA-256."""
    digest, chain, result = sha256(octets).digest(), bytes(32), b""
    for _ in range(-(-(limit - 1).bit_length() // 256)):
        chain = sha256(chain).digest()
        result += sha256(chain + digest).digest()
    return _as_int(result) % limit


def power_of_g(exponent: int) -> int:
    """g^exponent, where g stands for 1 + i g."""
    result: Ratio = (1, 0)
    for bit in f"{exponent:b}":
        result = _square(result)
        if bit == "1":
            x0, x1 = result
            result = ((x0 - x1 * G) % P, (x0 * G + x1) % P)
    return _represented(result)


def pairing(point: Affine, other: Affine) -> int:
    """The Tate-Lichtenbaum pairing <point, other> (RFC 6508, 3.2).

    Miller's loop multiplies the point by q - 1 on its way, so it also tells whether the point has
    order q; ValueError if not. Factors in F_p are dropped wherever they arise: vertical lines,
    denominators, and the powers of Z that turn Jacobian lines into polynomials.
    """
    x, y = fast_integer(point[0]), fast_integer(point[1])
    other = fast_integer(other[0]), fast_integer(other[1])
    negative = (x, P - y)
    value: Ratio = (1, 0)
    current: Jacobian = (x, y, 1)
    for digit in signed_digits(Q - 1, 2)[-2::-1]:
        current, line = _tangent(current, other)
        value = _product(_square(value), line)
        if digit:
            current, line = _chord(current, (x, y) if digit > 0 else negative, other)
            value = _product(value, line)
    if not current[2] or CURVE.finite(current) != negative:
        raise ValueError("the point does not have order q")
    # The exponent (p + 1) / q of this parameter set is four.
    return _represented(_square(_square(value)))


def _tangent(point: Jacobian, other: Affine) -> tuple[Jacobian, Ratio]:
    """Twice the point, and its tangent at the distorted other point (-x, i y)."""
    x, y, z = point
    z_squared = z * z % P
    y_squared = y * y % P
    beta = x * y_squared % P
    alpha = 3 * (x - z_squared) * (x + z_squared) % P
    x_new = (alpha * alpha - 8 * beta) % P
    y_new = (alpha * (4 * beta - x_new) - 8 * y_squared * y_squared) % P
    z_new = 2 * y * z % P
    real = (alpha * (other[0] * z_squared % P + x) - 2 * y_squared) % P
    return (x_new, y_new, z_new), (real, z_new * z_squared % P * other[1] % P)


def _chord(point: Jacobian, added: Affine, other: Affine) -> tuple[Jacobian, Ratio]:
    """The sum of two points, and the line through them at the distorted other point."""
    x, y, z = point
    z_squared = z * z % P
    h = (added[0] * z_squared - x) % P
    r = (added[1] * z_squared % P * z - y) % P
    h_squared = h * h % P
    h_cubed = h_squared * h % P
    v = x * h_squared % P
    x_new = (r * r - h_cubed - 2 * v) % P
    y_new = (r * (v - x_new) - y * h_cubed) % P
    z_new = z * h % P
    real = (r * (other[0] + added[0]) - added[1] * z_new) % P
    return (x_new, y_new, z_new), (real, z_new * other[1] % P)


def _square(value: Ratio) -> Ratio:
    x0, x1 = value
    return (x0 + x1) * (x0 - x1) % P, 2 * x0 * x1 % P


def _product(value: Ratio, other: Ratio) -> Ratio:
    return (
        (value[0] * other[0] - value[1] * other[1]) % P,
        (value[0] * other[1] + value[1] * other[0]) % P,
    )


def _represented(value: Ratio) -> int:
    return int(value[1] * pow(value[0], -1, P) % P)


@lru_cache(maxsize=64)
def _kms_point(z_t_public: bytes) -> Affine:
    """Z_T, known to have order q; remembered, since a KMS's users all bring the same one."""
    point = CURVE.decode(z_t_public)
    if not CURVE.in_subgroup(point):
        raise ValueError("Z_T does not have order q")
    return point


def _public_key_of(z_t_public: bytes, identifier: bytes) -> Jacobian:
    """[a]P + Z_T."""
    return CURVE.add(CURVE.multiply_generator(_as_int(identifier)), (*_kms_point(z_t_public), 1))


def _encapsulation_point(z_t_public: bytes, identifier: bytes, r: int) -> Affine:
    public = CURVE.finite(_public_key_of(z_t_public, identifier))
    return CURVE.finite(CURVE.multiply(r, public))


def _masked(octets: bytes, value: int) -> bytes:
    """The octets combined with a mask made of a pairing value; the same again unmasks."""
    mask = hash_to_integer_range(value.to_bytes(CURVE.octets, "big"), 1 << 8 * SECRET_OCTETS)
    return (_as_int(octets) ^ mask).to_bytes(SECRET_OCTETS, "big")


def _as_int(octets: bytes) -> int:
    return int.from_bytes(octets, "big")
