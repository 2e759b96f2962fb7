"""The facts behind what each reported case is reported for: `python -m tests.checks.told_facts`.

Writes facts.json anew. What a finding is worth follows from them, so whoever writes it anew looks
up each change: a fact that is left out makes a FAIL of a warning.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.checks.case_tables import REPORTED
from tests.checks.exchanges import Case

FACTS = Path(__file__).parent / "facts.json"
SERVICES = ("mcptt", "mcvideo", "mcdata")
Told = dict[str, dict[str, list[str]]]
"""Check, then case (with the service, if the check is for any), then a line for each finding."""


def findings(case: Case, service: str) -> list[str]:
    """Each finding as its requirement and facts; `service` is empty for a check that asks none."""
    signature = case.check.signature  # type: ignore[attr-defined]
    bound = signature.bind(*case.arguments)
    if service:
        bound.arguments["service"] = service
    told = case.check(*bound.args, **bound.kwargs).findings
    return [" ".join([one.requirement, *one.through]) for one in told]


def told() -> Told:
    """The checks of which some finding rests on a fact, with all of their reported cases."""
    found: Told = {}
    for case in REPORTED:
        takes_service = "service" in case.check.signature.parameters  # type: ignore[attr-defined]
        for service in SERVICES if takes_service else ("",):
            name = f"{case.fact} ({service})" if service else case.fact
            found.setdefault(case.check.name, {})[name] = findings(case, service)
    return {
        check: cases
        for check, cases in sorted(found.items())
        if any(" " in line for lines in cases.values() for line in lines)
    }


def main() -> None:
    FACTS.write_text(json.dumps(told(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
