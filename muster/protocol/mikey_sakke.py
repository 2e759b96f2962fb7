"""What a KMS issues for MIKEY-SAKKE, and how its user checks it (TS 33.180 5.3 and F.2.1).

The two schemes behind it are in `sakke` (decryption keys) and `eccsi` (signing keys).
"""

import secrets as randomness
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from muster.protocol import eccsi, sakke
from muster.protocol.sakke import decapsulate, decrypt_key_fits, encapsulate

__all__ = [
    "KmsSecrets",
    "UserKeys",
    "decapsulate",
    "decrypt_key_fits",
    "encapsulate",
    "issue_user_keys",
    "key_period_number",
    "public_authentication_key",
    "public_encryption_key",
    "sign",
    "signing_key_fits",
    "uid",
    "verify",
]

PARAMETER_SET = 1
USER_ID_FORMAT = "2"  # identifiers are the UID of TS 33.180 F.2.1
KEY_PERIOD_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class KmsSecrets:
    """The master secrets of a KMS: z_T of SAKKE, KSAK of ECCSI."""

    z_t: int = field(repr=False)
    ksak: int = field(repr=False)

    @classmethod
    def generate(cls) -> "KmsSecrets":
        return cls(
            z_t=1 + randomness.randbelow(sakke.CURVE.order - 1),
            ksak=1 + randomness.randbelow(eccsi.P256.order - 1),
        )


@dataclass(frozen=True)
class UserKeys:
    """One user's key material: RSK (257 octets), SSK (32) and PVT (65)."""

    decrypt_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)
    public_token: bytes


def public_encryption_key(secrets: KmsSecrets) -> bytes:
    """Z_T, the PubEncKey of the KMS certificate: 257 octets."""
    return sakke.public_encryption_key(secrets.z_t)


def public_authentication_key(secrets: KmsSecrets) -> bytes:
    """KPAK, the PubAuthKey of the KMS certificate: 65 octets."""
    return eccsi.public_authentication_key(secrets.ksak)


def issue_user_keys(secrets: KmsSecrets, identifier: bytes, v: int | None = None) -> UserKeys:
    """The keys of one user; v, the secret behind PVT, is chosen at random unless given."""
    signing = eccsi.issue_signing_key(secrets.ksak, identifier, v)
    return UserKeys(
        decrypt_key=sakke.issue_decrypt_key(secrets.z_t, identifier),
        signing_key=signing.secret,
        public_token=signing.public_token,
    )


def signing_key_fits(kpak: bytes, identifier: bytes, keys: UserKeys) -> bool:
    """Whether KPAK = [SSK]G - [HS]PVT; ValueError for malformed octets."""
    return eccsi.signing_key_fits(kpak, identifier, _signing_key(keys))


def sign(message: bytes, kpak: bytes, identifier: bytes, keys: UserKeys) -> bytes:
    """The user's ECCSI signature of the message, 129 octets."""
    return eccsi.sign(message, kpak, identifier, _signing_key(keys))


verify = eccsi.verify


def uid(user_uri: str, kms_uri: str, period: int, offset: int, period_number: int) -> bytes:
    """The 32-octet identifier of a user in one key period (TS 33.180 F.2.1)."""
    parts = [
        b"MIKEY-SAKKE-UID",
        user_uri.encode(),
        kms_uri.encode(),
        *(_shortest_octets(number) for number in (period, offset, period_number)),
    ]
    return sha256(b"\0" + b"".join(part + _length(part) for part in parts)).digest()


def key_period_number(at: datetime, period: int, offset: int) -> int:
    """The number of the key period that holds the moment; offset and period are in seconds."""
    if at.tzinfo is None:
        raise ValueError("a moment without time zone belongs to no key period")
    if period <= 0:
        raise ValueError(f"a key period lasts at least one second, not {period}")
    seconds = (at - KEY_PERIOD_EPOCH) // timedelta(seconds=1)
    return (seconds - offset) // period


def _signing_key(keys: UserKeys) -> eccsi.SigningKey:
    return eccsi.SigningKey(keys.signing_key, keys.public_token)


def _shortest_octets(number: int) -> bytes:
    """Big-endian; zero is one octet."""
    if number < 0:
        raise ValueError(f"the identifier has no form for the negative number {number}")
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


def _length(part: bytes) -> bytes:
    if len(part) > 0xFFFF:
        raise ValueError(f"a part of {len(part)} octets is too long for an identifier")
    return len(part).to_bytes(2, "big")
