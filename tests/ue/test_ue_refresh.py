"""What the reference UE does again before it expires."""

import asyncio
from collections.abc import Callable

import pytest

from muster.ue.reference.activity import Activity
from muster.ue.reference.refresh import FOREVER, Refresh, due

PATIENCE = 5.0
"""Seconds after which something that must come is missed."""


@pytest.mark.parametrize(("lifetime", "seconds"), [(2, 1.0), (1200, 600.0), (3600, 3000.0)])
def test_short_lifetimes_are_halved_and_long_ones_have_a_margin(
    lifetime: int, seconds: float
) -> None:
    assert due(lifetime) == seconds


def test_waiting_is_no_activity_and_the_work_is() -> None:
    async def life() -> tuple[bool, bool]:
        activity, begun, go_on = Activity(), asyncio.Event(), asyncio.Event()

        async def work() -> None:
            begun.set()
            await go_on.wait()

        Refresh(activity, work).after(0.01)
        await asyncio.wait_for(activity.idle(), PATIENCE)
        waited = not begun.is_set()
        await asyncio.wait_for(begun.wait(), PATIENCE)
        idle = asyncio.ensure_future(activity.idle())
        await asyncio.sleep(0)
        worked = not idle.done()
        go_on.set()
        await asyncio.wait_for(idle, PATIENCE)
        return waited, worked

    assert asyncio.run(life()) == (True, True)


@pytest.mark.parametrize(
    "what",
    [
        lambda refresh: refresh.within(0),
        lambda refresh: refresh.within(FOREVER),
        lambda refresh: refresh.cancel(),
    ],
    ids=["over", "for ever", "cancelled"],
)
def test_what_need_not_be_refreshed_is_left(what: Callable[[Refresh], None]) -> None:
    async def life() -> list[str]:
        activity, done = Activity(), []

        async def work() -> None:
            done.append("refreshed")

        async def later() -> None:
            done.append("later")

        refresh = Refresh(activity, work)
        refresh.after(0.01)
        what(refresh)
        marker = Refresh(activity, later)
        marker.after(0.02)
        while not done:
            await asyncio.sleep(0.005)
        return done

    assert asyncio.run(life()) == ["later"]
