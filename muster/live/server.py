"""Serves the page of one folder of journals, on loopback, from a thread of its own."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from muster.errors import SuiteError
from muster.journal import now
from muster.live.access import HEADERS, guard
from muster.live.details import details
from muster.live.follow import Follower
from muster.live.kept import WINDOW
from muster.live.story import Story
from muster.prompts import OFFERED, Choice, give_answer
from muster.requirements import Catalogue

PAGE = Path(__file__).parent / "page"
LOOK_SECONDS = 0.1
"""How often the journals are looked at, and a page is told at most."""
FLOOD_SECONDS = 0.4
"""How long a page is left alone when more rows came at once than anybody reads."""
TICK_SECONDS = 5.0
"""A page is told at least this often that Muster is there."""
FAREWELL_SECONDS = 1.5
MOST_PAGES = 24
MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class LivePage:
    """The page of a folder; all of it lives on one loop."""

    def __init__(self, folder: Path, catalogue: Catalogue | None = None) -> None:
        self.folder = folder
        self.token = secrets.token_urlsafe(18)
        self.story = Story(catalogue, str(folder / "report.html"))
        self.follower = Follower(folder)
        self.is_closing = False
        self._epoch = secrets.token_hex(4)
        self._told = asyncio.Condition()
        self._pages = 0

    def application(self) -> web.Application:
        made = web.Application(middlewares=[guard(self.token)], client_max_size=16_384)
        made.add_routes(
            [
                web.get("/{token}", self._whole),
                web.get("/{token}/", self._file),
                web.get("/{token}/{name:[a-z]+\\.(?:js|css|svg)}", self._file),
                web.get("/{token}/events", self._events),
                web.get("/{token}/rows", self._rows),
                web.get("/{token}/exchanges/{row:[0-9]{1,9}}", self._exchange),
                web.post("/{token}/answers/{prompt:[0-9a-z]{1,40}}", self._answer),
            ]
        )
        return made

    # Following -------------------------------------------------------------------------------

    async def follow(self) -> None:
        """Read the journals until cancelled, and wake whoever waits for news."""
        while True:
            await self.look()
            await asyncio.sleep(0 if self.follower.is_behind else LOOK_SECONDS)

    async def look(self) -> None:
        lines = self.follower.read()
        if lines:
            self.story.feed(lines)
            async with self._told:
                self._told.notify_all()

    async def say_farewell(self) -> None:
        """Tell the pages the last news, and that there will be no more."""
        await self.look()
        while self.follower.is_behind:
            await self.look()
        self.is_closing = True
        async with self._told:
            self._told.notify_all()
        for _ in range(int(FAREWELL_SECONDS / 0.02)):
            if not self._pages:
                break
            await asyncio.sleep(0.02)

    # Answering -------------------------------------------------------------------------------

    async def _whole(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(f"/{self.token}/")

    async def _file(self, request: web.Request) -> web.Response:
        path = PAGE / request.match_info.get("name", "index.html")
        if not path.is_file():
            raise web.HTTPNotFound
        media_type = MEDIA_TYPES[path.suffix]
        body = path.read_bytes()
        return web.Response(body=body, content_type=media_type, charset="utf-8", headers=HEADERS)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events; a page that comes again says how far it got."""
        if self._pages >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text="Too many pages are open.\n")
        answer = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await answer.prepare(request)
        self._pages += 1
        try:
            await answer.write(b"retry: 1000\n\n")
            await self._tell(answer, self._got(request.headers.get("Last-Event-ID", "")))
            await answer.write(b"event: farewell\ndata: {}\n\n")
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._pages -= 1
        return answer

    def _got(self, event_id: str) -> int | None:
        epoch, _, number = event_id.partition("-")
        return int(number) if epoch == self._epoch and number.isdecimal() else None

    async def _tell(self, answer: web.StreamResponse, got: int | None) -> None:
        rows = 0
        while True:
            closing = self.is_closing
            rows, before = self.story.rows.total, rows
            if got is None or got < self.story.number:
                text, got = self.story.since(got), self.story.number
                await answer.write(f"id: {self._epoch}-{got}\ndata: {text}\n\n".encode())
            if closing:
                return
            await answer.write(b"event: tick\ndata: %s\n\n" % json.dumps({"now": now()}).encode())
            await self._news_after(got)
            flood = rows - before > WINDOW // 2
            if not self.is_closing:
                await asyncio.sleep(FLOOD_SECONDS if flood else LOOK_SECONDS)

    async def _news_after(self, got: int) -> None:
        async with self._told:
            try:
                async with asyncio.timeout(TICK_SECONDS):
                    await self._told.wait_for(lambda: self.story.number > got or self.is_closing)
            except TimeoutError:
                return

    async def _rows(self, request: web.Request) -> web.Response:
        scenario, before = (_number(request, name) for name in ("scenario", "before"))
        return _json(self.story.page_of_rows(scenario, before))

    async def _exchange(self, request: web.Request) -> web.Response:
        evidence = self.story.rows.evidence.get(int(request.match_info["row"]))
        text = evidence and details(self.folder, evidence, self.story.requirement)
        if not text:
            raise web.HTTPNotFound(text="There is no such exchange.\n")
        return _json(text)

    async def _answer(self, request: web.Request) -> web.Response:
        """Take what the operator says; 409 if the prompt has an answer already."""
        name = request.match_info["prompt"]
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="JSON is expected.\n")
        choice, detail = _choice(await request.read())
        if name not in self.story.open_prompts:
            raise web.HTTPNotFound(text="Nobody waits for an answer to this.\n")
        taken = give_answer(self.folder, name, choice, detail)
        return _json(json.dumps({"taken": taken}), 200 if taken else 409)


def _choice(body: bytes) -> tuple[Choice, str]:
    try:
        given = json.loads(body)
        choice, detail = Choice(given["answer"]), given.get("detail", "")
    except (ValueError, KeyError, TypeError, RecursionError):
        choice, detail = Choice.SILENT, ""
    if choice not in OFFERED or not isinstance(detail, str):
        offered = ", ".join(OFFERED)
        told = f'{{"answer": ..., "detail": ...}} is expected; answers: {offered}.\n'
        raise web.HTTPBadRequest(text=told)
    return choice, detail


def _number(request: web.Request, name: str) -> int | None:
    text = request.query.get(name, "")
    if text and not (text.isascii() and text.lstrip("-").isdecimal() and len(text) < 10):
        raise web.HTTPBadRequest(text=f"{name} is a number.\n")
    return int(text) if text else None


def _json(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="application/json", headers=HEADERS)


# The thread --------------------------------------------------------------------------------------


@contextmanager
def served(folder: Path, place: socket.socket, catalogue: Catalogue | None) -> Iterator[str]:
    """Serve the page of a folder while the block runs; give its address. SuiteError: it cannot."""
    started: list[tuple[asyncio.AbstractEventLoop, asyncio.Event, str]] = []
    ready = threading.Event()

    async def serve() -> None:
        page, stop = LivePage(folder, catalogue), asyncio.Event()
        runner = web.AppRunner(
            page.application(), handle_signals=False, access_log=None, shutdown_timeout=0.2
        )
        await runner.setup()
        await web.SockSite(runner, place).start()
        following = asyncio.create_task(page.follow())
        started.append((asyncio.get_running_loop(), stop, f"{origin(place)}/{page.token}/"))
        ready.set()
        await stop.wait()
        following.cancel()
        await page.say_farewell()
        await runner.cleanup()

    def run() -> None:
        try:
            asyncio.run(serve())
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="live page", daemon=True)
    thread.start()
    ready.wait()
    if not started:
        raise SuiteError("the live page could not start; what went wrong stands above")
    loop, stop, address = started[0]
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(FAREWELL_SECONDS + 2)


def origin(place: socket.socket) -> str:
    host, port = place.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
