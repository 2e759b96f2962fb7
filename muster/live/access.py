"""Who may see the page: only who opens it on this machine, with the token of its address.

A page of another origin could send requests to a port of this machine, or point a name of its own
at it. Both carry their mark: an Origin or Sec-Fetch-Site that is not ours, a Host that is no
loopback address.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from muster.live.place import is_loopback

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def refusal(token: str, method: str, path: str, headers: Mapping[str, str]) -> str | None:
    """Say why a request is refused; None for one that may go on. `headers` compare without case."""
    host = headers.get("Host", "")
    if not is_loopback(host):
        return f"the host {host[:100]!r} is not this machine"
    if headers.get("Origin", f"http://{host}") != f"http://{host}":
        return "the request comes from another origin"
    if headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        opens = method == "GET" and headers.get("Sec-Fetch-Dest") == "document"
        if not opens:
            return "the request comes from another site"
    given = path.split("/")[1]
    if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        return "the address does not hold the token that Muster printed"
    return None


def guard(token: str) -> Middleware:
    """Return the middleware that refuses, and gives every answer its headers."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        told = refusal(token, request.method, request.path, request.headers)
        if told is not None:
            return web.Response(status=403, text=f"Refused: {told}.\n", headers=HEADERS)
        try:
            return await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise

    return guarded
