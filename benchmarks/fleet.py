"""1,000 reference UEs through the primary life at once: `python -m benchmarks.fleet`.

Bootstrap, sign-in, keys, documents, service authorisation and groups of MCPTT, SIP over UDP. The
UEs are one process, the stubs another. Every UE counts what it sends and is sent, from a loopback
address of its own; the journals must hold exactly that, read whole, and their chains must be whole.

It is 40 systems with 25 users each, not one with 1,000: every message is searched for every secret
that its journal knows, so that the cost of a journal grows with the square of its users. The UEs
wait 120 s for an answer, not 20 s: how soon a busy machine comes to serve all is another figure.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.evidence import ROOT
from benchmarks.figures import Amount, Budget, Figure, main
from benchmarks.fleets import PATIENCE_SECONDS
from muster.journal_files import JournalFile, read_journals

WORLDS, USERS = 40, 25
SECONDS = Budget(300.0, "s")
MEMORY = Budget(1024.0, "MiB")
KINDS = ("http", "sip", "notified")


@dataclass(frozen=True)
class Fleet:
    """What came of one run: what both programs told, and the journal of each world."""

    ues: Mapping[str, Any]
    stubs: Mapping[str, Any]
    journals: Sequence[JournalFile]

    @property
    def finished(self) -> int:
        return sum(not ue["problem"] for ue in self.ues["ues"])

    @property
    def reasons(self) -> Counter[str]:
        return Counter(ue["problem"] for ue in self.ues["ues"] if ue["problem"])

    @property
    def journalled(self) -> dict[str, Counter[str]]:
        """By source address, how many exchanges of each kind the journals hold."""
        found: dict[str, Counter[str]] = {}
        for journal in self.journals:
            for event in journal.events:
                if event["kind"] == "exchange":
                    address, kind = _whose(event)
                    found.setdefault(address, Counter())[kind] += 1
        return found

    @property
    def sent(self) -> dict[str, Counter[str]]:
        """By source address, what each UE counted."""
        return {
            ue["address"]: Counter({kind: ue.get(kind, 0) for kind in KINDS})
            for ue in self.ues["ues"]
        }

    @property
    def differences(self) -> int:
        """How many exchanges are missing in the journals, or are there but were not sent."""
        sent, journalled = self.sent, self.journalled
        return sum(
            abs(sent.get(address, Counter())[kind] - journalled.get(address, Counter())[kind])
            for address in sent | journalled
            for kind in KINDS
        )

    @property
    def defects(self) -> list[str]:
        """What is wrong with the journals, and what failed in the stubs."""
        broken = [journal.broken for journal in self.journals if journal.broken]
        notes = [note for journal in self.journals for note in journal.notes]
        return [*broken, *notes, *self.stubs["crashes"]]


def _whose(event: Mapping[str, Any]) -> tuple[str, str]:
    remote = event["facts"]["remote"]
    if event["protocol"] == "http":
        return remote, "http"
    kind = "sip" if event["direction"] == "from_ue" else "notified"
    return remote.rpartition(":")[0], kind


def send_out(folder: Path, worlds: int, users: int) -> Fleet:
    """Start the worlds, let all UEs live at once, and read what was journalled."""
    program = [sys.executable, "-m", "benchmarks.fleets.worlds"]
    stubs = subprocess.Popen(
        [*program, str(folder), str(worlds), str(users)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert stubs.stdout is not None
        if stubs.stdout.readline() != "ready\n":
            raise SystemExit("the stubs of the fleet did not start")
        limit = SECONDS.limit
        subprocess.run(
            [sys.executable, "-m", "benchmarks.fleets.ues", str(folder), str(limit)],
            cwd=ROOT,
            check=True,
            timeout=2 * limit,
        )
        stubs.communicate(timeout=limit)
    finally:
        if stubs.poll() is None:
            stubs.kill()
            stubs.wait()
    ues, told = (json.loads((folder / f"{name}.json").read_text()) for name in ("ues", "stubs"))
    journals = [one for n in range(worlds) for one in read_journals(folder / str(n))]
    return Fleet(ues, told, journals)


def figures(tiny: bool = False) -> list[Figure]:
    worlds, users = (2, 3) if tiny else (WORLDS, USERS)
    with tempfile.TemporaryDirectory() as name:
        fleet = send_out(Path(name), worlds, users)
    count = worlds * users
    what = f"{count:,} UEs at once"
    exchanges = sum(sum(kinds.values()) for kinds in fleet.journalled.values())
    took = [ue["seconds"] for ue in fleet.ues["ues"] if ue["seconds"] is not None]
    reasons = "; ".join(f"{times} UEs: {reason}" for reason, times in fleet.reasons.items())
    peaks = fleet.ues["peak_mib"], fleet.stubs["peak_mib"]
    spent = fleet.ues["cpu_seconds"], fleet.stubs["cpu_seconds"]
    return [
        Figure(
            f"{what}: that finish",
            Budget(float(count), "UEs", at_least=True),
            Amount(fleet.finished, "UEs"),
            note=(
                f"{worlds} systems with {users} users each, a journal for each; SIP over UDP;"
                f" a UE waits {PATIENCE_SECONDS:.0f} s for an answer"
                + (reasons and f"; not finished: {reasons}")
            ),
        ),
        Figure(
            f"{what}: exchanges by which the journals differ from what the UEs counted",
            Budget(0.0, "exchanges"),
            Amount(fleet.differences, "exchanges"),
            note=f"{exchanges:,} exchanges journalled",
        ),
        Figure(
            f"{what}: breaks of chains, lines not read, failures of stubs",
            Budget(0.0, "defects"),
            Amount(len(fleet.defects), "defects"),
            note="; ".join(fleet.defects[:5]),
        ),
        Figure(
            f"{what}: memory",
            MEMORY,
            Amount(sum(peaks), "MiB"),
            note=f"UEs {peaks[0]:.0f} MiB, stubs {peaks[1]:.0f} MiB",
        ),
        Figure(
            f"{what}: until all finished",
            SECONDS,
            Amount(fleet.ues["seconds"], "s"),
            note=(
                f"the first after {min(took):.1f} s; CPU time of the UEs {spent[0]:.1f} s,"
                f" of the stubs {spent[1]:.1f} s"
            ),
        ),
    ]


if __name__ == "__main__":
    sys.exit(main("fleet", figures))
