"""The vendor's control server: POST /operations/<name>, and GET / for who it is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from muster.drivers.answers import read_json
from muster.drivers.external import DriverFailed
from muster.ue.contract import CONTRACT, LARGEST, JsonObject


class HttpChannel:
    """Talks to a control server; each request has a connection of its own.

    A connection that is kept would end unseen when the server is started anew, and an operation
    must not be sent twice.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._headers = {"Muster-Contract": CONTRACT}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._runner = asyncio.Runner()

    def describe(self, seconds: float) -> object:
        """GET the description."""
        return self._run("GET", "/", None, seconds)

    def call(self, operation: str, request: JsonObject, seconds: float) -> object:
        """POST the operation."""
        return self._run("POST", f"/operations/{operation}", json.dumps(request).encode(), seconds)

    def close(self) -> None:
        """End the loop."""
        self._runner.close()

    def _run(self, method: str, path: str, body: bytes | None, seconds: float) -> object:
        try:
            return self._runner.run(self._ask(method, path, body, seconds))
        except TimeoutError:
            told = f"did not answer within {seconds:g} s"
        except aiohttp.ClientConnectorError as error:
            told = f"cannot be reached: {error.strerror or error.os_error}"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            told = f"did not answer: {type(error).__name__}: {error}"
        raise DriverFailed(f"the driver at {self._url}{path} {told}")

    async def _ask(self, method: str, path: str, body: bytes | None, seconds: float) -> object:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        connector = aiohttp.TCPConnector(force_close=True)
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.request(
                method, self._url + path, data=body, headers=headers, allow_redirects=False
            ) as answer,
        ):
            data = await _read(answer)
        if answer.status != 200:
            raise DriverFailed(
                f"the driver answered {method} {path} with {answer.status} instead of 200"
            )
        return read_json(data)


async def _read(answer: Any) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > LARGEST:
            break
    return bytes(data)
