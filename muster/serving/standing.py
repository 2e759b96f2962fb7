"""What a UE is provisioned with once: kept in the folder, and the same at every later start."""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import trustme

from muster.evidence import Json
from muster.serving.laboratory import FolderRefused
from stubs.world import Terminal, World

MARK = "lab"
"""Domains are primary-lab.example and so on (RFC 2606)."""
PROVISIONING = "provisioning.json"
FIXED = tuple(Terminal.__dataclass_fields__)
"""What a terminal may have by itself."""
TRUSTED = "ca.pem"
"""What a UE must trust."""
AUTHORITY, AUTHORITY_KEY = "authority.pem", "authority.key"
"""Our own authority, where the laboratory gives none."""


@dataclass(frozen=True)
class Kept:
    """What the folder holds of an earlier start; empty for the first one."""

    terminal: Mapping[str, str]
    passwords: Mapping[str, str]
    """By user."""


def kept_in(folder: Path) -> Kept:
    """Read what a UE was provisioned with. FolderRefused for a file that is not ours."""
    read = _read(folder / PROVISIONING)
    if read is None:
        return Kept({}, {})
    try:
        terminal = {name: str(read[name]) for name in FIXED}
        passwords = {user: str(known["password"]) for user, known in read["users"].items()}
    except (LookupError, TypeError, AttributeError) as error:
        told = f"{folder / PROVISIONING}: is not of this program ({error!r}); remove it"
        raise FolderRefused(told) from error
    return Kept(terminal, passwords)


def authority_of(folder: Path) -> trustme.CA:
    """The authority of the folder; a new one where it has none: a UE learns to trust it once."""
    certificate, key = folder / AUTHORITY, folder / AUTHORITY_KEY
    if certificate.exists() and key.exists():
        try:
            return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
        except (OSError, ValueError, TypeError) as error:
            told = f"{certificate} and {key.name}: cannot be used ({error}); correct or remove both"
            raise FolderRefused(told) from error
    made = trustme.CA(organization_name="Muster", organization_unit_name="Laboratory of Muster")
    folder.mkdir(parents=True, exist_ok=True)
    write_privately(key, made.private_key_pem.bytes())
    certificate.write_bytes(made.cert_pem.bytes())
    return made


def write_provisioning(folder: Path, world: World, identity: str = "") -> None:
    """Write everything that a UE must be told, for people and for programs.

    `identity` is the SIP identity that the terminal has by itself; empty: any one is taken.
    """
    (folder / TRUSTED).write_bytes(world.trusted)
    told = json.dumps(provisioning(world, identity), indent=1)
    write_privately(folder / PROVISIONING, told.encode())
    (folder / "hosts").write_text(hosts_file(world), "utf-8")
    write_privately(folder / "PROVISION.txt", guide(folder, world, identity).encode())


def write_privately(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    beside.replace(path)


def provisioning(world: World, identity: str = "") -> dict[str, Json]:
    """The members of a provisioning as the driver contract names them, and the users."""
    return {
        "bootstrap_uri": world.bootstrap_uri,
        **asdict(world.terminal),
        "public_identity": identity or public_identity(world),
        "trusted_ca_pem": world.trusted.decode("ascii"),
        "hosts": world.hosts,
        "users": {
            user: {"username": world.username(user), "password": world.passwords[user]}
            for user in sorted({profile.user for profile in world.plan.profiles})
        },
        "systems": {
            name: {"system_id": system.system_id, "address": system.host, "sip": system.sip.port}
            for name, system in world.systems.items()
        },
    }


def public_identity(world: World) -> str:
    """The SIP identity of the user at the primary: not her MC service ID."""
    return world.primary.identity("ims-subscriber")


def hosts_file(world: World) -> str:
    """Lines for /etc/hosts, or for a DNS server that reads such a file."""
    lines = []
    for system in world.systems.values():
        names = [name for name, address in world.hosts.items() if address == system.host]
        lines.append(f"{system.host} {' '.join(names)}\n")
    return "".join(lines)


def guide(folder: Path, world: World, identity: str = "") -> str:
    """What to provision, in a page of text."""
    primary = world.primary
    rows = [
        ("Initial configuration", world.bootstrap_uri),
        ("MCS UE ID", world.terminal.mcs_ue_id),
        ("Instance ID", world.terminal.instance_id),
        ("OpenID client_id", world.terminal.client_id),
        ("OpenID redirect_uri", world.terminal.redirect_uri),
        ("SIP identity", identity or public_identity(world)),
        ("SIP registrar", f"{primary.host_name('mc')}:{primary.sip.port} (UDP or TCP)"),
        ("CA certificate", str(folder / TRUSTED)),
    ]
    lines = ["What to provision a UE with", "", *(f"{name:<22} {text}" for name, text in rows), ""]
    for user, known in provisioning(world)["users"].items():
        lines.append(f"User {user:<17} {known['username']}   password {known['password']}")
    lines += ["", "Host names (also in the file hosts)", ""]
    lines += [f"  {_shown(s.host):<18} {s.name}: *.{s.domain}" for s in world.systems.values()]
    lines += [
        "",
        "A UE learns everything else from the documents that it is served. They are in documents/:",
        "a file that is saved there is checked, served under a new ETag and notified; one that is",
        "not fit is refused, and the version before it stays. This text is in PROVISION.txt, and",
        "as JSON in provisioning.json.",
    ]
    return "\n".join(lines) + "\n"


def _shown(host: str) -> str:
    return f"[{host}]" if ipaddress.ip_address(host).version == 6 else host


def _read(path: Path) -> dict[str, Any] | None:
    try:
        read = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise FolderRefused(f"{path}: cannot be read ({error}); correct or remove it") from error
    if not isinstance(read, dict):
        raise FolderRefused(f"{path}: is no JSON object; correct or remove it")
    return read
