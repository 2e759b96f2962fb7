"""Keys of a laboratory: behind a password, never overwritten."""

import stat
from pathlib import Path

import pytest

from muster.audit.keys import (
    KeyRefused,
    fingerprint,
    is_signed,
    load_private,
    load_public,
    make_key_files,
    public_raw,
)

PASSWORD = "a long enough one"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    make_key_files(tmp_path / "lab.key", PASSWORD)
    return tmp_path / "lab.key"


def test_public_half_verifies_what_the_private_one_signs(key_file: Path) -> None:
    private, public = load_private(key_file, PASSWORD), load_public(key_file.with_suffix(".pub"))

    signature = private.sign(b"text")

    assert is_signed(public_raw(public), signature, b"text")
    assert not is_signed(public_raw(public), signature, b"another text")
    assert fingerprint(public) == fingerprint(private.public_key())


def test_private_key_is_encrypted_and_for_its_owner_alone(key_file: Path) -> None:
    assert b"ENCRYPTED PRIVATE KEY" in key_file.read_bytes()
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_existing_key_is_never_overwritten(key_file: Path) -> None:
    before = key_file.read_bytes()

    with pytest.raises(KeyRefused, match="never overwritten"):
        make_key_files(key_file, PASSWORD)

    assert key_file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("lab.key", "short", "8 characters or more"),
        ("lab.pub", PASSWORD, "name the key otherwise"),
        ("missing/lab.key", PASSWORD, "cannot be written"),
    ],
)
def test_key_that_cannot_be_made_is_refused(
    tmp_path: Path, name: str, password: str, told: str
) -> None:
    with pytest.raises(KeyRefused, match=told):
        make_key_files(tmp_path / name, password)

    assert list(tmp_path.iterdir()) == []


def test_wrong_password_is_told(key_file: Path) -> None:
    with pytest.raises(KeyRefused, match="the password is another"):
        load_private(key_file, "another password")


def test_private_key_is_no_signer(key_file: Path) -> None:
    with pytest.raises(KeyRefused, match="takes the public half"):
        load_public(key_file)


@pytest.mark.parametrize("content", [b"", b"nothing", b"-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pub").write_bytes(content)

    with pytest.raises(KeyRefused, match="is no public key"):
        load_public(tmp_path / "x.pub")
