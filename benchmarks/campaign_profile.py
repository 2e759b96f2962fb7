"""Where the CPU time of a campaign goes: `python -m benchmarks.campaign_profile`.

py-spy looks 200 times a second at what every process of the main job is calling, in one process
for scenarios. The innermost frame of a known place is where it is, so the shares add up.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks import evidence, stacks

COLUMNS = ("where a campaign is", "share of its CPU time")
PLACES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("TLS", ("(ssl.py", "asyncio/sslproto.py", "stubs/tls", "muster/tls_", "trustme/")),
    ("SIP messages and transactions", ("muster/protocol/sip/", "sipmessage/")),
    ("key mathematics and tokens", ("muster/protocol/", "joserfc/", "cryptography/", "gmpy2")),
    ("documents: made, parsed, validated", ("muster/documents/", "xmlschema/", "jinja2/")),
    ("recording: masking, hash chain, files", ("muster/journal.py", "muster/masking.py")),
    ("checks and verdicts", ("muster/checks/", "muster/judging.py", "muster/verdicts.py")),
    ("reference UE", ("muster/ue/",)),
    ("stubs", ("stubs/",)),
    ("steps", ("(steps/",)),
    (
        "reading the record, and reports",
        ("reports/", "muster/results.py", "muster/seen.py", "muster/journal_files.py"),
    ),
    ("loading modules", ("importlib", "(re/")),
    (
        "pytest, Gherkin and collection",
        ("_pytest/", "pluggy/", "pytest_bdd/", "gherkin/", "parse/__init__", "allure"),
    ),
    ("HTTP: aiohttp", ("aiohttp/", "yarl/", "multidict/", "aiosignal/")),
    ("asyncio", ("asyncio/", "selectors.py")),
)
"""What is told, and parts of the files whose functions are meant."""
OTHERS = "everything else"
WAITING = ("Condition.wait", "EpollSelector.select", "wait (", "Popen.", "sleep", "watch (")


def place(stack: Iterable[str]) -> str:
    """Where a stack is: frames as "name (file:line)", the innermost last."""
    for frame in reversed([*stack]):
        for told, parts in PLACES:
            if any(part in frame for part in parts):
                return told
    return OTHERS


def works(frames: stacks.Frames) -> bool:
    """Whether something is done; who waits is nowhere."""
    return not frames[-1].startswith(WAITING)


def main() -> int:
    machine = evidence.Machine.here()
    with tempfile.TemporaryDirectory() as name:
        told = Path(name) / "stacks"
        spy = [str(Path(sys.executable).with_name("py-spy")), "record", "--subprocesses"]
        options = ["--rate", "200", "--format", "raw", "--output", str(told), "--"]
        campaign = [sys.executable, "-m", "muster", "run", "-m", "main_job", "--results", name]
        command = [*spy, *options, *campaign]
        subprocess.run(command, cwd=name, capture_output=True, check=False)
        if not told.exists():
            print("py-spy could not look at the campaign: may this user trace processes?")
            return 1
        seen = stacks.counted(told.read_text("utf-8").splitlines(), place, works)
    rows = [[where, f"{count / seen.total():.0%}"] for where, count in seen.most_common()]
    for row in rows:
        print("  ".join(row))
    notes = ["CPU time bounds a campaign, and no single place: it goes with the machine's speed."]
    title = "What bounds a campaign"
    table = evidence.Table(title, "make campaign-profile", COLUMNS, rows, machine, notes)
    evidence.write("campaign_profile", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
