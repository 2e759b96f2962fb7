"""What the UE has under way, so that it can prove that it is idle."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from muster.ue.reference.refusal import Refusal

# The loop must have read what its sockets already hold before idleness is believed.
_SETTLING_PASSES = 3


class Activity:
    """Counts operations, background tasks and unanswered transactions."""

    def __init__(self) -> None:
        self._under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self.problems: list[str] = []
        self.failures: list[BaseException] = []

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        """Something the UE does, from its beginning to its end."""
        self._begin()
        try:
            yield
        finally:
            self._end()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run work in the background; it counts from now on, not from its first step."""
        self._begin()
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def idle(self) -> None:
        """Return once nothing is under way."""
        while True:
            await self._idle.wait()
            for _ in range(_SETTLING_PASSES):
                await asyncio.sleep(0)
            if self._idle.is_set():
                return

    async def stop(self) -> None:
        """Cancel all background work."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self) -> None:
        self._under_way += 1
        self._idle.clear()

    def _end(self) -> None:
        self._under_way -= 1
        if self._under_way == 0:
            self._idle.set()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._end()
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Refusal):
            self.problems.append(str(error))
        elif error is not None:
            self.failures.append(error)
