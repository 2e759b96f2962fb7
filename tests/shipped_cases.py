"""Writes which checks the exchange tests show to report what, for `muster prove` to know."""

import json

from muster.suite import suite_root
from tests.checks.test_every_check import REPORTED


def write() -> None:
    cases: dict[str, list[str]] = {}
    for check, requirement in sorted(REPORTED):
        cases.setdefault(check, []).append(requirement)
    path = suite_root() / "fixtures" / "exchange_tests.json"
    path.write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
