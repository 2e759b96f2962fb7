"""Where a stub is while it serves what `stub_throughput` asks: `python -m benchmarks.stub_profile`.

py-spy looks at what the server's process is calling 500 times a second; the innermost of the known
places is where it is. So the shares are those of a real server under load, and add up.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import evidence, stacks
from benchmarks.stub_throughput import Server, ask, rates

REQUESTS = 16_000
SERVING = "run_forever"
ONCE = ("xmlschema/", "compilation.py")
"""The first document compiles the schemas: two seconds, and never again."""
WAITING = ("BaseSelectorEventLoop.", "EpollSelector.select")
COLUMNS = ("where a stub is", "share of its time", "us of one request")
PLACES = {
    ("journal.py", "masked_http"): "masking every secret in texts and bodies",
    ("journal.py", "body"): "hashing the body, writing it once",
    ("journal.py", "_append"): "a line of JSON, its link in the chain, on its way to the disk",
    (
        "journal.py",
        "exchange_event",
    ): "a line of JSON, its link in the chain, on its way to the disk",
    ("tokens.py", "uses"): "whose each token is, wherever it stands",
    ("http_server.py", "_record_or_tell"): "the rest of recording",
    ("xcap.py", "answer"): "answering: selector, token, scope, conditions, a valid document",
    ("http_server.py", "_recording"): "faults, guards, what a UE can break",
    ("http_connection.py", "data_received"): "reading requests, and what becomes none",
}
"""File and function, and what is told of the time in it that is in no other of them."""
ELSEWHERE = "aiohttp, asyncio and TLS"


def place(stack: Sequence[str]) -> str:
    """Where a stack of py-spy is: frames as "name (file:line)", the innermost last."""
    for frame in reversed(stack):
        name, _, file = frame.partition(" (")
        known = PLACES.get((file.partition(":")[0].rpartition("/")[2], name.rpartition(".")[2]))
        if known is not None:
            return known
    return ELSEWHERE


def works(frames: stacks.Frames) -> bool:
    """Whether it is the thread that serves, and neither waits nor makes what is made once."""
    stack = ";".join(frames)
    once = any(part in stack for part in ONCE)
    return SERVING in stack and not once and not frames[-1].startswith(WAITING)


def shares() -> dict[str, float]:
    """The share of the time that a stub is in each place, the largest first."""
    with tempfile.TemporaryDirectory() as name:
        told = Path(name) / "stacks"
        spy = [str(Path(sys.executable).with_name("py-spy")), "record", "--rate", "500"]
        server = Server("stub", [*spy, "--format", "raw", "--output", str(told), "--"])
        asyncio.run(ask(server.port, REQUESTS))
        server.stop()
        seen = stacks.counted(told.read_text("utf-8").splitlines(), place, works)
    return {where: count / seen.total() for where, count in seen.most_common()}


def main() -> int:
    machine = evidence.Machine.here()
    servers = {which: Server(which) for which in ("bare", "stub")}
    spent = {
        which: 1e6 / statistics.median(next(rates(server, 1500)) for _ in range(5))
        for which, server in servers.items()
    }
    for server in servers.values():
        server.stop()
    rows = [
        [where, f"{share:.0%}", f"{share * spent['stub']:.0f}"] for where, share in shares().items()
    ]
    rows.append(["all", "100%", f"{spent['stub']:.0f}"])
    notes = [
        f"Bare aiohttp spends {spent['bare']:.0f} us on a request. At half of its rate a stub would"
        " have as much again for all that it does more. What bounds it is that nothing may be left"
        " out: each request is searched for secrets, hashed, linked and on its way to the disk"
        " before its answer is."
    ]
    for row in rows:
        print("  ".join(row))
    table = evidence.Table(
        *("What bounds a stub", "make stub-profile", COLUMNS, rows, machine, notes)
    )
    evidence.write("stub_profile", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
