"""Named misbehaviours that a world gives to a stub. A stub itself has no branch for any of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NoAnswer(Exception):
    """Raised by a fault: close the connection without a response."""


class HttpFault:
    """Wraps the handler of every request of one server; the base class changes nothing."""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        return await handler(request)


@dataclass
class SlowAnswer(HttpFault):
    """Every answer comes late."""

    seconds: float = 1.0

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(self.seconds)
        return await handler(request)


@dataclass
class ConnectionReset(HttpFault):
    """Requests whose path holds `path` get no answer: the connection is closed."""

    path: str = ""

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.path in request.raw_path:
            raise NoAnswer
        return await handler(request)


@dataclass
class Refusal(HttpFault):
    """Requests whose path holds `path` are refused with a status, at most `times` times."""

    status: int = 403
    path: str = ""
    times: int = 1_000_000

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.path in request.raw_path and self.times > 0:
            self.times -= 1
            return web.Response(status=self.status)
        return await handler(request)
