"""ECCSI over P-256 with SHA-256 (RFC 6507): the signing keys a KMS issues, signatures."""

import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from muster.protocol.curves import Affine, Curve, Jacobian

P256 = Curve(
    p=0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    order=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    generator=(
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
)
SCALAR_OCTETS = 32
TOKEN_OCTETS = 65
SIGNATURE_OCTETS = 2 * SCALAR_OCTETS + TOKEN_OCTETS


@dataclass(frozen=True)
class SigningKey:
    """What a user signs with: SSK, 32 octets, and PVT, 65 octets."""

    secret: bytes = field(repr=False)
    public_token: bytes


@lru_cache(maxsize=64)
def public_authentication_key(ksak: int) -> bytes:
    """KPAK, 65 octets."""
    if not 0 < ksak < P256.order:
        raise ValueError("KSAK is not between 1 and the order of P-256")
    return P256.encode(P256.finite(P256.multiply_generator(ksak)))


def issue_signing_key(ksak: int, identifier: bytes, v: int | None = None) -> SigningKey:
    """SSK and PVT for the user (RFC 6507, 5.1.1); v is chosen at random unless given."""
    kpak = public_authentication_key(ksak)
    while True:
        ephemeral = _random_scalar() if v is None else v
        if not 0 < ephemeral < P256.order:
            raise ValueError("v is not between 1 and the order of P-256")
        token = P256.encode(P256.finite(P256.multiply_generator(ephemeral)))
        hashed = _as_int(_identity_hash(kpak, identifier, token))
        secret = (ksak + hashed * ephemeral) % P256.order
        if secret and hashed % P256.order:
            return SigningKey(secret.to_bytes(SCALAR_OCTETS, "big"), token)
        if v is not None:
            raise ValueError("this v gives no usable signing key")


def signing_key_fits(kpak: bytes, identifier: bytes, key: SigningKey) -> bool:
    """Whether KPAK = [SSK]G - [HS]PVT (RFC 6507, 5.1.2); ValueError for malformed octets."""
    expected = P256.decode(kpak)
    token = P256.decode(key.public_token)
    secret = _scalar(key.secret, "SSK")
    hashed = _as_int(_identity_hash(kpak, identifier, key.public_token)) % P256.order
    left = P256.multiply_generator(secret)
    difference = P256.add(left, P256.negative(P256.multiply(hashed, token)))
    return _is(difference, expected)


def sign(
    message: bytes, kpak: bytes, identifier: bytes, key: SigningKey, j: int | None = None
) -> bytes:
    """r || s || PVT, 129 octets (RFC 6507, 5.2.1); j is chosen at random unless given."""
    secret = _scalar(key.secret, "SSK")
    identity_hash = _identity_hash(kpak, identifier, key.public_token)
    while True:
        ephemeral = _random_scalar() if j is None else j
        if not 0 < ephemeral < P256.order:
            raise ValueError("j is not between 1 and the order of P-256")
        r = P256.finite(P256.multiply_generator(ephemeral))[0]
        hashed = _message_hash(identity_hash, r, message)
        divisor = (hashed + r * secret) % P256.order
        if divisor and r % P256.order:
            s = pow(divisor, -1, P256.order) * ephemeral % P256.order
            return _octets(r) + _octets(s) + key.public_token
        if j is not None:
            raise ValueError("this j gives no signature")


def verify(message: bytes, kpak: bytes, identifier: bytes, signature: bytes) -> bool:
    """Whether the identifier's user signed the message (RFC 6507, 5.2.2)."""
    if len(signature) != SIGNATURE_OCTETS:
        raise ValueError(f"a signature has {SIGNATURE_OCTETS} octets, not {len(signature)}")
    authority = P256.decode(kpak)
    token_octets = signature[2 * SCALAR_OCTETS :]
    token = P256.decode(token_octets)
    r = _as_int(signature[:SCALAR_OCTETS])
    s = _as_int(signature[SCALAR_OCTETS : 2 * SCALAR_OCTETS]) % P256.order
    identity_hash = _identity_hash(kpak, identifier, token_octets)
    hashed = _message_hash(identity_hash, r, message)
    public = P256.add(P256.multiply(_as_int(identity_hash) % P256.order, token), (*authority, 1))
    if not public[2] or not s or not 0 < r < P256.p:
        return False
    scaled = P256.multiply(s * r % P256.order, P256.finite(public))
    point = P256.add(P256.multiply_generator(s * hashed), scaled)
    return bool(point[2]) and P256.finite(point)[0] == r


def _identity_hash(kpak: bytes, identifier: bytes, token: bytes) -> bytes:
    """HS: it binds the user's public token to the identifier and the KMS."""
    return sha256(P256.encode(P256.generator) + kpak + identifier + token).digest()


def _message_hash(identity_hash: bytes, r: int, message: bytes) -> int:
    """HE."""
    return _as_int(sha256(identity_hash + _octets(r) + message).digest())


def _is(point: Jacobian, expected: Affine) -> bool:
    return bool(point[2]) and P256.finite(point) == expected


def _scalar(octets: bytes, name: str) -> int:
    if len(octets) != SCALAR_OCTETS:
        raise ValueError(f"{name} has {SCALAR_OCTETS} octets, not {len(octets)}")
    scalar = _as_int(octets)
    if not 0 < scalar < P256.order:
        raise ValueError(f"{name} is not between 1 and the order of P-256")
    return scalar


def _random_scalar() -> int:
    return 1 + secrets.randbelow(P256.order - 1)


def _as_int(octets: bytes) -> int:
    return int.from_bytes(octets, "big")


def _octets(scalar: int) -> bytes:
    return scalar.to_bytes(SCALAR_OCTETS, "big")
