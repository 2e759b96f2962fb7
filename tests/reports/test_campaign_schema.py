"""campaign.json is as the published schema says, whatever a campaign left."""

import json
from pathlib import Path

import jsonschema
import pytest

from muster.results import campaign_document, read_results
from tests.reports.sample import write_sample

SCHEMA = Path(__file__).parents[2] / "docs" / "campaign.schema.json"


def check(document):
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(document)), schema)


def test_whole_campaign_fits_the_schema(sample):
    check(campaign_document(sample))


def test_cut_campaign_fits_the_schema(tmp_path):
    check(campaign_document(read_results(write_sample(tmp_path, cut=True))))


@pytest.mark.parametrize(
    "change",
    [
        {"exit_code": 9},
        {"counts": {}},
        {"scenarios": [{}]},
        {"schema": 2},
        {"started": "yesterday"},
    ],
)
def test_other_document_does_not_fit(sample, change):
    with pytest.raises(jsonschema.ValidationError):
        check({**campaign_document(sample), **change})
