"""What a stub does for one request beyond serving it: `python -m benchmarks.stub_profile`.

The bound behind `stub_throughput`: each step alone, on the exchange that the stub records there.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from benchmarks import evidence
from benchmarks.stub_throughput import TOKEN, Server, document, rates
from muster.evidence import HttpExchange
from muster.journal import Journal, exchange_event, masked_http, now
from stubs.tokens import IssuedToken, TokenLedger

TIMES = 2000
ROUNDS = 5
COLUMNS = ("step of one request", "us", "share of the stub's time")


def microseconds(work: Callable[[], object], times: int = TIMES) -> float:
    """CPU time of one call: the median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            work()
        taken.append(1e6 * (time.process_time() - begun) / times)
    return statistics.median(taken)


def recorded(ledger: TokenLedger) -> HttpExchange:
    """The exchange that the stub of `stub_throughput` records with each request."""
    selector, body, media_type = document()
    headers = (("Host", "127.0.0.1:40000"), ("Authorization", f"Bearer {TOKEN}"))
    answered = (("Content-Type", media_type), ("ETag", '"1"'), ("Content-Length", str(len(body))))
    target = f"/root/{selector}"
    return HttpExchange(
        *("", now(), now(), "primary", "cms", "C1", "GET", target, headers, b"", 200, answered),
        *(body, "TLSv1.3 TLS_AES_256_GCM_SHA384", ledger.uses(headers, target, b"")),
    )


def steps(folder: Path) -> dict[str, Callable[[], object]]:
    journal = Journal(folder, "main")
    ledger = TokenLedger(journal.masker)
    ledger.issue(IssuedToken(TOKEN, "access", "primary", "sip:a", ("x",), time.time() + 600))
    seen = recorded(ledger)
    masked = masked_http(seen, journal.masker)
    journal.body(seen.response_body)
    event = {"kind": "exchange", "time": now(), **exchange_event(masked, journal.body)}
    line = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    file = (folder / "lines").open("ab")

    def written() -> None:
        file.write(line)
        file.flush()

    return {
        "find out whose each token is, wherever it stands": lambda: ledger.uses(
            seen.headers, seen.target, b""
        ),
        "mask every secret in texts and bodies": lambda: masked_http(seen, journal.masker),
        "name the exchange": lambda: replace(masked, name="X1"),
        "hash the body": lambda: journal.body(seen.response_body),
        "make a line of JSON": lambda: json.dumps(
            exchange_event(masked, lambda data: "h"), ensure_ascii=False, separators=(",", ":")
        ),
        "link it into the chain": lambda: sha256(b"0" * 64 + line).hexdigest(),
        "write it, and not wait for the next": written,
    }


def main() -> int:
    machine = evidence.Machine.here()
    servers = {which: Server(which) for which in ("bare", "stub")}
    spent = {
        which: 1e6 / statistics.median(next(rates(server, 1500)) for _ in range(ROUNDS))
        for which, server in servers.items()
    }
    for server in servers.values():
        server.stop()
    with tempfile.TemporaryDirectory() as name:
        found = {what: microseconds(work) for what, work in steps(Path(name)).items()}
    found = {"serve it as bare aiohttp does": spent["bare"], **found}
    rest = "everything else: TLS facts, faults, routes, token check, conditions of XCAP"
    found[rest] = spent["stub"] - sum(found.values())
    rows = [[what, f"{us:.0f}", f"{us / spent['stub']:.0%}"] for what, us in found.items()]
    rows.append(["all", f"{spent['stub']:.0f}", "100%"])
    notes = [
        f"At half of bare aiohttp's rate a stub has {spent['bare']:.0f} us for all that it records."
        " What bounds it is that nothing may be left out: each request is searched for secrets,"
        " hashed, linked and on its way to the disk before the answer is."
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
