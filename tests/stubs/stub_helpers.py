"""Clients for the tests of the stubs: HTTPS by hand, SIP by the endpoint that a UE would use."""

from __future__ import annotations

import asyncio
import http.client
import json
import queue
import re
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import trustme
from lxml import etree

from muster.documents.schemas import SchemaSet
from muster.documents.worlds import load_world
from muster.evidence import Exchange, HttpExchange, SipExchange
from muster.journal import Journal
from muster.protocol import oidc
from muster.protocol.sip.endpoint import Flow, SipEndpoint
from muster.protocol.sip.message import Headers, SipRequest, SipResponse, response_to
from muster.protocol.sip.multipart import Part, build_multipart
from muster.suite import suite_root
from stubs.loop import LoopThread
from stubs.system import McSystem
from stubs.tokens import IssuedToken
from stubs.world import World

SCOPE = oidc.scope_for(["mcptt"])
PATIENCE = 10.0
"""Seconds after which something that must come is missed."""


@contextmanager
def running_world(
    folder: Path, loop: LoopThread, schemas: SchemaSet, authority: trustme.CA, **options: Any
) -> Iterator[World]:
    """The default world with its journal in the folder, started and stopped."""
    plan = load_world(suite_root() / "fixtures" / "worlds" / "default.toml")
    journal = Journal(folder, "main")
    world = World(plan, journal, loop, schemas, authority, **options)
    try:
        world.start()
        yield world
    finally:
        world.stop()
        journal.close()


# HTTP ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def ask(
    world: World,
    method: str,
    url: str,
    *,
    token: str = "",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    form: Mapping[str, str] | None = None,
) -> Reply:
    """Send one request with its path exactly as written, and return the answer."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    if form is not None:
        body = urlencode(form).encode()
        sent["Content-Type"] = oidc.FORM_MEDIA_TYPE
    plain = socket.create_connection((world.hosts[parts.hostname], parts.port), timeout=PATIENCE)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.sock = trusting(world.authority).wrap_socket(plain, server_hostname=parts.hostname)
    try:
        path = url.partition(parts.netloc)[2]
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        return Reply(answer.status, dict(answer.headers.items()), answer.read())
    finally:
        connection.close()


def last(world: World) -> Exchange:
    return world.journal.exchanges[-1]


def last_http(world: World) -> HttpExchange:
    return [e for e in world.journal.exchanges if isinstance(e, HttpExchange)][-1]


def sip_exchanges(world: World, method: str) -> list[SipExchange]:
    return [e for e in world.journal.exchanges if isinstance(e, SipExchange) and e.method == method]


def awaited(world: World, holds: Any) -> None:
    """Wait until something journalled makes the condition true."""
    assert world.journal.wait_until(lambda: bool(holds()), PATIENCE)


def notifications_sent(world: World, system: str = "primary") -> None:
    """Wait until the server has nothing more to send for what has happened so far."""

    async def sent() -> None:
        await asyncio.gather(*world.systems[system].mc_server._tasks)

    world.loop.run(sent())


def document_url(world: World, system: str, server: str, selector: str) -> str:
    return f"{world.systems[system].url(server)}/{selector}"


# Tokens ----------------------------------------------------------------------------------------


def issued(
    world: World,
    system: str = "primary",
    *,
    owner: str = "",
    scope: str = SCOPE,
    kind: str = "access",
    lifetime: float = 600,
) -> str:
    """Put a token into the ledger, as if its IdM server had issued it."""
    value = secrets.token_urlsafe(48)
    owner = owner or world.systems[system].identity("alice")
    expires = time.time() + lifetime
    token = IssuedToken(value, kind, system, owner, tuple(scope.split()), expires)
    world.loop.call(lambda: world.ledger.issue(token))
    return value


def authorization(world: World, verifier: str, **changes: str | None) -> dict[str, str]:
    """The eight parameters of a right authorization request, some changed or (None) left out."""
    query = {
        "response_type": "code",
        "client_id": world.terminal.client_id,
        "scope": SCOPE,
        "redirect_uri": world.terminal.redirect_uri,
        "state": secrets.token_urlsafe(12),
        "acr_values": oidc.ACR_PASSWORD,
        "code_challenge": oidc.code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    changed = {**query, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def code_for(world: World, verifier: str, **changes: str | None) -> str:
    """Sign a user in and return the authorization code."""
    idms = world.primary.url("idms")
    query = urlencode(authorization(world, verifier, **changes))
    page = ask(world, "GET", f"{idms}/authorize?{query}")
    form = {
        "username": world.username("alice"),
        "password": world.passwords["alice"],
        "login_session": login_session(page),
    }
    answer = ask(world, "POST", f"{idms}/login", form=form)
    assert answer.status == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


def login_session(page: Reply) -> str:
    found = re.search(rb'name="login_session" value="([^"]+)"', page.body)
    assert found
    return found.group(1).decode()


def redeem(world: World, code: str, verifier: str, **changes: str) -> Reply:
    form = oidc.code_token_request(
        code, world.terminal.client_id, world.terminal.redirect_uri, verifier
    )
    return ask(world, "POST", f"{world.primary.url('idms')}/token", form={**form, **changes})


def signed_in(world: World, **changes: str | None) -> dict[str, Any]:
    """Return the token response of a whole sign-in."""
    verifier = oidc.generate_verifier()
    reply = redeem(world, code_for(world, verifier, **changes), verifier)
    assert reply.status == 200
    answer: dict[str, Any] = reply.json
    return answer


# SIP -------------------------------------------------------------------------------------------


class SipClient:
    """One flow to the SIP server of a system; requests that come on it are answered and kept."""

    def __init__(self, loop: LoopThread, system: McSystem, transport: str = "udp") -> None:
        self.loop = loop
        self.system = system
        self.received: queue.Queue[SipRequest] = queue.Queue()
        self.status = 200
        self.gate = threading.Event()
        self.gate.set()
        self.endpoint = SipEndpoint(self._answer)
        loop.run(self.endpoint.start("127.0.0.1", transports=("udp",)))
        self.flow = loop.run(self.endpoint.connect(transport, system.host, system.sip.port))
        self.identity = system.identity(f"ims-{secrets.token_hex(3)}")
        self._sequence = 0

    def close(self) -> None:
        self.gate.set()
        self.loop.run(self.endpoint.close())

    async def _answer(self, request: SipRequest, flow: Flow) -> SipResponse:
        self.received.put(request)
        while not self.gate.is_set():  # the test holds the answer back
            await asyncio.sleep(0.005)
        return response_to(request, self.status)

    def send(self, request: SipRequest) -> SipResponse:
        return self.loop.run(self.endpoint.request(request, self.flow))

    def notified(self) -> SipRequest:
        return self.received.get(timeout=PATIENCE)

    def request(
        self,
        method: str,
        uri: str,
        headers: Sequence[tuple[str, str]] = (),
        parts: Sequence[Part] = (),
        identity: str = "",
    ) -> SipRequest:
        self._sequence += 1
        who = identity or self.identity
        fields = Headers(
            [
                ("From", f"<{who}>;tag={secrets.token_hex(4)}"),
                ("To", f"<{who if method == 'REGISTER' else uri}>"),
                ("Call-ID", secrets.token_hex(8)),
                ("CSeq", f"{self._sequence} {method}"),
                *headers,
            ]
        )
        if "Contact" not in fields and method != "PUBLISH":
            fields.add("Contact", f"<sip:alice@127.0.0.1:{self.flow.local[1]}>")
        body = b""
        if parts:
            content_type, body = build_multipart(parts)
            fields.set("Content-Type", content_type)
        return SipRequest(method, uri, fields, body)

    def register(self, *headers: tuple[str, str], identity: str = "", **more: Any) -> SipResponse:
        domain = f"sip:{self.system.domain}"
        return self.send(self.request("REGISTER", domain, headers, identity=identity, **more))

    def publish(
        self,
        token: str = "",
        index: int | None = 1,
        headers: Sequence[tuple[str, str]] = (),
        identity: str = "",
    ) -> SipResponse:
        parts = [mcptt_info(token)]
        if index is not None:
            parts.append(poc_settings(index))
        if not any(name == "Expires" for name, _ in headers):
            headers = [*headers, ("Expires", "4294967295")]
        fields = [("Event", "poc-settings"), *headers]
        request = self.request("PUBLISH", self.system.psi.server, fields, parts, identity)
        return self.send(request)

    def subscription(
        self, target: str, resources: Sequence[str], token: str, *headers: tuple[str, str]
    ) -> SipRequest:
        fields = [("Event", "xcap-diff"), ("Accept", "application/xcap-diff+xml"), *headers]
        return self.request(
            "SUBSCRIBE", target, fields, [mcptt_info(token), resource_list(resources)]
        )


def mcptt_info(token: str) -> Part:
    content = (
        f'<mcptt-access-token type="Normal"><mcpttString>{token}</mcpttString></mcptt-access-token>'
        if token
        else '<mcptt-request-uri type="Normal"><mcpttURI>sip:x@y.example</mcpttURI>'
        "</mcptt-request-uri>"
    )
    body = (
        '<mcpttinfo xmlns="urn:3gpp:ns:mcpttInfo:1.0"><mcptt-Params>'
        f'{content}<mcptt-client-id type="Normal"><mcpttString>client-1</mcpttString>'
        "</mcptt-client-id></mcptt-Params></mcpttinfo>"
    )
    return Part("application/vnd.3gpp.mcptt-info+xml", body.encode())


def poc_settings(index: int) -> Part:
    body = (
        '<poc-settings xmlns="urn:oma:params:xml:ns:poc:poc-settings" '
        'xmlns:s="urn:3gpp:mcsSettings:1.0"><entity id="e"><s:selected-user-profile-index>'
        f"<s:user-profile-index>{index}</s:user-profile-index>"
        "</s:selected-user-profile-index></entity></poc-settings>"
    )
    return Part("application/poc-settings+xml", body.encode())


def resource_list(uris: Sequence[str]) -> Part:
    entries = "".join(f'<entry uri="{uri}"/>' for uri in uris)
    body = (
        '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">'
        f"<list>{entries}</list></resource-lists>"
    )
    return Part("application/resource-lists+xml", body.encode())


def announced(notify: SipRequest) -> list[dict[str, str]]:
    """The document elements of a notification, as their attributes."""
    root = etree.fromstring(notify.body)
    return [
        {str(name): str(value) for name, value in element.attrib.items()}
        for element in root.iter("{urn:ietf:params:xml:ns:xcap-diff}document")
    ]
