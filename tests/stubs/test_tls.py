"""What holds for the TLS of every server: a key log, and certificates of clients."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.journal_files import Event
from stubs.loop import LoopThread
from stubs.tls import TlsSetting, peer_subject
from stubs.world import World
from tests.conftest import MusterCommand
from tests.stubs.stub_helpers import PATIENCE, running_world, trusting

SECRET = re.compile(r"[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]+")
CLIENTS = trustme.CA(organization_name="Authority of the vendor's terminals")


@contextmanager
def world_with(
    tls: TlsSetting, folder: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> Iterator[World]:
    with running_world(folder / "results", loop, schemas, authority, tls=tls) as world:
        yield world


def told(world: World, event: str) -> list[Event]:
    lines = map(json.loads, world.journal.path.read_bytes().splitlines())
    return [one for one in lines if one["kind"] == "connection" and one["event"] == event]


def shake_hands(world: World, context: ssl.SSLContext) -> bytes:
    """Connect to the CMS, ask for nothing that is there, and return what was answered."""
    cms = world.primary.servers["cms"]
    name = world.primary.host_name("cms")
    with (
        socket.create_connection((world.primary.host, cms.port), timeout=PATIENCE) as plain,
        suppress(ssl.SSLError, ConnectionError),
        context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        secured.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        return secured.recv(1024)
    return b""


def test_key_log_holds_the_secrets_that_the_client_has(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> None:
    ours, theirs = tmp_path / "keys.log", tmp_path / "client.log"
    client = trusting(authority)
    client.keylog_filename = str(theirs)
    with world_with(TlsSetting(keylog=ours), tmp_path, loop, schemas, authority) as world:
        assert shake_hands(world, client).startswith(b"HTTP/1.1 404")

    secrets = SECRET.findall(theirs.read_text())
    assert len(secrets) >= 4
    assert set(secrets) <= set(SECRET.findall(ours.read_text()))


def test_campaign_writes_the_key_log_for_its_owner_alone(
    muster: MusterCommand, tmp_path: Path
) -> None:
    ran = muster("run", "--keylog", "keys.log", "bootstrap/initial_configuration.feature")

    keys = tmp_path / "keys.log"
    assert ran.code == 0
    assert SECRET.findall(keys.read_text())
    assert keys.stat().st_mode & 0o777 == 0o600
    assert not list(ran.results_folder.rglob("keys.log"))


def test_key_log_that_cannot_be_written_is_refused(muster: MusterCommand, tmp_path: Path) -> None:
    ran = muster("run", "--keylog", "nowhere/keys.log", "bootstrap")

    told = f"muster: --keylog {tmp_path}/nowhere/keys.log: cannot be written: "
    assert (ran.code, ran.err) == (64, told + "No such file or directory\n")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def asking(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> Iterator[World]:
    """A world whose servers want a certificate of the vendor's authority."""
    tls = TlsSetting(client_authorities=CLIENTS.cert_pem.bytes(), client_certificate_required=True)
    with world_with(tls, tmp_path, loop, schemas, authority) as world:
        yield world


def test_client_certificate_is_taken_and_told(asking: World) -> None:
    client = trusting(asking.authority)
    CLIENTS.issue_cert("ue-1.vendor.example", common_name="ue-1").configure_cert(client)

    assert shake_hands(asking, client).startswith(b"HTTP/1.1 404")
    [event] = told(asking, "tls-established")
    assert event["client_certificate"].endswith("commonName=ue-1")


@pytest.mark.parametrize("issuer", ["nobody", "another authority"])
def test_client_without_a_right_certificate_is_refused_and_told(asking: World, issuer: str) -> None:
    client = trusting(asking.authority)
    if issuer != "nobody":
        trustme.CA().issue_cert("ue-1.vendor.example").configure_cert(client)

    assert shake_hands(asking, client) == b""
    assert asking.journal.wait_until(lambda: bool(told(asking, "tls-failed")), PATIENCE)
    [event] = told(asking, "tls-failed")
    reasons = {"nobody": "PEER_DID_NOT_RETURN_A_CERTIFICATE"}
    assert event["alert"] == reasons.get(issuer, "CERTIFICATE_VERIFY_FAILED")


def test_client_certificate_can_be_left_to_the_client(
    tmp_path: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA
) -> None:
    tls = TlsSetting(client_authorities=CLIENTS.cert_pem.bytes())
    with world_with(tls, tmp_path, loop, schemas, authority) as world:
        assert shake_hands(world, trusting(authority)).startswith(b"HTTP/1.1 404")

        [event] = told(world, "tls-established")
        assert "client_certificate" not in event


def test_subject_is_told_in_full() -> None:
    subject = ((("organizationName", "Vendor"),), (("commonName", "ue-1"),))

    assert peer_subject({"subject": subject}) == "organizationName=Vendor, commonName=ue-1"
    assert peer_subject({}) == peer_subject(None) == ""
