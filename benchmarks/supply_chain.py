"""Where Muster comes from, and what comes with it: `make supply-chain`.

Builds the wheel twice from copies in other places, with other times and rights, and compares them
byte for byte; looks that each package of the lock has its hashes and a licence that Muster may
need; and asks pip-audit for known vulnerabilities, where its source can be reached.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import evidence, licences

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ("what", "result", "holds")
NOT_CHECKED = "not checked"


def known_files() -> list[str]:
    """The files of the checkout as git knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def build(place: Path, age: int, mode: int) -> Path:
    """Build the wheel from a copy whose files have this time and these rights."""
    tree = place / "checkout"
    for name in known_files():
        copy = tree / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / name).read_bytes())
        copy.chmod(mode)
        os.utime(copy, (age, age))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place)]
    subprocess.run([*command, str(tree)], cwd=place, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    return wheel


def wheels() -> tuple[str, str]:
    """SHA-256 of two wheels of this checkout."""
    digests = []
    for age, mode in ((1_500_000_000, 0o644), (1_750_000_000, 0o600)):
        with tempfile.TemporaryDirectory(prefix=f"muster-wheel-{age}-") as name:
            digests.append(hashlib.sha256(build(Path(name), age, mode).read_bytes()).hexdigest())
    first, second = digests
    return first, second


def without_hash() -> list[str]:
    """Packages of the lock that name no hash."""
    text = licences.LOCK.read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if "==" in line]
    return [line.partition("==")[0] for line in lines if "--hash=sha256:" not in line]


def vulnerabilities() -> tuple[str, str]:
    """What pip-audit says of the lock, and whether that is good, or that it cannot tell."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(licences.LOCK)]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        told = json.loads(ran.stdout)["dependencies"]
    except (ValueError, KeyError):
        reason = (ran.stderr.strip().splitlines() or ["pip-audit is not installed"])[-1]
        return f"pip-audit could not tell: {reason[:100]}", NOT_CHECKED
    unknown = [one["name"] for one in told if "skip_reason" in one]
    found = [f"{one['name']} {v['id']}" for one in told for v in one.get("vulns", ())]
    if found:
        return ", ".join(found), "no"
    if unknown:
        return f"its source does not know {len(unknown)} of {len(told)} packages", NOT_CHECKED
    return f"none known in {len(told)} packages", "yes"


def main() -> int:
    machine = evidence.Machine.here()
    first, second = wheels()
    found = licences.packages()
    bare, refused = without_hash(), [p.name for p in found if not p.is_allowed]
    rows = [
        ["wheel built twice: other place, times and rights", first, _yes(first == second)],
        ["packages of the lock with SHA-256 of their files", _but(found, bare), _yes(not bare)],
        ["licences that Muster may need", _but(found, refused), _yes(not refused)],
        ["known vulnerabilities (pip-audit)", *vulnerabilities()],
    ]
    for row in rows:
        print("  ".join(row))
    table = evidence.Table("Supply chain", "make supply-chain", COLUMNS, rows, machine)
    evidence.write("licences", table)
    return 1 if any(row[2] == "no" for row in rows) else 0


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _but(found: list[licences.Package], without: list[str]) -> str:
    return f"{len(found)} of {len(found)}" if not without else f"all but {', '.join(without)}"


if __name__ == "__main__":
    sys.exit(main())
