"""What is told of each rule-breaking example: `python -m tests.documents.told_findings`.

Writes rule-breaking/findings.json anew; whoever does it reads what changed.
"""

from __future__ import annotations

import json
from pathlib import Path

from muster.documents.parse import parse
from muster.documents.rules import apply_rules

EXAMPLES = Path(__file__).parent / "rule-breaking"
FINDINGS = EXAMPLES / "findings.json"


def told(path: Path) -> list[str]:
    """The findings of one example, each as a line."""
    return [
        f"{one.line} {one.path}: {one.requirement}: {one.expected} | {one.observed}"
        for one in apply_rules(parse(path.read_bytes())).problems
    ]


def main() -> None:
    paths = sorted(EXAMPLES.rglob("*.xml"))
    found = {str(path.relative_to(EXAMPLES)): told(path) for path in paths}
    FINDINGS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
