"""The reference UE as a program of its own: the http contract in front of a driver."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from muster.ue.contract import (
    CONTRACT,
    LARGEST,
    OPERATIONS,
    ContractBroken,
    Description,
    checked,
    description_to,
    provisioning_from,
)
from muster.ue.driver import DONE, Answer, Credentials, refused
from muster.ue.reference.driver import ReferenceDriver

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ControlServer:
    """Takes operations one after another, and lets the UE do them."""

    def __init__(self, driver: ReferenceDriver, token: str = "") -> None:
        self._driver = driver
        self._token = token
        self._one_at_a_time = asyncio.Lock()

    def application(self) -> web.Application:
        """The routes of the contract."""
        application = web.Application(client_max_size=LARGEST, middlewares=[self._guard])
        application.router.add_get("/", self._describe)
        application.router.add_post("/operations/{name}", self._operate)
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "")
        if self._token and not hmac.compare_digest(
            given.encode("utf-8", "surrogateescape"), f"Bearer {self._token}".encode()
        ):
            return _error(401, "the token is missing or wrong")
        try:
            return await handler(request)
        except ContractBroken as error:
            return _error(400, str(error))

    async def _describe(self, request: web.Request) -> web.Response:
        del request
        described = Description(
            CONTRACT, frozenset(OPERATIONS), self._driver.name, self._driver.proves_quiet
        )
        return web.json_response(description_to(described))

    async def _operate(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in OPERATIONS:
            return _error(404, f"there is no operation {name}; there are: {', '.join(OPERATIONS)}")
        told = await _json_in(request)
        limit = told.get("limit_seconds")
        if not isinstance(limit, int | float) or isinstance(limit, bool) or limit < 0:
            raise ContractBroken("limit_seconds: a number of seconds is expected")
        arguments = checked(name, told.get("arguments", {}))
        async with self._one_at_a_time:
            if name == "report_state":
                state = await asyncio.to_thread(self._driver.report_state)
                return web.json_response({"answer": "done", "state": state or {}})
            answer = await asyncio.to_thread(self._perform, name, arguments, limit)
        return web.json_response({"answer": answer.kind.value, "reason": answer.reason})

    def _perform(self, name: str, arguments: dict[str, object], limit: float) -> Answer:
        if name == "quiet":
            return DONE if self._driver.quiet(limit) else refused("something is still under way")
        self._driver.limit = limit
        if name == "reset":
            return self._driver.reset(provisioning_from(arguments))
        if name == "sign_in":
            user, username, password = (str(arguments[one]) for one in arguments)
            return self._driver.sign_in(user, Credentials(username, password))
        answer: Answer = getattr(self._driver, name)(*arguments.values())
        return answer


async def _json_in(request: web.Request) -> dict[str, object]:
    try:
        told = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ContractBroken("the body is no JSON") from None
    if not isinstance(told, dict):
        raise ContractBroken("the body: an object is expected")
    version = told.get("contract")
    major = CONTRACT.partition(".")[0]
    if not isinstance(version, str) or version.partition(".")[0] != major:
        raise ContractBroken(f"contract: version {CONTRACT} is expected")
    return told


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)


async def serve(
    driver: ReferenceDriver, host: str, port: int, token: str, tell: Callable[[str], None]
) -> None:
    """Serve until it is cancelled; `tell` hears the address once it listens. OSError: cannot."""
    runner = web.AppRunner(ControlServer(driver, token).application())
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        name = f"[{host}]" if ":" in host else host
        tell(f"http://{name}:{runner.addresses[0][1]}")
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
        await asyncio.to_thread(driver.close)
