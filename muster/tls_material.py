"""Certificates and keys that a laboratory gives: read, and held against each other."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization import load_pem_private_key as load_key

from muster.configuration import TlsFiles

Told: TypeAlias = tuple[list[str], str]
"""Where in `ixit.tls`, and what is wrong there."""


@dataclass(frozen=True)
class TlsMaterial:
    """What the servers show, and whom UE and servers trust; empty: made anew for each campaign."""

    authority: trustme.CA | None = None
    """Certifies servers that have no certificate of their own."""
    trusted: bytes = b""
    """PEM of the authorities that the UE must trust besides."""
    certificates: Mapping[str, trustme.LeafCert] = field(default_factory=dict)
    """By system."""
    client_authorities: bytes = b""
    client_certificate_required: bool = False


def load_material(files: TlsFiles) -> TlsMaterial:
    """Read the files of `ixit.tls`, which `problems_of` had no objection to."""
    authority = Path(files.authority).read_bytes() if files.authority else b""
    key = Path(files.authority_key).read_bytes() if files.authority_key else b""
    clients = Path(files.client_authority).read_bytes() if files.client_authority else b""
    return TlsMaterial(
        trustme.CA.from_pem(authority, key) if authority and key else None,
        authority if authority and not key else b"",
        {
            str(system): _leaf(Path(one.certificate).read_bytes(), Path(one.key).read_bytes())
            for system, one in files.servers.items()
        },
        clients if files.client_certificate != "no" else b"",
        files.client_certificate == "required",
    )


def _leaf(chain: bytes, key: bytes) -> trustme.LeafCert:
    first, *others = [
        one.public_bytes(Encoding.PEM) for one in x509.load_pem_x509_certificates(chain)
    ]
    return trustme.LeafCert(key, first, others)


# Problems ----------------------------------------------------------------------------------------


def problems_of(told: Mapping[str, Any], folder: Path) -> Iterator[Told]:
    """Yield what is wrong with the files of a table `ixit.tls`, as it stands in the file."""
    authority = told.get("authority")
    yield from _of_certificate(["authority"], authority, folder, is_authority=True)
    yield from _of_key(["authority_key"], told.get("authority_key"), authority, folder)
    if told.get("authority_key") and not authority:
        yield ["authority_key"], "needs ixit.tls.authority, the certificate that it belongs to"
    clients = told.get("client_authority")
    yield from _of_certificate(["client_authority"], clients, folder, is_authority=True)
    if told.get("client_certificate", "no") != "no" and not clients:
        yield (
            ["client_certificate"],
            "needs ixit.tls.client_authority: who certifies UEs",
        )
    servers = told.get("servers", {})
    for system, one in servers.items() if isinstance(servers, dict) else ():
        if isinstance(one, dict):
            path = ["servers", system]
            certificate = one.get("certificate")
            yield from _of_certificate([*path, "certificate"], certificate, folder)
            yield from _of_key([*path, "key"], one.get("key"), certificate, folder)


def _of_certificate(
    path: list[str], named: object, folder: Path, is_authority: bool = False
) -> Iterator[Told]:
    if not isinstance(named, str) or not named:
        return
    problem, chain = _certificates(folder / named)
    if problem:
        yield path, problem
        return
    if is_authority and not _may_certify(chain[0]):
        yield path, f"{folder / named} is no certificate of an authority (basicConstraints CA)"
    yield from ((path, f"{folder / named} {told}") for told in out_of_date(chain))


def _of_key(path: list[str], named: object, certificate: object, folder: Path) -> Iterator[Told]:
    if not isinstance(named, str) or not named:
        return
    try:
        key = load_key((folder / named).read_bytes(), password=None)
    except OSError as error:
        yield path, f"{folder / named} cannot be read: {error.strerror}"
        return
    except (ValueError, TypeError):
        yield path, f"{folder / named} holds no private key in PEM without a passphrase"
        return
    if isinstance(certificate, str) and certificate:
        problem, chain = _certificates(folder / certificate)
        if not problem and _public(chain[0].public_key()) != _public(key.public_key()):
            yield path, f"{folder / named} is not the key of {folder / certificate}"


def _certificates(file: Path) -> tuple[str, list[x509.Certificate]]:
    try:
        return "", x509.load_pem_x509_certificates(file.read_bytes())
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}", []
    except ValueError:
        return f"{file} holds no certificate in PEM", []


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def _may_certify(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return found.value.ca


def out_of_date(chain: list[x509.Certificate]) -> Iterator[str]:
    """Say of every certificate outside its time when that was."""
    now = datetime.now(UTC)
    for one in chain:
        name = one.subject.rfc4514_string() or "a certificate"
        if one.not_valid_after_utc < now:
            yield f"is over: {name} ended {one.not_valid_after_utc:%Y-%m-%d}"
        if one.not_valid_before_utc > now:
            yield f"is not valid yet: {name} begins {one.not_valid_before_utc:%Y-%m-%d}"


# A handshake without a network -------------------------------------------------------------------


def refusal(server: ssl.SSLContext, trusted: bytes, name: str) -> str:
    """Say why a UE that trusts these authorities refuses the server under that name; or nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=trusted.decode("ascii"))
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=name)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, answering):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
            except ssl.SSLError as error:
                return str(error.reason or error)
    return ""
