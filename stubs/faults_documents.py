"""Named faults of configuration and group servers: documents withheld, ETags in another dress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from aiohttp import web

from stubs.faults import Handler, HttpFault
from stubs.gms import BY_GROUP, BY_GROUP_ID
from stubs.xcap import DocumentStore, StoredDocument, holds

CHALLENGES = {401: 'Bearer error="invalid_token"', 403: 'Bearer error="insufficient_scope"'}


def is_for(request: web.Request, selector: str) -> bool:
    """Tell whether a request is for a document, in whichever spelling and below any root."""
    path = unquote(request.raw_path.partition("?")[0]).replace(BY_GROUP, BY_GROUP_ID)
    return path.endswith(f"/{selector}")


@dataclass
class WithheldDocument(HttpFault):
    """Requests for a document are refused with a status, at most `times` times."""

    selector: str
    status: int = 404
    times: int = 1_000_000

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.times > 0 and is_for(request, self.selector):
            self.times -= 1
            challenge = CHALLENGES.get(self.status)
            headers = {"WWW-Authenticate": challenge} if challenge else {}
            return web.Response(status=self.status, headers=headers)
        return await handler(request)


@dataclass
class RefusedToken(HttpFault):
    """The first token that is shown to the server is refused from its second request on.

    The server forgot it, say; any other token is taken.
    """

    accepted: int = 0
    """How many requests the first token is good for."""
    refused: str = ""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        shown = request.headers.get("Authorization", "")
        self.refused = self.refused or shown
        if shown and shown == self.refused:
            if self.accepted <= 0:
                return web.Response(status=401, headers={"WWW-Authenticate": CHALLENGES[401]})
            self.accepted -= 1
        return await handler(request)


@dataclass
class SameVersionAgain(HttpFault):
    """A document counts as unchanged for whoever holds one version, whatever was announced."""

    selector: str
    etag: str

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        condition = request.headers.get("If-None-Match", "")
        if is_for(request, self.selector) and holds(condition, self.etag):
            return web.Response(status=304, headers={"ETag": self.etag})
        return await handler(request)


@dataclass
class WeakEtags(HttpFault):
    """Every ETag comes marked as weak, as from behind a proxy that compresses."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        etag = response.headers.get("ETag", "")
        if etag and not etag.startswith("W/"):
            response.headers["ETag"] = f"W/{etag}"
        return response


@dataclass
class SecondRoot(HttpFault):
    """The documents are found below another XCAP root of the same server as well."""

    path: str
    """Path of the other root, as "/other"."""
    root: str
    """Path of the root that the server was made with."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.raw_path.startswith(f"{self.path}/"):
            moved = self.root + request.raw_path.removeprefix(self.path)
            return await handler(request.clone(rel_url=moved))
        return await handler(request)


@dataclass
class StrayAnnouncements(DocumentStore):
    """A store that tells subscribers of documents that are none of theirs."""

    store: DocumentStore
    strays: Sequence[StoredDocument] = ()

    def __post_init__(self) -> None:
        super().__init__()

    def matching(self, resource: str) -> list[StoredDocument]:
        """Name the strays whenever one of their application usage is subscribed to."""
        usage = unquote(resource).lstrip("/").partition("/")[0]
        beside = [stray for stray in self.strays if stray.selector.partition("/")[0] == usage]
        return [*self.store.matching(resource), *beside]


@dataclass
class OtherMediaType(HttpFault):
    """A document is said to be of another media type than it is."""

    selector: str
    media_type: str = "text/html"

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if is_for(request, self.selector):
            response.content_type = self.media_type
        return response


@dataclass
class TwoLengths(HttpFault):
    """The answer with a document states two lengths, of which one at most can be right."""

    selector: str

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        body = response.body if isinstance(response, web.Response) else None
        if is_for(request, self.selector) and isinstance(body, bytes):
            for length in (len(body), len(body) + 7):
                response.headers.add("Content-Length", str(length))
            response.force_close()
        return response
