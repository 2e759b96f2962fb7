"""Two small MC systems and a UE that is provisioned for the first."""

from collections.abc import Iterator

import pytest
import trustme

from muster.ue.driver import Driver
from tests.ue.fake_system import FakeSystem, Loop
from tests.ue.world import World, fill


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def world(loop: Loop, authority: trustme.CA) -> Iterator[World]:
    yield from filled_world(loop, authority)


@pytest.fixture
def other_world(loop: Loop, authority: trustme.CA) -> Iterator[World]:
    yield from filled_world(loop, authority)


def filled_world(loop: Loop, authority: trustme.CA) -> Iterator[World]:
    primary = FakeSystem("primary", "127.0.0.11", authority)
    partner = FakeSystem("partner", "127.0.0.12", authority)
    for system in (primary, partner):
        loop.run(system.start())
    fill(primary, partner)
    yield World(loop, primary, partner, authority)
    for system in (primary, partner):
        loop.run(system.close())


@pytest.fixture
def ue(world: World) -> Iterator[Driver]:
    driver = world.make()
    yield driver
    driver.close()
