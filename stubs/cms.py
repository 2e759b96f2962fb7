"""Configuration management server: bootstrap document and XCAP of TS 24.484."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from stubs.http_server import FACTS
from stubs.xcap import DocumentStore, StoredDocument, XcapServer, holds

SCOPE = "config_management_service"


class Cms(XcapServer):
    """Serves the documents of TS 24.484 to authenticated users."""


@dataclass
class Bootstrap:
    """Serves MCS UE initial configurations before any sign-in: no token is needed or wanted."""

    store: DocumentStore
    root: str

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/{anything:.*}", self.answer)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        document = self._document(request)
        if request.method not in ("GET", "HEAD"):
            raise web.HTTPMethodNotAllowed(request.method, ["GET"])
        request[FACTS]["document"] = document.selector
        version = {"ETag": document.etag}
        if holds(request.headers.get("If-None-Match", ""), document.etag):
            return web.Response(status=304, headers=version)
        return web.Response(body=document.body, content_type=document.media_type, headers=version)

    def _document(self, request: web.Request) -> StoredDocument:
        path = request.path  # decoded by aiohttp, as the selectors are
        document = self.store.get(path.removeprefix(self.root + "/"))
        if not path.startswith(self.root + "/") or document is None:
            raise web.HTTPNotFound
        return document
