"""Key material is what the published vectors say, and fits its own user alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from muster.protocol import mikey_sakke
from muster.protocol.mikey_sakke import (
    KmsSecrets,
    UserKeys,
    issue_user_keys,
    key_period_number,
    uid,
)
from muster.protocol.sakke import Q
from tests.protocol import mikey_sakke_vectors as vectors

SECRETS = KmsSecrets(vectors.Z_T_SECRET, vectors.KSAK)
KEYS = UserKeys(vectors.RSK, vectors.SSK, vectors.PVT)
PUBLISHED_USER = ("sip:user@example.org", "kms.example.org")


def test_kms_public_keys_are_the_published_ones():
    public = mikey_sakke.public_encryption_key(SECRETS)

    assert public == vectors.Z_T
    assert mikey_sakke.public_authentication_key(SECRETS) == vectors.KPAK


def test_user_keys_are_the_published_ones():
    assert issue_user_keys(SECRETS, vectors.IDENTIFIER, vectors.V) == KEYS


def test_issued_keys_fit_their_user():
    secrets = KmsSecrets.generate()
    kpak = mikey_sakke.public_authentication_key(secrets)
    z_t = mikey_sakke.public_encryption_key(secrets)
    identifier = uid(*PUBLISHED_USER, 2592000, 0, 1)

    keys = issue_user_keys(secrets, identifier)

    assert mikey_sakke.signing_key_fits(kpak, identifier, keys)
    assert mikey_sakke.decrypt_key_fits(z_t, identifier, keys.decrypt_key)


def test_keys_issued_twice_differ_in_their_token():
    first, second = (issue_user_keys(SECRETS, vectors.IDENTIFIER) for _ in range(2))

    assert first.public_token != second.public_token
    assert first.decrypt_key == second.decrypt_key


def test_two_kms_have_different_secrets():
    assert KmsSecrets.generate() != KmsSecrets.generate()


def test_a_signature_made_with_the_issued_keys_verifies():
    signature = mikey_sakke.sign(b"hello", vectors.KPAK, vectors.IDENTIFIER, KEYS)

    assert mikey_sakke.verify(b"hello", vectors.KPAK, vectors.IDENTIFIER, signature)


@pytest.mark.parametrize("identifier", [b"2011-02\0tel:+447700900124\0", b""])
def test_signing_key_does_not_fit_another_user(identifier):
    assert not mikey_sakke.signing_key_fits(vectors.KPAK, identifier, KEYS)


def test_signing_key_does_not_fit_another_token():
    other = issue_user_keys(SECRETS, vectors.IDENTIFIER)
    mixed = replace(KEYS, public_token=other.public_token)

    assert not mikey_sakke.signing_key_fits(vectors.KPAK, vectors.IDENTIFIER, mixed)


@pytest.mark.parametrize("unusable", [b"", bytes(32), b"\xff" * 32, vectors.SSK + b"\0"])
def test_malformed_signing_key_is_refused(unusable):
    keys = replace(KEYS, signing_key=unusable)

    with pytest.raises(ValueError, match="SSK"):
        mikey_sakke.signing_key_fits(vectors.KPAK, vectors.IDENTIFIER, keys)


def test_an_identifier_that_cancels_the_master_secret_is_refused():
    identifier = (Q - SECRETS.z_t).to_bytes(128, "big")

    with pytest.raises(ValueError, match="another z_T"):
        issue_user_keys(SECRETS, identifier)


@pytest.mark.parametrize("secrets", [KmsSecrets(0, 1), KmsSecrets(-1, 1), KmsSecrets(1 << 1024, 1)])
def test_master_secret_out_of_range_is_refused(secrets):
    with pytest.raises(ValueError, match="z_T is not between"):
        mikey_sakke.public_encryption_key(secrets)


@pytest.mark.parametrize("ksak", [0, -5, 1 << 256])
def test_authentication_secret_out_of_range_is_refused(ksak):
    with pytest.raises(ValueError, match="KSAK is not between"):
        mikey_sakke.public_authentication_key(KmsSecrets(1, ksak))


def test_secrets_do_not_show_in_a_traceback():
    shown = repr(SECRETS) + repr(KEYS)

    assert str(SECRETS.z_t) not in shown
    assert repr(KEYS.signing_key) not in shown
    assert repr(KEYS.decrypt_key) not in shown


def test_identifier_is_the_published_one():
    identifier = uid(*PUBLISHED_USER, 2592000, 0, 1)

    expected = "74e2af803ab5d72841bbced0ce319ffe64f6fe23c88a2d258aabcf6ac5658ef4"
    assert identifier.hex() == expected


def test_identifier_of_a_short_period_is_the_published_one():
    identifier = uid(*PUBLISHED_USER, 10, 0, 10)

    expected = "94fb1a697c15d7e9d6b7062066affebda2d9e346e0090d67525c0c3ce666eafa"
    assert identifier.hex() == expected


@pytest.mark.parametrize("numbers", [(-1, 0, 1), (10, -1, 1), (10, 0, -1)])
def test_negative_number_has_no_identifier(numbers):
    with pytest.raises(ValueError, match="negative"):
        uid(*PUBLISHED_USER, *numbers)


def test_endless_user_uri_has_no_identifier():
    with pytest.raises(ValueError, match="too long"):
        uid("sip:" + "a" * 70_000, "kms.example.org", 10, 0, 1)


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (datetime(1900, 1, 1, tzinfo=UTC), 0),
        (datetime(1900, 1, 30, 23, 59, 59, 999999, tzinfo=UTC), 0),
        (datetime(1900, 1, 31, tzinfo=UTC), 1),
        # 0xD6B43232 seconds since 1900, the moment of the example in TS 33.180 D.2.4.
        (datetime(2014, 2, 23, 8, 39, 14, tzinfo=UTC), 0xD6B43232 // 2592000),
        (datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC), -1),
    ],
)
def test_key_period_is_counted_from_1900(at, number):
    assert key_period_number(at, 2592000, 0) == number


def test_offset_delays_the_key_period():
    at = datetime(1900, 1, 31, tzinfo=UTC)

    assert [key_period_number(at, 2592000, offset) for offset in (0, 1)] == [1, 0]


def test_key_period_does_not_depend_on_the_time_zone():
    at = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=9)))

    assert key_period_number(at, 86400, 0) == key_period_number(at.astimezone(UTC), 86400, 0)


def test_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        key_period_number(datetime(2026, 1, 1), 86400, 0)


def test_key_period_without_length_is_refused():
    with pytest.raises(ValueError, match="at least one second"):
        key_period_number(datetime(2026, 1, 1, tzinfo=UTC), 0, 0)
