"""One MC system: its servers on one host, its names, and the documents it serves.

Primary and partner are two objects of this class. Everything that tells where a system is (host,
ports, path segments, PSI user parts) is made anew for each world, so that a UE that reaches it can
only have read of it.
"""

from __future__ import annotations

import functools
import random
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import trustme
from aiohttp import web

from muster.documents.build import Access, Group
from muster.documents.vocabulary import SERVICES
from muster.protocol.sip.endpoint import Flow
from muster.protocol.sip.message import SipRequest, SipResponse
from muster.protocol.tokens import SigningKey
from stubs import cms, gms, kms
from stubs.faults import HttpFault
from stubs.grants import Account, TokenService, signing_key
from stubs.http_proxy import HttpProxy
from stubs.http_server import HttpServer, Watch
from stubs.idms import Idms
from stubs.mc_server import McServer, ServiceIdentities
from stubs.sip import SipFault, SipServer
from stubs.sip_digest import DigestGate
from stubs.tls import TlsSetting
from stubs.xcap import DocumentStore, XcapServer

CERTIFICATE_BEGAN, CERTIFICATE_LASTS = timedelta(days=2), timedelta(days=365)
"""Some platforms refuse server certificates that last longer than 398 or 825 days."""
HTTP_SERVERS = ("bootstrap", "idms", "cms", "gms", "kms")


PROXIED = ("cms", "gms", "kms")
"""What an HTTP proxy answers for: all but the identity server (TS 24.482 A.2.1.2)."""

SYSTEM_RANDOM = random.SystemRandom()


def random_host(chance: random.Random = SYSTEM_RANDOM) -> str:
    """An address of the loopback net that no other system of this machine is likely to have."""
    return "127." + ".".join(str(1 + chance.randrange(253)) for _ in range(3))


def available(host: str) -> str:
    """The host where this machine can listen on it (IPv6 may be missing); else nothing."""
    if not host:
        return ""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.bind((host, 0))
    except OSError:
        return ""
    return host


@dataclass
class McSystem:
    """The servers of one system; `start` makes its addresses, `stop` frees them."""

    name: str
    plmn: str
    authority: trustme.CA
    watch: Watch
    clients: Mapping[str, frozenset[str]]
    """Registered client_id to redirect URIs."""
    host: str = field(default_factory=random_host)
    ports: Mapping[str, int] = field(default_factory=dict)
    """Fixed ports by server; any other server takes a free one."""
    faults: dict[str, list[HttpFault]] = field(default_factory=dict)
    sip_faults: list[SipFault] = field(default_factory=list)
    system_id: str = ""
    """URI by which partner lists name the system; empty: one of its own."""
    mark: str = ""
    """Part of every name; empty: names, paths and PSIs are new in each run."""
    tls: TlsSetting = field(default_factory=TlsSetting)
    domain: str = ""
    """Empty: one of its own."""
    sip_password: str = ""
    """With it, the SIP core challenges registrations; empty: it takes them as they come."""
    certificate: trustme.LeafCert | None = None
    """What all servers show; None: the authority certifies them."""
    chance: random.Random = SYSTEM_RANDOM
    """What names and path segments are drawn from."""

    def __post_init__(self) -> None:
        self._stands_still = bool(self.mark)
        self.mark = self.mark or self._draw()
        self.domain = self.domain or f"{self.name}-{self.mark}.example"
        self.system_id = self.system_id or self.identity("system")
        masker = self.watch.journal.masker
        password = self.sip_password
        self.gate = DigestGate(self.domain, password, masker) if password else None
        self.key_policy = kms.KeyPolicy()
        self.bootstrap_documents = DocumentStore()
        self.configuration = DocumentStore()
        self.groups = DocumentStore()
        self.servers: dict[str, HttpServer] = {}
        self.former: list[HttpServer | SipServer] = []
        """Servers at addresses that they had before they moved."""
        self.accounts: list[Account] = []
        self.retired: list[SipServer] = []
        """SIP servers that another took the place of; they still listen."""
        self._paths = {server: self._new_path(server) for server in HTTP_SERVERS}

    # Names -------------------------------------------------------------------------------------

    def _new_path(self, server: str) -> str:
        return f"/{server}" if self._stands_still else f"/{server[0]}{self._draw()}"

    def _new_user_part(self, label: str) -> str:
        return label if self._stands_still else f"{label}-{self._draw()}"

    def _draw(self) -> str:
        return self.chance.randbytes(3).hex()

    def host_name(self, server: str) -> str:
        return f"{server}.{self.domain}"

    @property
    def hosts(self) -> dict[str, str]:
        """What DNS would say of this system."""
        names = [self.host_name(server) for server in (*HTTP_SERVERS, "mc")]
        return dict.fromkeys([*names, self.domain], self.host)

    def url(self, server: str) -> str:
        """The URL below which a server answers, with its path segment of this run."""
        port = self.servers[server].port
        return f"https://{self.host_name(server)}:{port}{self._paths[server]}"

    def identity(self, label: str, service: str = "mcptt") -> str:
        """The MC service ID (or group ID) that this system gives to a label."""
        name = label if service == "mcptt" else f"{label}-{service.removeprefix('mc')}"
        return f"sip:{name}-{self.mark}@{self.domain}"

    def group(self, label: str) -> Group:
        return Group(label, self.identity(label))

    @property
    def access(self) -> Access:
        """The initial UE configuration of this system, for every UE of its organisation."""
        idms = self.url("idms")
        return Access(
            title=f"Initial configuration of {self.domain}",
            system_id=self.system_id,
            domain=self.domain,
            plmn=self.plmn,
            idms_auth_endpoint=f"{idms}/authorize",
            idms_token_endpoint=f"{idms}/token",
            http_proxy=f"https://proxy.{self.domain}",
            kms=self.url("kms"),
            cms=self.psi.cms,
            gms=self.psi.gms,
            group_creation_xui=self.identity("group-creation"),
            cms_xcap_root=self.url("cms"),
            gms_xcap_root=self.url("gms"),
            servers=self.psi.servers,
        )

    # Life --------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Start every server. OSError when a fixed port is taken."""
        tls = functools.cache(self.server_tls)
        for server in HTTP_SERVERS:
            faults = self.faults.setdefault(server, [])
            self.servers[server] = HttpServer(
                self.name, server, self.watch, self._routes(server), tls, faults
            )
            await self.servers[server].start(self.host, self.ports.get(server, 0))
        self.sip = SipServer(
            self.name, self.watch, self._answer_sip, self.sip_faults, self.host_name("mc")
        )
        port = await self.sip.start(self.host, self.ports.get("sip", 0))
        self.psi = ServiceIdentities(
            servers={
                service: f"sip:{self._new_user_part(service)}@{self.host_name('mc')}:{port}"
                for service in SERVICES
            },
            cms=f"sip:{self._new_user_part('cms')}@{self.domain}",
            gms=f"sip:{self._new_user_part('gms')}@{self.domain}",
            cms_root=self.url("cms"),
            gms_root=self.url("gms"),
        )
        self.mc_server = McServer(
            self.name,
            self.watch.ledger,
            self.psi,
            self.configuration,
            self.groups,
            self._normalised,
        )
        self.mc_server.server = self.sip

    async def open_proxy(self) -> str:
        """Let an HTTP proxy stand before CMS, GMS and KMS; return its URI."""
        tls = functools.cache(self.server_tls)
        behind = {self._paths[server]: web.UrlDispatcher() for server in PROXIED}
        for server in PROXIED:
            self._routes(server)(behind[self._paths[server]])
        proxy = HttpServer(self.name, "proxy", self.watch, HttpProxy(behind).routes, tls)
        self.servers["proxy"] = proxy
        port = await proxy.start(self.host, self.ports.get("proxy", 0))
        return f"https://{self.domain}:{port}"

    async def stop(self) -> None:
        if hasattr(self, "mc_server"):
            await self.mc_server.stop()
        if hasattr(self, "sip"):
            await self.sip.stop()
        for retired in self.retired:
            await retired.stop()
        for server in (*self.servers.values(), *self.former):
            await server.stop()

    async def move(self, server: str) -> None:
        """Give a server another address; at its former one it goes on, under another name.

        Whoever still reaches the former one read of it where it stood before.
        """
        await (self._move_signalling() if server == "sip" else self._move_web(server))

    async def _move_web(self, server: str) -> None:
        former = self.servers[server]
        former.server = f"former-{server}"
        self.former.append(former)
        self._paths[server] = f"/{server[0]}{self._draw()}"
        # The moved server decides as it did before; only its address is another.
        is_idms = server == "idms"
        routes = Idms(self.tokens, self._paths[server]).routes if is_idms else self._routes(server)
        moved = HttpServer(self.name, server, self.watch, routes, former.tls, self.faults[server])
        self.servers[server] = moved
        await moved.start(self.host)
        if is_idms:
            names = self.tokens.names
            self.open_doors()
            self.tokens.names |= names
        self._point_to(cms_root=self.url("cms"), gms_root=self.url("gms"))

    async def _move_signalling(self) -> None:
        self.sip.server = "former-sip"
        self.former.append(self.sip)
        self.sip = SipServer(
            self.name, self.watch, self._answer_sip, self.sip_faults, self.host_name("mc")
        )
        port = await self.sip.start(self.host)
        self.mc_server.server = self.sip
        servers = {
            service: f"{uri.rpartition(':')[0]}:{port}" for service, uri in self.psi.servers.items()
        }
        self._point_to(servers=servers)

    def _point_to(self, **changed: Any) -> None:
        self.psi = self.mc_server.psi = replace(self.psi, **changed)

    async def _answer_sip(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        refusal = self.gate.refusal(request) if self.gate else None
        return refusal or await self.mc_server.answer(request, flow)

    def _normalised(self, resource: str) -> str:
        """Return a subscribed resource as a selector, in whichever form a client wrote it."""
        selector = unquote(resource)
        for root in (self.url("cms"), self.url("gms")):
            selector = selector.removeprefix(root)
        selector = selector.lstrip("/")
        if selector.startswith(gms.BY_GROUP):
            return gms.BY_GROUP_ID + selector.removeprefix(gms.BY_GROUP)
        return selector

    # Servers -----------------------------------------------------------------------------------

    def server_tls(self) -> ssl.SSLContext:
        """What every server of the system shows: the certificate that is given, or a new one."""
        if self.certificate is not None:
            return self.tls.context(self.certificate)
        names = [self.host_name(server) for server in (*HTTP_SERVERS, "mc")]
        today = datetime.now(UTC)
        certificate = self.authority.issue_cert(
            self.host,
            self.domain,
            *names,
            not_before=today - CERTIFICATE_BEGAN,
            not_after=today + CERTIFICATE_LASTS,
        )
        return self.tls.context(certificate)

    def _routes(self, server: str) -> Callable[[web.UrlDispatcher], None]:
        """What a server does, below the path that it has now."""
        ledger, path = self.watch.ledger, self._paths[server]
        match server:
            case "bootstrap":
                return cms.Bootstrap(self.bootstrap_documents, path).routes
            case "idms":
                return self._idms(path).routes
            case "cms":
                return cms.Cms(self.name, ledger, self.configuration, path, cms.SCOPE).routes
            case "gms":
                return gms.Gms(self.name, ledger, self.groups, path, gms.SCOPE).routes
        access = XcapServer(self.name, ledger, DocumentStore(), path, kms.SCOPE)
        uri, masker = self.host_name("kms"), self.watch.journal.masker
        return kms.Kms(access, uri, masker, path, self.key_policy).routes

    def _idms(self, path: str) -> Idms:
        # Its port is known only once it listens; names follow in `open_doors`.
        self.tokens = TokenService(
            self.name, "", frozenset(), self.watch.ledger, self.accounts, self.clients
        )
        self.idms = Idms(self.tokens, path)
        return self.idms

    def open_doors(self, partners: Mapping[str, SigningKey] | None = None) -> None:
        """Give the IdM server its names, and the issuers whose security tokens it trusts."""
        issuer = self.url("idms")
        self.tokens.issuer = issuer
        self.tokens.names = frozenset(
            [issuer, f"{issuer}/token", f"{issuer}/authorize", self.system_id, self.domain]
        )
        self.tokens.trusted.update(partners or {})

    @property
    def signing_key(self) -> SigningKey:
        return signing_key(self.name)
