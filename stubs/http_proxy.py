"""An HTTP proxy that ends the UE's TLS for several servers of its trust domain (TS 33.180 5.4).

It answers in their names, told apart by path, whether a request target is a path or a whole URI
(RFC 9112 3.2.1, 3.2.2): no text that was read says which of them a UE sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from muster.evidence import path_and_query


@dataclass(frozen=True)
class HttpProxy:
    """Hands requests to the server whose path they are below; others are refused with 403."""

    behind: Mapping[str, web.UrlDispatcher]
    """By path, without a slash at its end."""

    def routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/{path:.*}", self.answer)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = path_and_query(request.raw_path)[0]
        for place, routes in self.behind.items():
            if path.startswith(f"{place}/"):
                found = await routes.resolve(request)
                request._match_info = found  # what handlers read of their own routes
                return await found.handler(request)
        return web.Response(status=403)
