"""The `ue.toml` that `muster init` writes: whole, commented, and taken as it stands.

The items of the ICS come from the one table of them; a test keeps the keys those of the model.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from string import Template

from muster.ics import FEATURES, OPERATION

WIDTH = 98

SUBJECT = """\
# The UE under test, for Muster. `muster init --check FILE` tells every mistake in it.
# A line that begins with # is a comment; remove the # to set the key below it.

[ue]
vendor = "Example Radio"
model = "ER-1"
software = "1.0"

# How Muster makes the UE act (docs/driver.md). Try it alone: muster driver-check --ue FILE
[driver]
$driver

# ICS: what you claim of the UE. A scenario that needs more is NOT_APPLICABLE, never a FAIL.
[ics]
# Of "mcptt", "mcvideo" and "mcdata".
services = ["mcptt"]

[ics.items]
"""

DRIVERS: Mapping[str, tuple[str, ...]] = {
    "http": (
        "# Your control server: Muster sends POST <url>/operations/<name>.",
        'kind = "http"',
        'url = "http://127.0.0.1:8700"',
    ),
    "command": (
        "# Your executable, called with the operation; a path is seen from this file.",
        'kind = "command"',
        'command = ["./drive-ue"]',
    ),
    "operator": (
        "# A person, asked on the terminal or on the page (--page).",
        'kind = "operator"',
    ),
    "reference": (
        "# A UE that comes with Muster, to try things out: never certifiable.",
        'kind = "reference"',
        'name = "reference"',
    ),
}
"""The lines of each driver; the chosen one stands first and alone without #."""

IXIT = """\

# IXIT: how the UE is reached, and how long it is given.
[ixit]
# Every waiting time below is multiplied by this; it is recorded with each wait.
clock_scale = 1.0
# How long a request that must come is waited for, in seconds.
answer_seconds = 10.0
# How long nothing may come, where a request must not come, in seconds.
quiet_seconds = 2.0
# How long the driver may take for one operation, in seconds (an operator: 300).
#operation_seconds = 30.0
# A folder with documents in place of Muster's, seen from this file (docs/documents.md).
#documents = "documents"
# For a UE that is provisioned by hand: names, paths and identities are new in each campaign
# (with --seed not even then), and not in each scenario.
#same_names = true
# SIP cores challenge registrations (SIP Digest); the password is that of the user alice.
#sip_digest = true

# The same for single operations, in seconds.
[ixit.operations]
#migrate = 90.0

# The addresses that Muster listens on, IPv4 or IPv6; no two systems share one. Left out: new
# loopback addresses in each scenario, which is right for a UE on this machine.
[ixit.hosts]
#primary = "192.0.2.10"
#partner = "192.0.2.11"
#neighbour = "192.0.2.12"

# Fixed ports, of bootstrap, idms, cms, gms, kms and sip; every other server takes a free one.
[ixit.ports]
#"primary.bootstrap" = 8443
#"primary.sip" = 5060

# Fixed domains: the servers are then bootstrap.<domain>, idms.<domain>, cms.<domain>,
# gms.<domain>, kms.<domain> and mc.<domain>. Your DNS must know them.
[ixit.domains]
#primary = "mc1.lab.example"
#partner = "mc2.lab.example"
#neighbour = "mc3.lab.example"

# The address that the UE sends from over each PDN connection, by the name that documents give it.
[ixit.pdn]
#"mcptt.partner" = "127.0.0.3"

# What the terminal has by itself. Whatever is left out is new in each scenario, and the driver
# is told of it with `reset`.
[ixit.terminal]
#mcs_ue_id = "ue-1"
#instance_id = "urn:gsma:imei:90420156-025763-0"
#client_id = "er-1-client"
#redirect_uri = "http://127.0.0.1:9999/cb"
#public_identity = "sip:001010000000001@ims.lab.example"
# The address that the UE sends from.
#source_address = "127.0.0.1"

# Certificates in PEM, seen from this file. Left out: an authority of this campaign, which the
# driver is told of with `reset`. With authority and key, Muster certifies its servers by it.
[ixit.tls]
#authority = "ca.pem"
#authority_key = "ca-key.pem"
# Whether the UE is asked for a certificate: "no", "asked" or "required"; and who certifies it.
#client_certificate = "no"
#client_authority = "client-ca.pem"

# Certificates of a system's servers, where Muster is to make none; its domain must be fixed.
#[ixit.tls.servers.primary]
#certificate = "primary.pem"
#key = "primary-key.pem"

# How the user is called at the identity server. The password is a secret: MUSTER_PASSWORD_ALICE in
# the environment, or the file below. Without either, a new password is made for each scenario.
#[ixit.users.alice]
#username = "alice@lab.example"

# A file beside this one with [users.alice] password = "..." and [driver] token = "..."; the
# environment (MUSTER_DRIVER_TOKEN, MUSTER_PASSWORD_ALICE) stands above it. No secret is written
# to any results. Keep the file out of version control.
#[secrets]
#file = "ue-secrets.toml"
"""


def written(driver: str, items: Mapping[str, str]) -> str:
    """Return the text for a kind of driver; `items` are all known items with their meanings."""
    first = Template(SUBJECT).substitute(driver="\n".join(_driver(driver)))
    return first + "\n".join(_items(items)) + "\n" + IXIT


def _driver(chosen: str) -> Iterator[str]:
    yield from DRIVERS[chosen]
    for kind, lines in DRIVERS.items():
        if kind != chosen:
            yield "#"
            yield from (line if line.startswith("#") else f"#{line}" for line in lines)


def _items(items: Mapping[str, str]) -> Iterator[str]:
    kinds = {name: _kind(name) for name in items}
    for kind, heading in HEADINGS.items():
        yield f"# --- {heading}"
        for name, meaning in items.items():
            if kinds[name] == kind:
                yield from (f"# {line}" for line in textwrap.wrap(meaning, WIDTH))
                yield f'"{name}" = {"true" if kind == "operation" else "false"}'
        if kind != "fact":
            yield ""


HEADINGS = {
    "feature": "Optional features of the UE.",
    "operation": "Operations of the driver: false where the UE (or your driver) cannot do it.",
    "fact": "Names that no text we could read gives: true if your UE uses them as told here."
    "\n# A finding that rests on one is a FAIL only where it is claimed, else a WARNING.",
}


def _kind(name: str) -> str:
    if name in FEATURES:
        return "feature"
    return "operation" if name.startswith(OPERATION) else "fact"
