"""The XCAP engine that CMS and GMS share: a store of documents, and RFC 4825 to read it.

Authorisation follows TS 24.482 annex A.2.3: no credentials 403, a bad token 401 as in RFC 6750.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from aiohttp import web

from muster.evidence import path_and_query
from muster.protocol.oidc import SCOPES
from stubs.http_server import FACTS
from stubs.tokens import IssuedToken, TokenLedger

ETAG = re.compile(r'(?:W/)?"[^"]*"')
CAPABILITIES = "xcap-caps/global/index"
CAPABILITIES_TYPE = "application/xcap-caps+xml"


@dataclass(frozen=True)
class StoredDocument:
    """One version of a document; `selector` is its path below the XCAP root, not escaped."""

    selector: str
    content: bytes | Callable[[], bytes]
    """The document, or what writes it when it is first asked for."""
    media_type: str
    reader: str = ""
    """MC service ID that may read it; empty: any user whom this system authenticated."""
    service: str = ""
    """The service whose scope opens it; empty: that of any service, as for groups."""
    etag: str = ""

    @property
    def body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content()


Listener = Callable[[str, StoredDocument | None, StoredDocument | None], None]


def new_etag() -> str:
    """An ETag that no version had before."""
    return f'"{secrets.token_hex(6)}"'


class DocumentStore:
    """The documents of one server; listeners hear of each change as (selector, before, after)."""

    def __init__(self) -> None:
        self._documents: dict[str, StoredDocument] = {}
        self._listeners: list[Listener] = []
        self.new_etag: Callable[[], str] = new_etag
        self.takes_updates = False
        """Whether users may replace documents of their own (TS 23.280 10.1.4.5)."""

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def put(self, document: StoredDocument) -> StoredDocument:
        """Store a new version under a new ETag and tell the listeners."""
        before = self._documents.get(document.selector)
        stored = replace(document, etag=self.new_etag())
        self._documents[document.selector] = stored
        for listener in self._listeners:
            listener(document.selector, before, stored)
        return stored

    def remove(self, selector: str) -> None:
        before = self._documents.pop(selector)
        for listener in self._listeners:
            listener(selector, before, None)

    def get(self, selector: str) -> StoredDocument | None:
        return self._documents.get(selector)

    def matching(self, resource: str) -> list[StoredDocument]:
        """Return what a subscribed resource names: a document, or a collection ending in /."""
        wanted = unquote(resource).lstrip("/")
        if wanted.endswith("/"):
            return [found for key, found in self._documents.items() if key.startswith(wanted)]
        return [found for key, found in self._documents.items() if key == wanted]

    def __iter__(self) -> Iterator[StoredDocument]:
        return iter(list(self._documents.values()))


@dataclass
class XcapServer:
    """Answers XCAP requests of one system for one kind of management service."""

    system: str
    ledger: TokenLedger
    store: DocumentStore
    root: str
    """Path of the XCAP root, as "/r7f3a"."""
    scope: str
    """Last part of the scope that opens it: config_management_service, group_management_service."""

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/{anything:.*}", self.answer)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        selector = self.selector(request.raw_path)
        if selector is None:
            raise web.HTTPNotFound
        token = self.authenticate(request)
        if request.method not in ("GET", "HEAD"):
            return await self.write(request, selector, token)
        if selector == CAPABILITIES:
            return web.Response(body=capabilities(self.store), content_type=CAPABILITIES_TYPE)
        return self.read(request, selector, token)

    def selector(self, raw_path: str) -> str | None:
        """Return the document selector, decoded; clients may escape ":" and "@" of an XUI."""
        path = unquote(path_and_query(raw_path)[0])
        if not path.startswith(self.root + "/"):
            return None
        return path.removeprefix(self.root + "/")

    def authenticate(self, request: web.Request) -> IssuedToken:
        """Return the token of the request or refuse (TS 24.482 A.2.3, RFC 6750 3.1)."""
        if "X-3GPP-Asserted-Identity" in request.headers:
            raise web.HTTPForbidden(reason="asserted identity from a UE")
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not value:
            raise web.HTTPForbidden
        token = self.ledger.valid(value.strip(), kind="access", issuer=self.system)
        if token is None:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise web.HTTPUnauthorized(headers=challenge)
        if not self.opens(token):
            raise _insufficient_scope()
        return token

    def opens(self, token: IssuedToken, service: str = "") -> bool:
        """Tell whether a scope of the token is for this server and the service, if one is given."""
        return any(
            scope.endswith(self.scope) and (not service or scope in SCOPES[service])
            for scope in token.scopes
        )

    def read(self, request: web.Request, selector: str, token: IssuedToken) -> web.Response:
        """RFC 4825 8.3: the stored document and its ETag; 304 if the client holds that version."""
        document = self.store.get(selector)
        if document is None:
            raise web.HTTPNotFound
        if document.reader and not token.belongs_to(document.reader):
            raise web.HTTPForbidden
        if not self.opens(token, document.service):
            raise _insufficient_scope()
        request[FACTS]["document"] = document.selector
        version = {"ETag": document.etag}
        if holds(request.headers.get("If-None-Match", ""), document.etag):
            return web.Response(status=304, headers=version)
        return web.Response(body=document.body, content_type=document.media_type, headers=version)

    async def write(
        self, request: web.Request, selector: str, token: IssuedToken
    ) -> web.StreamResponse:
        """Ordinary users change nothing here: documents are the administrator's."""
        if request.method in ("PUT", "DELETE"):
            raise web.HTTPForbidden
        raise web.HTTPMethodNotAllowed(request.method, ["GET"])


def _insufficient_scope() -> web.HTTPForbidden:
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}
    return web.HTTPForbidden(headers=challenge)


def capabilities(store: DocumentStore) -> bytes:
    """RFC 4825 12: the application usages that this server knows."""
    usages = sorted({document.selector.partition("/")[0] for document in store} | {"xcap-caps"})
    lines = "".join(f"<auid>{usage}</auid>" for usage in usages)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xcap-caps xmlns="urn:ietf:params:xml:ns:xcap-caps">'
        f"<auids>{lines}</auids><extensions/><namespaces/></xcap-caps>\n"
    ).encode()


def holds(if_none_match: str, etag: str) -> bool:
    """RFC 9110 13.1.2: does the field name this version (weak comparison)?"""
    # What stands between quotes may hold commas; what has no quotes is no ETag, and names none.
    offered = [tag.removeprefix("W/") for tag in ETAG.findall(if_none_match)]
    return if_none_match.strip() == "*" or etag.removeprefix("W/") in offered
