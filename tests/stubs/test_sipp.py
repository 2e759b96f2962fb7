"""SIPp as a peer that is not ours: registration, service authorisation and subscriptions."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from muster.documents.schemas import SchemaSet
from muster.evidence import SipExchange
from stubs.loop import LoopThread
from stubs.world import World
from tests.stubs.stub_helpers import issued, notifications_sent, running_world

SIPP = shutil.which("sipp")
SCENARIOS = Path(__file__).with_name("sipp")
CALLS = 50
AT_ONCE = 5
"""Calls that are under way together."""
TIME_LIMIT = 60
"""Seconds after which SIPp gives up."""

pytestmark = pytest.mark.skipif(
    SIPP is None, reason="SIPp is not installed: it is in the Debian package sip-tester"
)


@dataclass(frozen=True)
class Calls:
    """What SIPp itself says of its calls."""

    successful: int
    failed: int
    unexpected: int
    """Messages that the scenario did not wait for."""


@pytest.fixture(scope="module")
def own_world(
    tmp_path_factory: pytest.TempPathFactory,
    loop: LoopThread,
    schemas: SchemaSet,
    authority: trustme.CA,
) -> Iterator[World]:
    with running_world(tmp_path_factory.mktemp("sipp"), loop, schemas, authority) as world:
        yield world


@dataclass
class Peer:
    """Runs SIPp against the primary system."""

    world: World
    folder: Path

    def call(self, scenario: str, transport: str) -> Calls:
        """Run the calls of one scenario over one socket and return SIPp's statistics."""
        statistics = self.folder / "statistics.csv"
        system = self.world.primary
        done = subprocess.run(
            [
                *(SIPP or "sipp", f"{system.host}:{system.sip.port}"),
                *("-sf", str(SCENARIOS / f"{scenario}.xml")),
                *("-t", {"udp": "u1", "tcp": "t1"}[transport], "-i", "127.0.0.1"),
                *("-m", str(CALLS), "-l", str(AT_ONCE), "-r", "200", "-nostdin"),
                *("-timeout", str(TIME_LIMIT), "-timeout_error", "-recv_timeout", "30000"),
                *("-trace_stat", "-stf", str(statistics), "-fd", "1", "-trace_err"),
                *(word for pair in self._keys().items() for word in ("-key", *pair)),
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT + 10,
        )
        assert done.returncode == 0, self._errors(done)
        notifications_sent(self.world)
        return read_statistics(statistics)

    def _keys(self) -> Mapping[str, str]:
        system = self.world.primary
        return {
            "domain": system.domain,
            "server": system.psi.server,
            "target": system.psi.cms,
            "token": issued(self.world),
            "resource": self.world.service_configuration_selector(),
        }

    def _errors(self, done: subprocess.CompletedProcess[str]) -> str:
        told = [path.read_text(errors="replace") for path in self.folder.glob("*_errors.log")]
        return "\n".join([*told, done.stdout[-2000:], done.stderr[-2000:]])


def read_statistics(path: Path) -> Calls:
    with path.open(newline="") as lines:
        last = list(csv.DictReader(lines, delimiter=";"))[-1]
    return Calls(
        successful=int(last["SuccessfulCall(C)"]),
        failed=int(last["FailedCall(C)"]),
        unexpected=int(last["FailedUnexpectedMessage(C)"]),
    )


def seen(world: World) -> Counter[tuple[str, str, int | None]]:
    """How often each method was answered by each status, in each direction."""
    return Counter(
        (exchange.direction, exchange.method, exchange.status)
        for exchange in world.journal.exchanges
        if isinstance(exchange, SipExchange)
    )


def unparsed(world: World) -> list[str]:
    return [contact.event for contact in world.journal.contacts if contact.event == "unparsed"]


@pytest.fixture
def peer(own_world: World, tmp_path: Path, request: pytest.FixtureRequest) -> Peer:
    own_world.journal.begin(request.node.name)
    return Peer(own_world, tmp_path)


EXPECTED = {
    "register": {("from_ue", "REGISTER", 200): 4 * CALLS},
    "publish": {
        ("from_ue", "REGISTER", 200): CALLS,
        ("from_ue", "PUBLISH", 200): 3 * CALLS,
        ("from_ue", "PUBLISH", 412): CALLS,
    },
    "subscribe": {
        ("from_ue", "SUBSCRIBE", 200): 3 * CALLS,
        ("to_ue", "NOTIFY", 200): 3 * CALLS,
    },
}
"""What the journal must hold after all calls of a scenario."""


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("scenario", EXPECTED)
def test_calls_of_another_implementation_succeed_and_are_recorded(
    peer: Peer, scenario: str, transport: str
) -> None:
    calls = peer.call(scenario, transport)

    assert (calls.successful, calls.failed, calls.unexpected) == (CALLS, 0, 0)
    assert seen(peer.world) == EXPECTED[scenario]
    assert unparsed(peer.world) == []
    assert peer.world.journal.crashes == []
