"""What reported each faulty UE, and that no right one is blamed: `make proof-table`.

Runs `muster prove --json`, or reads what it wrote (`--read FILE`), and writes the page's table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import evidence

COLUMNS = ("UE", "must be reported by", "was", "follows", "anything else", "scenarios")


def row(proof: dict[str, Any]) -> list[str]:
    """One UE of the proof."""
    return [
        proof["name"],
        proof["requirement"] or "nothing",
        proof["severity"] or ("not reported" if proof["requirement"] else "nothing"),
        ", ".join(proof["follows"]),
        "; ".join(proof["alarms"]),
        str(proof["scenarios"]),
    ]


def table(proofs: list[dict[str, Any]], machine: evidence.Machine) -> evidence.Table:
    """The table of a proof, with its sums."""
    faulty = [one for one in proofs if one["requirement"]]
    caught = [one for one in faulty if one["severity"]]
    variants = [one for one in proofs if not one["requirement"]]
    held = [one for one in proofs if one["holds"]]
    notes = [
        f"{len(caught)} of {len(faulty)} faulty UEs were reported by their requirement;"
        f" {len(variants)} conformant variants; {len(held)} of {len(proofs)} proofs hold.",
        "Each UE goes through the features in which its fault shows, and a sample of the others.",
    ]
    title = "Faulty and conformant UEs"
    rows = [row(one) for one in proofs]
    return evidence.Table(title, "make proof-table", COLUMNS, rows, machine, notes)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.proof", description=__doc__)
    parser.add_argument("--read", type=Path, help="what `muster prove --json` wrote")
    given = parser.parse_args()
    machine = evidence.Machine.here()
    if given.read is None:
        command = [sys.executable, "-m", "muster", "prove", "--json"]
        text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    else:
        text = given.read.read_text("utf-8")
    proofs = json.loads(text)
    evidence.write("proof", table(proofs, machine))
    return 0 if all(one["holds"] for one in proofs) else 1


if __name__ == "__main__":
    sys.exit(main())
