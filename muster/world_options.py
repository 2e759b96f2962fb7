"""What the IXIT says of a world, as the arguments that a world takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from muster.configuration import Ixit
from muster.tls_material import TlsMaterial
from stubs.tls import TlsSetting
from stubs.world import Terminal


def world_options(ixit: Ixit, material: TlsMaterial, keylog: Path | None = None) -> dict[str, Any]:
    """Return keyword arguments of `World`; secrets and chance are left to the caller."""
    return {
        "ports": ixit.ports,
        "documents": ixit.documents_folder,
        "addresses": ixit.addresses,
        "tls": TlsSetting(
            keylog, material.client_authorities, material.client_certificate_required
        ),
        "domains": {str(system): domain for system, domain in ixit.domains.items()},
        "fixed_terminal": ixit.terminal.model_dump(
            include=set(Terminal.__annotations__), exclude_none=True
        ),
        "usernames": {str(user): told.username for user, told in ixit.users.items()},
        "certificates": material.certificates,
        "sip_digest": ixit.sip_digest,
        "also_trusted": material.trusted,
    }
