"""Kills a real campaign at random moments and sees what is left: `make surroundings`.

At each moment the controller, one process of scenarios, or all of them get SIGKILL. Afterwards
nobody may be left running, the journals have to read to their last whole line with their chains
intact, `muster report` has to render, every scenario has to have exactly one verdict, and what was
not finished has to pass when it is run again.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import evidence
from muster.results import read_results
from muster.verdicts import Verdict

SELECTION = ("identity/sign_in.feature", "migration/access.feature", "migration/signalling.feature")
VICTIMS = ("the controller", "one process of scenarios", "all processes at once")
COLUMNS = ("killed", "times", "scenarios settled before", "left open", "all held")
PATIENCE_SECONDS = 30.0
KILLS = 50
VERDICT = b'{"kind":"verdict"'
OPEN = (Verdict.NOT_RUN, Verdict.ERROR)


@dataclass
class Trial:
    """What one kill left behind. `broken`: what did not hold, in words."""

    victim: str
    settled: int
    left_open: int
    broken: list[str]


def muster(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "muster", *arguments]


def descendants(root: int) -> list[int]:
    """The processes below one, as /proc tells."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        waiting += (below := children.get(waiting.pop(), []))
        found += below
    return found


def is_gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2]
    except OSError:
        return True
    return state.split()[0] in ("Z", "X")


def kill(process: subprocess.Popen[bytes], victim: str, chance: random.Random) -> list[int]:
    """Kill one of our campaign's processes, or all; return those that belonged to it."""
    below = descendants(process.pid)
    chosen = [process.pid]
    if victim == VICTIMS[1]:
        chosen = [chance.choice(below)] if below else chosen
    elif victim == VICTIMS[2]:
        chosen = [process.pid, *below]
    for one in chosen:
        try:
            os.kill(one, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it had ended by itself
    return [process.pid, *below]


def await_end(process: subprocess.Popen[bytes], family: list[int]) -> list[str]:
    """Wait until nobody of a campaign runs any more; return who does not end."""
    begun = time.monotonic()
    try:
        process.wait(2 * PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return ["the campaign did not end by itself"]
    while time.monotonic() - begun < 2 * PATIENCE_SECONDS:
        if all(is_gone(one) for one in family):
            return []
        time.sleep(0.1)
    return [f"process {one} is left running" for one in family if not is_gone(one)]


def await_first_verdict(results: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until a scenario is settled: before that a kill has little to spoil."""
    while process.poll() is None:
        if any(VERDICT in path.read_bytes() for path in results.glob("*/journal-gw*.jsonl")):
            return
        time.sleep(0.02)


def trial(moment: float, victim: str, chance: random.Random, place: Path) -> Trial:
    """Start a campaign, kill it `moment` seconds after its first verdict, and look at all of it."""
    command = muster("run", "-n", "2", "--results", str(place / "first"), *SELECTION)
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log)
    await_first_verdict(place / "first", process)
    time.sleep(moment)
    broken = await_end(process, kill(process, victim, chance))
    folders = list((place / "first").glob("*"))
    if not folders or not list(folders[0].glob("journal-*.jsonl")):
        return Trial(victim, 0, 0, broken)  # killed before it wrote anything
    (folder,) = folders
    return look(folder, place, victim, broken)


def look(folder: Path, place: Path, victim: str, broken: list[str]) -> Trial:
    made = subprocess.run(muster("report", str(folder)), capture_output=True, check=False)
    if made.returncode or not (folder / "report.html").is_file():
        broken.append(f"muster report ended with {made.returncode}: {made.stderr[-200:]!r}")
        return Trial(victim, 0, 0, broken)
    results = read_results(folder)
    if results.broken_chains:
        broken.append(f"chains: {', '.join(results.broken_chains)}")
    verdicts = Counter(scenario.id for scenario in results.scenarios)
    broken += [f"{name} has {count} verdicts" for name, count in verdicts.items() if count != 1]
    still = [scenario.id for scenario in results.scenarios if scenario.verdict in OPEN]
    settled = [scenario for scenario in results.scenarios if scenario.id not in still]
    broken += [f"{one.id} is {one.verdict}" for one in settled if one.verdict is not Verdict.PASS]
    if still:
        broken += list(again(folder, place, set(still)))
    return Trial(victim, len(settled), len(still), broken)


def again(folder: Path, place: Path, wanted: set[str]) -> Iterator[str]:
    """Run again what is open; tell what does not pass then."""
    second = place / "second"
    command = muster("run", "-n", "2", "--rerun", str(folder), "--results", str(second))
    ran = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if ran.returncode:
        yield f"run again: exit code {ran.returncode}: {ran.stdout[-200:]}{ran.stderr[-200:]}"
        return
    (results,) = second.iterdir()
    passed = {
        scenario.id
        for scenario in read_results(results).scenarios
        if scenario.verdict is Verdict.PASS
    }
    if passed != wanted:
        yield f"run again: {len(wanted - passed)} of {len(wanted)} did not pass"


def length() -> float:
    """Seconds from the first verdict to the last of a campaign that nobody kills."""
    with tempfile.TemporaryDirectory(prefix="muster-kill-") as name:
        command = muster("run", "-n", "2", "--results", name, *SELECTION)
        subprocess.run(command, cwd=name, check=True, capture_output=True)
        (folder,) = Path(name).iterdir()
        ended = [
            one.started + one.duration for one in read_results(folder).scenarios if one.started
        ]
        return max(ended) - min(ended)


def trials(kills: int, seed: int) -> Iterator[Trial]:
    """Kill campaigns at moments between their start and their usual end."""
    chance, seconds = random.Random(seed), length()
    for number in range(kills):
        with tempfile.TemporaryDirectory(prefix="muster-kill-") as name:
            moment = chance.uniform(0, seconds)
            yield trial(moment, VICTIMS[number % len(VICTIMS)], chance, Path(name))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.surroundings", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    given = parser.parse_args()
    machine = evidence.Machine.here()
    done = []
    for one in trials(given.kills, given.seed):
        done.append(one)
        told = "; ".join(one.broken) or "holds"
        print(f"{len(done)}: {one.victim}, {one.settled} settled, {one.left_open} open: {told}")
    rows = []
    for victim in VICTIMS:
        own = [one for one in done if one.victim == victim]
        before = sorted(one.settled for one in own)
        still = sorted(one.left_open for one in own)
        held = sum(not one.broken for one in own)
        rows.append(
            [
                victim,
                str(len(own)),
                f"{before[0]} to {before[-1]}",
                f"{still[0]} to {still[-1]}",
                f"{held} of {len(own)}",
            ]
        )
    notes = [
        f"Seed {given.seed}. After each kill: nobody left running, chains intact, report made, one"
        " verdict for each scenario, and what was open passed when it was run again."
    ]
    table = evidence.Table(
        "Campaigns killed at random moments", "make surroundings", COLUMNS, rows, machine, notes
    )
    evidence.write("surroundings", table)
    return 1 if any(one.broken for one in done) else 0


if __name__ == "__main__":
    sys.exit(main())
