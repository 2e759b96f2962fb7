"""The specifications' own schemas, used as a laboratory would, judge as ours do.

MUSTER_REFERENCE_SCHEMAS names their folder. Both judge our examples, and documents that are
generated from either side's components, whole and harmed. Where they differ, a release differs.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from muster.documents.releases import ADDITIONS
from muster.documents.schemas import SchemaSet, own_folder, own_schemas
from muster.documents.validate import Validation, validate, validate_element
from tests.documents.generation import documents, harmed

FOLDER = os.environ.get("MUSTER_REFERENCE_SCHEMAS", "")
EXAMPLES = Path(__file__).parent
INITIAL_CONFIGURATION = "urn:3gpp:mcptt:mcpttUEinitConfig:1.0"

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="not compared: MUSTER_REFERENCE_SCHEMAS names no folder"
)


@dataclass(frozen=True)
class ReleaseDifference:
    """What one side objects to because its schema is of another release."""

    objects: Literal["ours", "theirs"]
    schema: str
    """File of the specifications' schema."""
    path: str
    reason: str
    why: str

    def explains(self, side: str, schema: str, path: str, reason: str) -> bool:
        return (
            (side, schema) == (self.objects, self.schema)
            and re.search(self.path, path) is not None
            and re.search(self.reason, reason) is not None
        )


KMS = "mcsecKMSInterface-1.0.streamwide.xsd"
LISTED = (
    ReleaseDifference(
        "theirs",
        "mcvideo-ue-config.xsd",
        "mcvideo-UE-configuration[^/]*$",
        "anyExt' expected",
        "V20 demands an anyExt at the end of the root; earlier text does not",
    ),
    ReleaseDifference(
        "theirs",
        KMS,
        "(UserDecryptKey|UserSigningKeySSK|UserPubTokenPVT)[^/]*$",
        "abstractKeyContentType.*is abstract|Unexpected child with tag '[^']*EncryptedKey'",
        "that schema wants an xsi:type on every key; senders leave it out",
    ),
    ReleaseDifference(
        "theirs",
        KMS,
        "(KmsRequest|KmsResponse|KmsMessage)[^/]*$",
        "Unexpected child with tag '[^']*[:}](TrK-ID|Signature-ID|KmsLookup)'",
        "came in Rel-17; that schema is older",
    ),
    ReleaseDifference(
        "theirs",
        "rel13-ue-init-config.xsd",
        "(HPLMN|VPLMN)[^/]*$",
        "Unexpected child",
        "extensions of a PLMN came after Rel-13",
    ),
)


@cache
def reference(release: str | None) -> SchemaSet:
    return SchemaSet.from_directory(own_folder(), Path(FOLDER), release)


def declared(schemas: SchemaSet, namespace: str) -> set[str]:
    """The elements that a document or an extension may begin with."""
    elements = schemas.compiled([]).deciding.maps.elements
    return {
        name
        for name, element in elements.items()
        if etree.QName(name).namespace == namespace and not element.abstract
    }


def sides() -> list[tuple[str, str | None]]:
    if not FOLDER:
        return []
    return [*((name, None) for name in reference(None).replaced), (INITIAL_CONFIGURATION, "rel13")]


def unlisted(document: etree._Element, release: str | None) -> Iterator[str]:
    """Yield what one side alone objects to, for no listed reason."""
    theirs = reference(release)
    judged = {"ours": validate_element(document, own_schemas())}
    judged["theirs"] = validate_element(document, theirs)
    yield from (each.disagreement for each in judged.values() if each.disagreement)
    if judged["ours"].valid == judged["theirs"].valid:
        return
    side = "theirs" if judged["ours"].valid else "ours"
    for path, reason, within in complaints(judged[side], document):
        schema = theirs.files[judged[side].namespace].path.name
        known = any(each.explains(side, schema, path, reason) for each in LISTED)
        later = side == "ours" and bool(within & only_ours(release))
        if not known and not later:
            yield f"{side}: {path}: {reason}"


def complaints(judged: Validation, document: etree._Element) -> Iterator[tuple[str, str, set[str]]]:
    """Yield path, reason, and the names of the elements around each problem."""
    deciding = [p for p in judged.problems if p.engine == "xmlschema"] or judged.problems
    for problem in deciding:
        names = {re.sub(r"^.*:|\[.*$", "", step) for step in problem.path.split("/")}
        within = {e.tag for e in document.iter(etree.Element) if etree.QName(e).localname in names}
        yield problem.path, problem.reason, within


@cache
def only_ours(release: str | None) -> frozenset[str]:
    """Elements of a later release than the schema of the specifications in the folder."""
    theirs = reference(release)
    return frozenset(
        name
        for namespace in theirs.replaced
        for name in declared(own_schemas(), namespace) - declared(theirs, namespace)
    )


@pytest.mark.parametrize("release", [None, "rel13"])
def test_ours_complete_what_the_folder_lacks(release: str | None):
    assert reference(release).broken == {}


def test_additions_are_what_only_ours_declare():
    """Our schemas say more than an older text only where the table of releases says so."""
    listed = {f"{{{space}}}{name}" for space, each in ADDITIONS.items() for name in each.since}

    assert only_ours("rel13") - listed == set()


GENERATED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("make", [documents, harmed], ids=["whole", "harmed"])
@pytest.mark.parametrize("maker", ["ours", "theirs"])
@pytest.mark.parametrize(("namespace", "release"), sides())
@GENERATED
@given(data=st.data())
def test_generated_document_is_judged_alike(
    namespace: str,
    release: str | None,
    maker: str,
    make: Callable[[str, SchemaSet], st.SearchStrategy[etree._Element]],
    data: st.DataObject,
):
    theirs = reference(release)
    roots = declared(own_schemas(), namespace) & declared(theirs, namespace)
    root = data.draw(st.sampled_from(sorted(roots)))
    document = data.draw(make(root, own_schemas() if maker == "ours" else theirs))

    assert list(unlisted(document, release)) == [], etree.tostring(document)


UNTYPED_KEYS = "that schema wants an xsi:type on every key; senders leave it out"
REL17 = "came in Rel-17; that schema is older"
AFTER_REL13 = "came after Rel-13"
PROVISIONAL = "no schema of the MCPTT migration elements was seen"
DIFFERENT = {
    "valid/kms-key-set/plain-without-type.xml": UNTYPED_KEYS,
    "valid/kms-key-set/wrapped-without-type.xml": UNTYPED_KEYS,
    "valid/kms-response/keys-provided.xml": UNTYPED_KEYS,
    "rule-breaking/kms-key-set/untyped-key-beside-a-wrapped-key.xml": UNTYPED_KEYS,
    "rule-breaking/kms-key-set/untyped-key-not-hexadecimal.xml": UNTYPED_KEYS,
    "rule-breaking/kms-response/keys-of-another-user.xml": UNTYPED_KEYS,
    "valid/kms-request/keys-in-use-named.xml": REL17,
    "valid/kms-response/lookup.xml": REL17,
    "valid/mcvideo-ue-config/without-last-any-ext.xml": "V20 demands an anyExt at the end",
    "invalid/mcptt-service-config/adhoc-group-call-without-participants.xml": AFTER_REL13,
}
DIFFERENT_IN_REL13 = {
    "invalid/mcptt-ue-init-config/service-details-without-server-uri.xml": AFTER_REL13,
}


@pytest.mark.parametrize("release", [None, "rel13"])
def test_examples_are_judged_as_by_ours(release: str | None):
    theirs = reference(release)
    listed = DIFFERENT | (DIFFERENT_IN_REL13 if release else {})

    different, compared = set(), 0
    for path in sorted(EXAMPLES.glob("*/*/*.xml")):
        data = path.read_bytes()
        ours = validate(data, own_schemas())
        if ours.namespace not in theirs.replaced:
            continue
        compared += 1
        if validate(data, theirs, strict=True).valid != ours.valid:
            different.add(str(path.relative_to(EXAMPLES)))

    assert different == set(listed)
    assert compared > 300
