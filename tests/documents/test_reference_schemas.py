"""A folder of the specifications' own schemas, used as a laboratory would: they judge as ours do.

The folder is named by MUSTER_REFERENCE_SCHEMAS.
"""

import os
from pathlib import Path

import pytest

from muster.documents.schemas import SchemaSet, own_folder, own_schemas
from muster.documents.validate import validate

EXAMPLES = Path(__file__).parent
UNTYPED_KEYS = "that schema wants an xsi:type on every key; senders leave it out"
REL17 = "came in Rel-17; that schema is older"
DIFFERENT = {
    "valid/kms-key-set/plain-without-type.xml": UNTYPED_KEYS,
    "valid/kms-key-set/wrapped-without-type.xml": UNTYPED_KEYS,
    "valid/kms-response/keys-provided.xml": UNTYPED_KEYS,
    "valid/kms-request/keys-in-use-named.xml": REL17,
    "valid/kms-response/lookup.xml": REL17,
    "valid/mcvideo-ue-config/without-last-any-ext.xml": "V20 demands an anyExt at the end",
    "invalid/mcptt-service-config/adhoc-group-call-without-participants.xml": (
        "ad hoc group calls came after Rel-13"
    ),
}
DIFFERENT_IN_REL13 = {
    "invalid/mcptt-ue-init-config/service-details-without-server-uri.xml": (
        "service details came after Rel-13"
    ),
}


@pytest.fixture(scope="module", params=[None, "rel13"])
def reference(request: pytest.FixtureRequest) -> SchemaSet:
    folder = os.environ.get("MUSTER_REFERENCE_SCHEMAS")
    if not folder:
        pytest.skip("not compared: MUSTER_REFERENCE_SCHEMAS names no folder")
    return SchemaSet.from_directory(own_folder(), Path(folder), request.param)


def test_ours_complete_what_the_folder_lacks(reference: SchemaSet):
    assert reference.broken == {}


def test_examples_are_judged_as_by_ours(reference: SchemaSet):
    rel13 = any(file.release is None for file in reference.passed_over)
    listed = DIFFERENT | (DIFFERENT_IN_REL13 if rel13 else {})

    different, compared = set(), 0
    for path in sorted(EXAMPLES.glob("*valid/*/*.xml")):
        data = path.read_bytes()
        ours = validate(data, own_schemas())
        if ours.namespace not in reference.replaced:
            continue
        theirs = validate(data, reference, strict=True)
        compared += 1
        if theirs.valid != ours.valid:
            different.add(str(path.relative_to(EXAMPLES)))

    assert different == set(listed)
    assert compared > 200
