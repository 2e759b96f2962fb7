"""Each schema file begins with what it is: document, clause, release, media type, AUID, basis."""

import re
from pathlib import Path

import pytest
from lxml import etree

from muster.documents.recognise import BY_NAME, DocumentType
from muster.documents.schemas import own_folder, own_schemas
from muster.documents.vocabulary import BASES

KEYS = ["document", "root", "clause", "release", "media type", "auid", "basis", "notes"]
FILES = sorted(own_folder().glob("*.xsd"))


def header(schema: Path) -> dict[str, str]:
    """The structured comment before the root element."""
    comment = etree.parse(schema).getroot().getprevious()
    assert comment is not None
    return dict(re.findall(r"^(.+?): (.+)$", comment.text or "", re.MULTILINE))


@pytest.mark.parametrize("schema", FILES, ids=lambda path: path.stem)
def test_schema_begins_with_its_description(schema: Path):
    described = header(schema)

    assert list(described) == KEYS
    assert re.match(r"TS \d\d\.\d\d\d|RFC \d+|OMA |W3C |XML ", described["clause"])
    assert described["basis"].split()[0] in BASES


@pytest.mark.parametrize("document", BY_NAME.values(), ids=lambda document: document.name)
def test_description_is_that_of_the_document(document: DocumentType):
    file = own_schemas().file_for(document.namespace)
    assert file is not None
    described = header(file.path)

    assert document.root in described["root"].split()
    assert described["media type"] == (document.media_type or "unknown")
    if document.auid:
        assert described["auid"] == document.auid
    assert document.clause.split()[:2] in [
        part.split()[:2] for part in described["clause"].split(", ")
    ]
