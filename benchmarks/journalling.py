"""Cost of journalling one exchange of 5 KB: `python -m benchmarks.journalling`.

The yardstick is json.dumps and a file write of the same data in the same run. Budget: 200 us.
"""

import json
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.figures import Amount, Budget, Figure, main
from muster.evidence import HttpExchange
from muster.journal import Journal, masked_http, now

BUDGET = Budget(200.0, "us")
SECRETS = 24
"""As many as a scenario of migration knows."""
HEADERS = tuple((f"X-Field-{number}", secrets.token_hex(12)) for number in range(10))


def exchange(number: int) -> HttpExchange:
    """Return an exchange with a new body of 5 KB, as a stub hands it to the journal."""
    body = f"<document number='{number}'>".encode() + b"<entry>sip:a@b.example</entry>\n" * 160
    return HttpExchange(
        name="",
        started=now(),
        ended=now(),
        system="primary",
        server="cms",
        connection="primary-cms-C1",
        method="GET",
        target="/c3fa2b1/org.3gpp.mcptt.user-profile/users/sip:a@b.example/profile-1.xml",
        headers=HEADERS,
        body=b"",
        status=200,
        response_headers=HEADERS,
        response_body=body,
        tls="TLSv1.3 TLS_AES_256_GCM_SHA384",
        facts={"document": "org.3gpp.mcptt.user-profile/users/sip:a@b.example/profile-1.xml"},
    )


def bare(folder: Path) -> Callable[[HttpExchange], object]:
    """Write the same data with nothing but json.dumps and two files."""
    lines = (folder / "bare.jsonl").open("ab")

    def write(seen: HttpExchange) -> None:
        members = asdict(seen) | {"body": "", "response_body": seen.tls}
        lines.write(json.dumps(members).encode() + b"\n")
        lines.flush()
        (folder / f"{seen.started}").write_bytes(seen.response_body)

    return write


def medians(calls: Sequence[Callable[[HttpExchange], object]], times: int) -> list[float]:
    """Return the median of each call in microseconds; in turn, so that a busy disk slows all."""
    samples: list[list[float]] = [[] for _ in calls]
    for number in range(times):
        for call, own in zip(calls, samples, strict=True):
            seen = exchange(len(calls) * number + len(own))
            started = time.perf_counter()
            call(seen)
            own.append((time.perf_counter() - started) * 1e6)
    return [statistics.median(own) for own in samples]


def measure(known: int, folder: Path, times: int) -> Figure:
    """The cost with so many secrets known."""
    journal = Journal(folder / f"with-{known}", "main")
    for number in range(known):
        # Tokens of an issuer begin alike, as JWTs do.
        token = "eyJhbGciOiJSUzI1NiIsImtpZCI6InByaW1hcnkifQ." + secrets.token_urlsafe(480)
        journal.masker.register(token if number % 3 else secrets.token_urlsafe(24), "token")
    bodies = Journal(folder / f"bodies-{known}", "main")
    calls = [
        bare(folder),
        journal.exchange,
        lambda seen: masked_http(seen, journal.masker, "X1"),
        lambda seen: bodies.body(seen.response_body),
    ]
    yardstick, cost, masking, body = medians(calls, times)
    for one in (journal, bodies):
        one.close()
    return Figure(
        f"an exchange of 5 KB, {known} secrets known",
        BUDGET,
        Amount(cost, "us", "journalled"),
        Amount(yardstick, "us", "json.dumps and write"),
        note=f"masking {masking:.0f} us, hash and file of the body {body:.0f} us, the rest JSON,"
        f" chain and line; {cost / yardstick:.2f}x of json.dumps and two files in the same run",
    )


def figures(tiny: bool = False) -> list[Figure]:
    # In memory where there is such a place: how fast a disk makes files is not what is measured.
    memory = Path("/dev/shm")
    times = 20 if tiny else 1000
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        return [measure(known, Path(place), times) for known in (0, SECRETS)]


if __name__ == "__main__":
    sys.exit(main("journalling", figures))
