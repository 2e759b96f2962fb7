import pytest

from muster.results import Results, read_results
from tests.reports.sample import write_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Results:
    """The sample campaign as it is read; nobody may write into its folder."""
    return read_results(write_sample(tmp_path_factory.mktemp("sample")))
