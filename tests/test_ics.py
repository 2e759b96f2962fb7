"""The table of ICS items: every tag of the suite stands in it, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

from muster.ics import FEATURES, known_items
from muster.requirements import Catalogue
from muster.tags import check_item, items_in
from muster.ue.contract import OPERATIONS

ROOT = Path(__file__).resolve().parents[1]


def items_of_tags() -> set[str]:
    texts = [path.read_text("utf-8") for path in (ROOT / "features").rglob("*.feature")]
    return {
        item
        for text in texts
        for expression in re.findall(r"@ics:(\S+)", text)
        for item in items_in(expression)
    }


def test_every_item_that_a_feature_names_is_explained_and_no_other() -> None:
    assert items_of_tags() == set(FEATURES)


def test_items_are_features_operations_and_facts() -> None:
    catalogue = Catalogue.load(ROOT / "fixtures" / "requirements")

    known = known_items(catalogue)

    assert known["ipv6"] == FEATURES["ipv6"]
    assert known["operation:migrate"] == f"{OPERATIONS['migrate'].what}."
    assert "operation:report_state" not in known
    assert known["reads_mcdata_documents"].startswith("The MCData configuration documents")
    assert [item for item in known if check_item(item) != item or not known[item]] == []
