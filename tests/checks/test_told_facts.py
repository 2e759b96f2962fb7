"""What every finding rests on, case by case: a fact more or less changes what it is worth."""

import json

from muster.requirements import Catalogue
from muster.suite import suite_root
from tests.checks.told_facts import FACTS, told


def test_findings_rest_on_the_facts_that_were_read() -> None:
    """`python -m tests.checks.told_facts` writes them anew."""
    assert told() == json.loads(FACTS.read_text("utf-8"))


def test_every_fact_is_in_the_catalogue() -> None:
    known = Catalogue.load(suite_root() / "fixtures" / "requirements").facts
    lines = [line for cases in told().values() for lines in cases.values() for line in lines]

    assert {fact for line in lines for fact in line.split()[1:]} - known.keys() == set()
