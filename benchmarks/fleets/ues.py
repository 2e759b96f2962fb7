"""The UEs of a fleet, all at once: `python -m benchmarks.fleets.ues FOLDER SECONDS`.

Reads FOLDER/fleet.json and writes FOLDER/ues.json: for each UE its source address, what it counted
itself, and why it did not finish, if it did not.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import aiohttp

from benchmarks.fleets import PATIENCE_SECONDS
from muster.open_files import allow_many_connections
from muster.protocol.sip.endpoint import Flow, SipEndpoint, Timers
from muster.protocol.sip.message import SipRequest, SipResponse
from muster.tls_memory import spare_tls_memory
from muster.ue.driver import Credentials, Provisioning
from muster.ue.reference.refusal import Refusal
from muster.ue.reference.signalling import SignallingClient
from muster.ue.reference.system import Clients
from muster.ue.reference.ue import ReferenceUe
from muster.ue.reference.web import Web, WebAnswer

SERVICE = "mcptt"
COUNTS: dict[str, Counter[str]] = {}
"""By source address, how many requests the UE sent, and how many it was sent."""


class CountingWeb(Web):
    def timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=PATIENCE_SECONDS)

    async def send_once(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> WebAnswer:
        COUNTS[self._provisioning.source_address]["http"] += 1
        return await super().send_once(method, url, headers, body)


class CountingEndpoint(SipEndpoint):
    address = ""

    async def request(self, request: SipRequest, flow: Flow, *, copies: int = 0) -> SipResponse:
        COUNTS[self.address]["sip"] += 1
        return await super().request(request, flow, copies=copies)


class CountingSignalling(SignallingClient):
    def endpoint(self) -> SipEndpoint:
        usual = Timers()
        timers = replace(usual, scale=PATIENCE_SECONDS / usual.lifetime)
        made = CountingEndpoint(self.answer, timers=timers)
        made.address = self.provisioning.source_address
        return made

    async def answer(self, request: SipRequest, flow: Flow) -> SipResponse | None:
        COUNTS[self.provisioning.source_address]["notified"] += 1
        return await super().answer(request, flow)


class CountingUe(ReferenceUe):
    """The reference UE that counts what it sends and is sent."""

    clients: ClassVar[Clients] = Clients(web=CountingWeb, signalling=CountingSignalling)


def made(row: Mapping[str, Any]) -> tuple[CountingUe, Credentials]:
    members = {name: row[name] for name in Provisioning.__dataclass_fields__}
    members["trusted_ca_pem"] = row["trusted_ca_pem"].encode("ascii")
    provisioning = Provisioning(**members)
    COUNTS[provisioning.source_address] = Counter()
    return CountingUe(provisioning), Credentials(row["username"], row["password"])


async def live(ue: CountingUe, credentials: Credentials) -> str:
    """The primary life of one UE; return why it did not finish, or nothing."""
    try:
        await ue.power_on()
        await ue.sign_in(credentials)
        await ue.start_service(SERVICE)
        await ue.activity.idle()
    except Refusal as error:
        return str(error)
    return "; ".join([*ue.activity.problems, *map(repr, ue.activity.failures)])


async def live_all(rows: list[Mapping[str, Any]], seconds: float) -> dict[str, Any]:
    fleet = [made(row) for row in rows]
    began, before = time.perf_counter(), time.process_time()
    ended: dict[int, float] = {}

    async def one(number: int, ue: CountingUe, credentials: Credentials) -> str:
        problem = await live(ue, credentials)
        ended[number] = time.perf_counter() - began
        return problem

    tasks = [asyncio.create_task(one(n, *pair)) for n, pair in enumerate(fleet)]
    await asyncio.wait(tasks, timeout=seconds)
    took, spent = time.perf_counter() - began, time.process_time() - before
    reasons = [task.result() if task.done() else f"not within {seconds:.0f} s" for task in tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*(ue.close() for ue, _ in fleet))
    return {
        "seconds": took,
        "cpu_seconds": spent,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ues": [
            {
                "address": row["source_address"],
                "world": row["world"],
                "problem": reason,
                "seconds": ended.get(number),
                **COUNTS[row["source_address"]],
            }
            for number, (row, reason) in enumerate(zip(rows, reasons, strict=True))
        ],
    }


def main(folder: Path, seconds: float) -> None:
    allow_many_connections()
    spare_tls_memory()
    rows = json.loads((folder / "fleet.json").read_text("utf-8"))
    told = asyncio.run(live_all(rows, seconds))
    (folder / "ues.json").write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
