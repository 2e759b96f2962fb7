"""A running default world per module, and SIP clients that are closed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.journal import Journal
from muster.suite import suite_root
from stubs.loop import LoopThread
from stubs.world import World, load_schemas
from tests.stubs.stub_helpers import SipClient, running_world


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def loop() -> Iterator[LoopThread]:
    loop = LoopThread()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def schemas() -> SchemaSet:
    return load_schemas(suite_root())


@pytest.fixture(scope="module")
def shared_world(
    tmp_path_factory: pytest.TempPathFactory,
    loop: LoopThread,
    schemas: SchemaSet,
    authority: trustme.CA,
) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("results"), loop, schemas, authority) as world:
        yield world


@pytest.fixture
def world(shared_world: World, request: pytest.FixtureRequest) -> World:
    """The module's world; the journal starts afresh."""
    shared_world.journal.begin(request.node.name)
    return shared_world


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "results", "main")
    yield journal
    journal.close()


@pytest.fixture
def client(world: World, loop: LoopThread) -> Iterator[Callable[..., SipClient]]:
    """Makes SIP clients of a system, over UDP unless said otherwise."""
    made: list[SipClient] = []

    def make(system: str = "primary", transport: str = "udp") -> SipClient:
        made.append(SipClient(loop, world.systems[system], transport))
        return made[-1]

    yield make
    for system in world.systems.values():
        # Else the next change of a document is announced to clients that are gone.
        loop.call(system.mc_server.subscriptions.clear)
    for one in made:
        one.close()
