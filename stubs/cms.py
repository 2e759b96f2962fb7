"""Configuration management server: bootstrap document and XCAP of TS 24.484."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiohttp import web
from lxml import etree

from muster.documents.parse import DocumentRefused, parse
from stubs.http_server import FACTS
from stubs.tokens import IssuedToken
from stubs.xcap import DocumentStore, StoredDocument, XcapServer, holds

SCOPE = "config_management_service"


MARK = "Pre-selected-indication"


class Cms(XcapServer):
    """Serves the documents of TS 24.484 to authenticated users."""

    async def write(
        self, request: web.Request, selector: str, token: IssuedToken
    ) -> web.StreamResponse:
        """RFC 4825 8.2: replace a profile of the user's own, where the store takes updates.

        A profile has the mark of pre-selection alone: who gives it to one takes it from the rest.
        """
        held = self.store.get(selector)
        if (
            not self.store.takes_updates
            or request.method != "PUT"
            or held is None
            or not held.reader
            or not token.belongs_to(held.reader)
        ):
            return await super().write(request, selector, token)
        if request.headers.get("If-Match", held.etag) not in (held.etag, "*"):
            raise web.HTTPPreconditionFailed
        body = await request.read()
        try:
            is_marked = has_mark(body)
        except DocumentRefused as refusal:
            raise web.HTTPConflict(text=str(refusal)) from refusal
        stored = self.store.put(replace(held, content=body))
        if is_marked:
            request[FACTS]["marked"] = selector
            self._unmark_others(stored)
        return web.Response(headers={"ETag": stored.etag})

    def _unmark_others(self, marked: StoredDocument) -> None:
        folder = marked.selector.rpartition("/")[0] + "/"
        for other in self.store.matching(folder):
            if other.selector != marked.selector and has_mark(other.body):
                self.store.put(replace(other, content=without_mark(other.body)))


def has_mark(profile: bytes) -> bool:
    """Whether a user profile is pre-selected. DocumentRefused for what is no XML."""
    return next(parse(profile).iter(f"{{*}}{MARK}"), None) is not None


def without_mark(profile: bytes) -> bytes:
    root = parse(profile)
    for mark in list(root.iter(f"{{*}}{MARK}")):
        parent = mark.getparent()
        if parent is not None:
            parent.remove(mark)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


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
