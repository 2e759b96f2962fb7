"""Ed25519 keys of a laboratory: a private key behind a password, and its public half."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SHORTEST_PASSWORD = 8
PASSWORD_VARIABLE = "MUSTER_KEY_PASSWORD"


class KeyRefused(Exception):
    """A key file or a password that cannot be used; the message is for the user."""


def make_key_files(path: Path, password: str) -> Path:
    """Write a new private key to `path` and its public half beside it; return the latter's path."""
    public_path = path.with_suffix(".pub")
    if len(password) < SHORTEST_PASSWORD:
        raise KeyRefused(f"the password needs {SHORTEST_PASSWORD} characters or more")
    if path == public_path:
        raise KeyRefused(f"{path}: .pub is the ending of the public half; name the key otherwise")
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode()),
    )
    for one in (path, public_path):
        if one.exists():
            raise KeyRefused(f"{one} is there already; a key is never overwritten")
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secret)
        public_path.write_bytes(public_pem(key.public_key()))
    except OSError as error:
        raise KeyRefused(
            f"{error.filename or path}: cannot be written: {error.strerror}"
        ) from error
    return public_path


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def public_raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the 32 octets of a public key: what people compare by telephone."""
    return sha256(public_raw(key)).hexdigest()


def load_private(path: Path, password: str) -> Ed25519PrivateKey:
    """Open a private key; KeyRefused says what is wrong with file or password."""
    data = _read(path)
    try:
        key = serialization.load_pem_private_key(data, password.encode())
    except TypeError:
        raise KeyRefused(f"{path} has no password; make a key with `muster keygen`") from None
    except ValueError:
        raise KeyRefused(
            f"{path} cannot be opened: it is no private key, or the password is another"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} is no Ed25519 key; make one with `muster keygen`")
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """Read the public half of a laboratory's key."""
    data = _read(path)
    if b"PRIVATE KEY" in data:
        raise KeyRefused(
            f"{path} is a private key; --signer takes the public half ({path.with_suffix('.pub')})"
        )
    try:
        key = serialization.load_pem_public_key(data)
    except ValueError:
        raise KeyRefused(f"{path} is no public key (PEM) as `muster keygen` makes it") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyRefused(f"{path} is no Ed25519 public key")
    return key


def is_signed(key: bytes, signature: bytes, text: bytes) -> bool:
    """True if the signature is the key's; `key` are the 32 octets of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyRefused(f"{path}: cannot be read: {error.strerror}") from error
