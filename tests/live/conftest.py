from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.campaign import Written


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Written]:
    """A campaign whose journals are open."""
    made = Written(tmp_path / "results")
    yield made
    made.close()
