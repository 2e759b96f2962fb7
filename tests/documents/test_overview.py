from muster.documents.overview import overview
from muster.suite import suite_root


def test_overview_in_the_documentation_is_current():
    told = "run: python -m muster.documents.overview > docs/documents.md"

    assert (suite_root() / "docs" / "documents.md").read_text("utf-8") == overview(), told
