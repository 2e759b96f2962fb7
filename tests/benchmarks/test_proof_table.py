"""How a proof is told on the page of evidence."""

from benchmarks.evidence import Machine
from benchmarks.proof import table

CAUGHT = {
    "name": "faulty:a",
    "requirement": "R-1",
    "severity": "FAIL",
    "follows": ["R-2"],
    "alarms": [],
    "scenarios": 4,
    "holds": True,
}
MISSED = CAUGHT | {"name": "faulty:b", "severity": "", "follows": [], "holds": False}
BLAMED = MISSED | {"name": "variant:c", "requirement": "", "alarms": ["R-3"]}


def test_what_was_missed_and_who_was_blamed_is_told() -> None:
    made = table([CAUGHT, MISSED, BLAMED], Machine(2, "3.11", "0.1"))

    assert [list(one) for one in made.rows] == [
        ["faulty:a", "R-1", "FAIL", "R-2", "", "4"],
        ["faulty:b", "R-1", "not reported", "", "", "4"],
        ["variant:c", "nothing", "nothing", "", "R-3", "4"],
    ]
    assert made.notes[0].startswith("1 of 2 faulty UEs")
    assert made.notes[0].endswith("1 of 3 proofs hold.")
