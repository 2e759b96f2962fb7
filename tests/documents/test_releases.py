"""What any release allows is accepted, and told."""

from pathlib import Path

import pytest

from muster.documents.parse import parse
from muster.documents.releases import ADDITIONS, releases_of
from muster.documents.schemas import own_schemas
from muster.documents.validate import validate

VALID = Path(__file__).parent / "valid"


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ("mcptt-ue-init-config/rel13", ["nothing newer than Rel-13"]),
        (
            "mcptt-user-profile/migration",
            ["after Rel-13: MigratablePartnerMCPTTSystemInfo, PartnerMCPTTSystemId"],
        ),
        ("mcptt-user-profile/rel13", ["nothing newer than Rel-13"]),
        (
            "mcvideo-service-config/full",
            ["Rel-15: tc-timers-counters-R15", "Rel-18: tc-timers-counters-R18"],
        ),
        (
            "mcvideo-ue-config/without-last-any-ext",
            ["without the anyExt that V20.0.0 wants at the end"],
        ),
        ("mcvideo-ue-config/full", ["with the anyExt that V20.0.0 wants at the end"]),
        ("kms-request/keys-in-use-named", ["Rel-17: TrK-ID, Signature-ID"]),
        ("kms-request/initialise", ["nothing newer than Rel-15"]),
        ("xcap-diff/document-changed", []),
    ],
)
def test_document_tells_its_releases_and_is_valid(example: str, told: list[str]):
    data = (VALID / f"{example}.xml").read_bytes()

    assert list(releases_of(parse(data))) == told
    assert validate(data, own_schemas()).valid


def test_every_addition_is_declared_by_our_schemas():
    elements = own_schemas().compiled([]).deciding.maps
    declared = {element.name for element in elements.iter_components() if element.name}
    named = {f"{{{space}}}{name}" for space, each in ADDITIONS.items() for name in each.since}

    assert named - declared == set()
