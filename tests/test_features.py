"""What holds for our features beyond what `muster lint` looks at (tests/test_lint.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_bdd.parser import Feature, FeatureParser

FOLDER = Path(__file__).resolve().parent.parent / "features"
IDS = [str(path.relative_to(FOLDER)) for path in sorted(FOLDER.rglob("*.feature"))]
PARSED = [FeatureParser(str(FOLDER), name).parse() for name in IDS]


@pytest.mark.parametrize("feature", PARSED, ids=IDS)
def test_world_is_chosen_first_of_all(feature: Feature) -> None:
    """A world that runs is not exchanged: the sentence that chooses one comes first."""
    after = [step.name for one in feature.scenarios.values() for step in list(one.steps)[1:]]

    late = [name for name in after if name.startswith("a world with")]

    assert late == []
