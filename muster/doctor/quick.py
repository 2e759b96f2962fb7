"""What can be looked at without starting anything; `muster run` does it by itself."""

from __future__ import annotations

import ipaddress
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import trustme
from cryptography import x509

from muster.campaign_settings import CampaignSettings
from muster.configuration import Ixit
from muster.doctor.lines import Line, note, ok, problem
from muster.fixed_places import problems_of_places
from muster.tls_material import TlsMaterial, load_material, refusal

HTTP_NAMES = ("bootstrap", "idms", "cms", "gms", "kms")
SOON_DAYS = 14
"""A certificate that ends within these is told of."""


def quick_lines(settings: CampaignSettings) -> Iterator[Line]:
    """Ports, addresses, host names, certificates and the clock of this machine."""
    yield from ports(settings.ixit)
    yield from addresses(settings)
    yield from host_names(settings)
    yield from certificates(settings)
    yield from clock()


# Ports and addresses -----------------------------------------------------------------------------


def ports(ixit: Ixit) -> Iterator[Line]:
    problems = list(problems_of_places(ixit.addresses, ixit.ports))
    for told in problems:
        yield problem("ports", told, "end that program, or change ixit.ports")
    if not problems:
        count = len(ixit.ports)
        told = f"{count} fixed ports can be listened on" if count else "free ports are taken"
        yield ok("ports", told)


def addresses(settings: CampaignSettings) -> Iterator[Line]:
    """Every fixed address must be one of this machine; a UE elsewhere needs one it can reach."""
    hosts = settings.ixit.addresses
    for system, host in hosts.items():
        wrong = _cannot_bind(host)
        if wrong:
            todo = f"give this machine the address, or change ixit.hosts.{system}"
            yield problem("addresses", f"{system}: {host} cannot be used: {wrong}", todo)
        elif not ipaddress.ip_address(host).is_loopback:
            told = f"{system}: {host}; whoever is in that network can connect"
            yield note("addresses", told)
        else:
            yield ok("addresses", f"{system}: {host}")
    if not hosts:
        told = "each system takes a loopback address that is new in each scenario"
        if settings.configuration.driver.kind == "reference":
            yield ok("addresses", told)
        else:
            todo = "for a UE on another device set ixit.hosts to addresses that it can reach"
            yield note("addresses", told, todo)


def _cannot_bind(host: str) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.bind((host, 0))
    except OSError as error:
        return str(error.strerror)
    return ""


# Host names --------------------------------------------------------------------------------------


def host_names(settings: CampaignSettings) -> Iterator[Line]:
    """Does the resolver of this machine know the servers? That of the UE may be another."""
    ixit = settings.ixit
    if settings.configuration.driver.kind == "reference":
        yield ok("host names", "the built-in UE is told them; no DNS is needed")
        return
    if not ixit.domains:
        told = "names are new in each scenario, and told to the UE with each reset"
        yield note("host names", told, "for a UE that asks a DNS server set ixit.domains")
        return
    for system, domain in ixit.domains.items():
        yield _resolved(f"idms.{domain}", ixit.addresses.get(system, ""), system)


def _resolved(name: str, host: str, system: str) -> Line:
    try:
        found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(name, None)})
    except OSError:
        told = f"{system}: this machine does not know {name}"
        todo = "see that the UE's resolver does (docs/recipes.md), or that it takes `hosts`"
        return note("host names", told, todo)
    if host and host not in found:
        told = f"{system}: {name} is {', '.join(found)}, and the system is at {host}"
        return problem("host names", told, "correct the DNS entry, or ixit.hosts")
    return ok("host names", f"{system}: {name} is {', '.join(found)}")


# Certificates ------------------------------------------------------------------------------------


def certificates(settings: CampaignSettings) -> Iterator[Line]:
    """Would a UE that trusts the authority take the servers' certificates?"""
    material = load_material(settings.ixit.tls)
    by_hand = settings.configuration.driver.kind != "reference"
    yield from _authority(material, by_hand)
    for system in ("primary", "partner", "neighbour"):
        domain = settings.ixit.domains.get(system)
        given = material.certificates.get(system)
        if given is not None and domain:
            yield from _given(system, domain, given, material)
    if material.client_authorities:
        how = "must show" if material.client_certificate_required else "may show"
        yield ok("certificates", f"a UE {how} a certificate of its own")


def _authority(material: TlsMaterial, by_hand: bool) -> Iterator[Line]:
    if material.authority is not None:
        yield from _dates("the authority", material.authority.cert_pem.bytes())
    elif material.trusted:
        told = "without the key of the authority, servers without a certificate of their own and"
        yield note(
            "certificates",
            f"{told} all flawed ones are certified by an authority made anew",
            "set ixit.tls.authority_key, or let the UE take trusted_ca_pem with each reset",
        )
    elif by_hand:
        yield note(
            "certificates",
            "the authority is new in each campaign: the UE takes trusted_ca_pem with each reset",
            "for a UE that learns an authority once set ixit.tls.authority and authority_key",
        )
    else:
        yield ok("certificates", "the authority is made anew, and the built-in UE is told it")


def _given(
    system: str, domain: str, certificate: trustme.LeafCert, material: TlsMaterial
) -> Iterator[Line]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    trusted = material.trusted
    if material.authority is not None:
        trusted += material.authority.cert_pem.bytes()
    if not trusted:
        told = f"{system}: nobody is named that certified its servers"
        yield problem("certificates", told, "set ixit.tls.authority to what the UE trusts")
        return
    fine = True
    for name in HTTP_NAMES:
        refused = refusal(context, trusted, f"{name}.{domain}")
        if refused:
            fine = False
            todo = f"issue one for {name}.{domain} (or *.{domain}) by the authority the UE trusts"
            yield problem("certificates", f"{system}: a UE refuses it: {refused}", todo)
            break
    if fine:
        names = ", ".join(f"{name}.{domain}" for name in HTTP_NAMES[:2])
        yield ok("certificates", f"{system}: names ({names}, ...), chain and key fit")
    yield from _dates(f"{system}'s certificate", certificate.cert_chain_pems[0].bytes())


def _dates(what: str, pem: bytes) -> Iterator[Line]:
    ends = x509.load_pem_x509_certificate(pem).not_valid_after_utc
    left = (ends - datetime.now(UTC)).days
    told = f"{what} is valid until {ends:%Y-%m-%d}"
    if left < SOON_DAYS:
        yield note("certificates", f"{told}: {left} days", "renew it before a long campaign")
    else:
        yield ok("certificates", told)


# Clock -------------------------------------------------------------------------------------------


def clock() -> Iterator[Line]:
    """Tokens, keys and certificates go by time: the clocks of both sides must agree."""
    now = datetime.now(UTC)
    shown = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
    if now.timestamp() < newest:
        told = f"this machine says {shown}, which is before Muster was installed"
        yield problem("clock", told, "set the clock; tokens and certificates go by it")
    elif _synchronised() is False:
        told = f"this machine says {shown}, and is not synchronised"
        yield note("clock", told, "compare it with the clock of the UE: a minute is too much")
    else:
        yield ok("clock", f"this machine says {shown}")


def _synchronised() -> bool | None:
    """What the system says of its time service; None where it says nothing."""
    command = shutil.which("timedatectl")
    if command is None:
        return None
    try:
        done = subprocess.run(
            [command, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(done.stdout.strip())
