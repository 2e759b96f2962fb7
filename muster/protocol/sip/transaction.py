"""Transactions of RFC 3261 clause 17 without INVITE's own: timers E, F, J and K, and what absorbs.

An INVITE is treated like any other request; its ACK is absorbed by the endpoint.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from .fields import parse_address, parse_cseq, parse_via
from .message import SipRequest, SipResponse
from .observer import Flow, SipRecord

MAGIC_COOKIE = "z9hG4bK"


class SipTimeout(TimeoutError):
    """No final response came before timer F fired."""


@dataclass(frozen=True)
class Timers:
    """RFC 3261 table 4, in seconds; `scale` multiplies all of them."""

    t1: float = 0.5
    t2: float = 4.0
    t4: float = 5.0
    scale: float = 1.0

    @property
    def first_retransmission(self) -> float:
        """First value of timer E."""
        return self.t1 * self.scale

    @property
    def longest_retransmission(self) -> float:
        """Largest value of timer E."""
        return self.t2 * self.scale

    @property
    def lifetime(self) -> float:
        """Timers F and J."""
        return 64 * self.t1 * self.scale

    @property
    def absorption(self) -> float:
        """Timer K."""
        return self.t4 * self.scale


def server_key(request: SipRequest, flow: Flow) -> Hashable:
    """What retransmissions of a request have in common (RFC 3261 17.2.3).

    The flow belongs to it: two clients that count their branches alike must not answer each other.
    """
    top = parse_via(request.headers.elements("Via")[0])
    sent_by = (top.host.lower(), top.port)
    branch = (top.branch or "").lower()
    if branch.startswith(MAGIC_COOKIE.lower()) and len(branch) > len(MAGIC_COOKIE):
        return (flow.identity, top.branch, sent_by, request.method)
    get = request.headers.get
    tags = tuple(parse_address(get(name) or "").tag for name in ("From", "To"))
    identifiers = (get("Call-ID"), parse_cseq(get("CSeq") or ""))
    return (flow.identity, top.branch, sent_by, request.uri, tags, identifiers)


class ServerTransaction:
    """A received request: answered once, its copies get the same answer until timer J."""

    def __init__(
        self,
        flow: Flow,
        raw: bytes,
        send: Callable[[Flow, bytes], None],
        report: Callable[[SipRecord], None],
    ) -> None:
        self.flow = flow
        self._raw = raw
        self._send = send
        self._report = report
        self._started = time.time()
        self._retransmissions = 0
        self._final: bytes | None = None
        self._reported = False

    def repeat(self) -> None:
        """Take a copy of the request."""
        self._retransmissions += 1
        if self._final is not None:
            self._send(self.flow, self._final)

    def answer(self, response: bytes) -> None:
        """Send the final response. ConnectionError or ValueError if it cannot go."""
        self._send(self.flow, response)
        self._final = response
        self.finish()

    def finish(self) -> None:
        """Report what there is; no further response is expected."""
        if self._reported:
            return
        self._reported = True
        responses = () if self._final is None else (self._final,)
        self._report(
            SipRecord(
                "received",
                self.flow,
                self._raw,
                responses,
                self._started,
                time.time(),
                self._retransmissions,
                self._final is not None,
            )
        )


class ClientTransaction:
    """A sent request: repeated by timer E over UDP until an answer or timer F."""

    def __init__(
        self,
        flow: Flow,
        raw: bytes,
        timers: Timers,
        send: Callable[[Flow, bytes], None],
        report: Callable[[SipRecord], None],
        copies: int = 0,
    ) -> None:
        """`copies` of the request follow its final response, as if that had been lost."""
        self.flow = flow
        self._raw = raw
        self._copies = copies
        self._timers = timers
        self._send = send
        self._report = report
        self._loop = asyncio.get_running_loop()
        self.outcome: asyncio.Future[SipResponse] = self._loop.create_future()
        self._started = time.time()
        self._retransmissions = 0
        self._responses: list[bytes] = []
        self._reported = False
        self._interval = timers.first_retransmission
        self._timer_e: asyncio.TimerHandle | None = None
        self._timer_f: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Send the request. ConnectionError or ValueError if it cannot go."""
        self._send(self.flow, self._raw)
        self._timer_f = self._loop.call_later(self._timers.lifetime, self._timed_out)
        if not self.flow.reliable:
            self._timer_e = self._loop.call_later(self._interval, self._retransmit)

    def receive(self, response: SipResponse, raw: bytes) -> None:
        """Take a response; copies of the final one are absorbed (timer K is the endpoint's)."""
        if self.outcome.done():
            return
        self._responses.append(raw)
        if response.status >= 200 and self._copies > 0:
            self._copies -= 1
            self._repeat()
        elif response.status >= 200:
            self._end()
            self.outcome.set_result(response)
        elif self._timer_e is not None:
            # 17.1.2.2: once the server is known to work on it, repeat at T2 only.
            self._interval = self._timers.longest_retransmission
            self._timer_e.cancel()
            self._timer_e = self._loop.call_later(self._interval, self._retransmit)

    def fail(self, error: Exception) -> None:
        """End without a final response."""
        if not self.outcome.done():
            self._end(completed=False)
            self.outcome.set_exception(error)

    def abandon(self) -> None:
        """End because nobody waits for the response any more."""
        self._end(completed=False)

    def _retransmit(self) -> None:
        self._interval = min(2 * self._interval, self._timers.longest_retransmission)
        self._timer_e = self._loop.call_later(self._interval, self._retransmit)
        self._repeat()

    def _repeat(self) -> None:
        self._retransmissions += 1
        try:
            self._send(self.flow, self._raw)
        except OSError as error:
            self.fail(error)

    def _timed_out(self) -> None:
        seconds = f"{self._timers.lifetime:g} s"
        self.fail(SipTimeout(f"no final response from {self.flow.remote} within {seconds}"))

    def _end(self, completed: bool = True) -> None:
        for timer in (self._timer_e, self._timer_f):
            if timer is not None:
                timer.cancel()
        self._timer_e = self._timer_f = None
        if self._reported:
            return
        self._reported = True
        self._report(
            SipRecord(
                "sent",
                self.flow,
                self._raw,
                tuple(self._responses),
                self._started,
                time.time(),
                self._retransmissions,
                completed,
            )
        )
