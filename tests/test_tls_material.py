"""Certificates of a laboratory: what is wrong with them is told before anything starts."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from muster.configuration import WrongConfiguration
from muster.tls_material import load_material, refusal
from muster.ue_toml import load_configuration
from stubs.tls import TlsSetting
from tests.conftest import MusterCommand

AUTHORITY = trustme.CA(organization_name="Vendor", organization_unit_name="Laboratory")
DOMAIN = "mc1.lab.example"
NAMES = (DOMAIN, f"*.{DOMAIN}")
NOW = datetime.now(UTC)
HEAD = '[ue]\nvendor = "V"\nmodel = "M"\nsoftware = "1"\n\n'

Write = Callable[..., Path]


@pytest.fixture
def laboratory(tmp_path: Path) -> Path:
    """A folder with an authority and the certificate of a system."""
    (tmp_path / "ca.pem").write_bytes(AUTHORITY.cert_pem.bytes())
    (tmp_path / "ca.key").write_bytes(AUTHORITY.private_key_pem.bytes())
    leaf = AUTHORITY.issue_cert(*NAMES)
    (tmp_path / "primary.pem").write_bytes(leaf.cert_chain_pems[0].bytes())
    (tmp_path / "primary.key").write_bytes(leaf.private_key_pem.bytes())
    return tmp_path


def ue_toml(folder: Path, tls: str, domains: str = f'primary = "{DOMAIN}"') -> Path:
    path = folder / "ue.toml"
    path.write_text(f"{HEAD}[ixit.domains]\n{domains}\n[ixit.tls]\n{tls}\n")
    return path


def refused(path: Path) -> tuple[str, ...]:
    with pytest.raises(WrongConfiguration) as caught:
        load_configuration(path)
    return caught.value.errors


def test_right_files_are_taken(laboratory: Path) -> None:
    told = (
        'authority = "ca.pem"\nauthority_key = "ca.key"\n'
        'client_authority = "ca.pem"\nclient_certificate = "required"\n'
        'servers.primary = { certificate = "primary.pem", key = "primary.key" }'
    )

    material = load_material(load_configuration(ue_toml(laboratory, told)).ixit.tls)

    assert material.authority is not None
    assert material.authority.cert_pem.bytes() == AUTHORITY.cert_pem.bytes()
    assert list(material.certificates) == ["primary"]
    assert (material.trusted, material.client_authorities) == (b"", AUTHORITY.cert_pem.bytes())
    assert material.client_certificate_required


def test_authority_without_its_key_is_trusted_and_certifies_nothing(laboratory: Path) -> None:
    told = (
        'authority = "ca.pem"\n'
        'servers.primary = { certificate = "primary.pem", key = "primary.key" }'
    )

    material = load_material(load_configuration(ue_toml(laboratory, told)).ixit.tls)

    assert (material.authority, material.trusted) == (None, AUTHORITY.cert_pem.bytes())


def test_every_mistake_is_told_at_once_with_its_line(laboratory: Path) -> None:
    (laboratory / "text.pem").write_text("no certificate")
    told = (
        'authority = "nowhere.pem"\nauthority_key = "primary.pem"\nclient_certificate = "asked"\n'
        'servers.primary = { certificate = "text.pem", key = "primary.key" }\n'
        'servers.partner = { certificate = "primary.pem", key = "ca.key" }'
    )

    assert refused(ue_toml(laboratory, told)) == (
        f"line 9: ixit.tls.authority: {laboratory}/nowhere.pem cannot be read:"
        " No such file or directory",
        f"line 10: ixit.tls.authority_key: {laboratory}/primary.pem holds no private key in PEM"
        " without a passphrase",
        "line 11: ixit.tls.client_certificate: needs ixit.tls.client_authority: who certifies UEs",
        f"line 12: ixit.tls.servers.primary.certificate: {laboratory}/text.pem holds no"
        " certificate in PEM",
        f"line 13: ixit.tls.servers.partner.key: {laboratory}/ca.key is not the key of"
        f" {laboratory}/primary.pem",
        "line 13: ixit.tls.servers.partner: needs ixit.domains.partner: without it names are new"
        " in each scenario",
    )


@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [
        (NOW - timedelta(days=9), NOW - timedelta(days=2), "is over: "),
        (NOW + timedelta(days=2), NOW + timedelta(days=9), "is not valid yet: "),
    ],
)
def test_certificate_outside_its_time_is_refused(
    laboratory: Path, begins: datetime, ends: datetime, told: str
) -> None:
    leaf = AUTHORITY.issue_cert(*NAMES, not_before=begins, not_after=ends)
    (laboratory / "primary.pem").write_bytes(leaf.cert_chain_pems[0].bytes())
    (laboratory / "primary.key").write_bytes(leaf.private_key_pem.bytes())

    path = ue_toml(
        laboratory, 'servers.primary = { certificate = "primary.pem", key = "primary.key" }'
    )

    [error] = refused(path)
    assert f"ixit.tls.servers.primary.certificate: {laboratory}/primary.pem {told}" in error


def test_server_certificate_is_no_authority(laboratory: Path) -> None:
    [error] = refused(ue_toml(laboratory, 'authority = "primary.pem"'))

    assert error.endswith("is no certificate of an authority (basicConstraints CA)")


def test_key_with_a_passphrase_is_refused(laboratory: Path) -> None:
    key = load_pem_private_key(AUTHORITY.private_key_pem.bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    (laboratory / "ca.key").write_bytes(locked)

    [error] = refused(ue_toml(laboratory, 'authority = "ca.pem"\nauthority_key = "ca.key"'))

    assert error.endswith("holds no private key in PEM without a passphrase")


# Handshakes --------------------------------------------------------------------------------------


def context(authority: trustme.CA, *names: str, **times: datetime) -> ssl.SSLContext:
    return TlsSetting().context(authority.issue_cert(*names, **times))


def test_right_certificate_is_no_problem() -> None:
    assert refusal(context(AUTHORITY, *NAMES), AUTHORITY.cert_pem.bytes(), f"cms.{DOMAIN}") == ""


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (context(AUTHORITY, "elsewhere.example"), "Hostname mismatch"),
        (context(trustme.CA(), *NAMES), "unable to get local issuer certificate"),
        (
            context(AUTHORITY, *NAMES, not_after=NOW - timedelta(days=1)),
            "certificate has expired",
        ),
    ],
    ids=["name", "issuer", "time"],
)
def test_wrong_certificate_is_told_as_a_ue_would(server: ssl.SSLContext, told: str) -> None:
    assert told in refusal(server, AUTHORITY.cert_pem.bytes(), f"cms.{DOMAIN}")


def test_campaign_runs_with_certificates_of_the_laboratory(
    muster: MusterCommand, laboratory: Path
) -> None:
    """The authority's key is not given: only the primary's own certificate is of it."""
    ue_toml(
        laboratory,
        'authority = "ca.pem"\n'
        'servers.primary = { certificate = "primary.pem", key = "primary.key" }',
    )

    ran = muster("run", "--ue", "ue.toml", "bootstrap/initial_configuration.feature")

    assert ran.code == 0, ran.out
    key = (laboratory / "primary.key").read_bytes().splitlines()[2]
    kept = [file.read_bytes() for file in ran.results_folder.rglob("*") if file.is_file()]
    assert not any(key in content for content in kept)
    [event] = [
        one
        for one in ran.results.scenarios[0].exchanges
        if getattr(one, "server", "") == "bootstrap"
    ][:1]
    assert dict(event.headers)["Host"].startswith(f"bootstrap.{DOMAIN}:")
