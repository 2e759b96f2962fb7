import re

import pytest

from muster.documents.overview import overview
from muster.documents.recognise import BY_NAME
from muster.suite import suite_root


def test_overview_in_the_documentation_is_current():
    told = "run: python -m muster.documents.overview > docs/documents.md"

    assert (suite_root() / "docs" / "documents.md").read_text("utf-8") == overview(), told


@pytest.mark.parametrize("name", BY_NAME)
def test_every_document_has_three_valid_and_eight_invalid_examples(name: str):
    row = re.search(rf"^\| {name} \|.* (\d+) / (\d+) / \d+ \|$", overview(), re.MULTILINE)

    assert row is not None
    assert (int(row[1]) >= 3, int(row[2]) >= 8) == (True, True), row[0]
