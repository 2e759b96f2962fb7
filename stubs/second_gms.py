"""A second group server of a system: its own PSI and XCAP root, at the host of the first one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from stubs.faults import Handler, HttpFault
from stubs.gms import SCOPE, Gms
from stubs.subscription import DocumentServer
from stubs.system import McSystem
from stubs.xcap import DocumentStore


@dataclass
class SecondRoot(HttpFault):
    """Requests below another root are answered from other documents."""

    server: Gms

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.raw_path.startswith(f"{self.server.root}/"):
            return await self.server.answer(request)
        return await handler(request)


@dataclass(frozen=True)
class SecondGms:
    """Where the second group server is: its PSI, and the path of its XCAP root."""

    psi: str
    path: str


def open_second_gms(system: McSystem, selectors: list[str]) -> SecondGms:
    """Let a second group server keep these groups in place of the first."""
    kept, path = DocumentStore(), f"/g{secrets.token_hex(3)}"
    for selector in selectors:
        document = system.groups.get(selector)
        assert document is not None
        kept.put(document)
        system.groups.remove(selector)
    psi = f"sip:gms-{secrets.token_hex(3)}@{system.domain}"
    root = urlsplit(system.url("gms"))._replace(path=path).geturl()
    server = Gms(system.name, system.watch.ledger, kept, path, SCOPE)
    system.faults["gms"].append(SecondRoot(server))
    system.mc_server.add_group_server(psi, DocumentServer(kept, root))
    return SecondGms(psi, path)
