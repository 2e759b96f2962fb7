"""Doing something again before it expires: registration, publication and subscriptions."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from muster.ue.reference.activity import Activity

LONG_SECONDS = 1200
"""Past this a lifetime is renewed ten minutes before its end, below it at its half."""
MARGIN_SECONDS = 600.0
FOREVER = 2**31
"""A lifetime that no terminal lives to see the end of."""


class Refresh:
    """One timer; waiting for it is no activity, the work that it starts is."""

    def __init__(self, activity: Activity, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._activity = activity
        self._work = work
        self._timer: asyncio.TimerHandle | None = None

    def within(self, lifetime: int) -> None:
        """Start the work before the lifetime is over; a later call replaces an earlier one."""
        self.cancel()
        if 0 < lifetime < FOREVER:
            self.after(due(lifetime))

    def after(self, seconds: float) -> None:
        """Start the work after so many seconds."""
        self.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, lambda: self._activity.spawn(self._work()))

    def cancel(self) -> None:
        """Let it expire."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None


def due(lifetime: int) -> float:
    """When something of this lifetime is to be renewed, in seconds from now."""
    return lifetime - MARGIN_SECONDS if lifetime > LONG_SECONDS else lifetime / 2
