"""What is made from a schema's components is valid, and both engines judge what is harmed alike."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from muster.documents.recognise import BY_NAME
from muster.documents.schemas import own_schemas
from muster.documents.validate import validate_element
from tests.documents.generation import documents, harmed

SETTINGS = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("kind", BY_NAME)
@SETTINGS
@given(data=st.data())
def test_generated_document_is_valid_in_both_engines(kind: str, data: st.DataObject):
    document = data.draw(documents(BY_NAME[kind].qname))

    validation = validate_element(document, own_schemas())

    assert (validation.problems, validation.engines_agree) == ((), True), etree.tostring(document)


@pytest.mark.parametrize("kind", BY_NAME)
@SETTINGS
@given(data=st.data())
def test_harmed_document_is_judged_alike_by_both_engines(kind: str, data: st.DataObject):
    document = data.draw(harmed(BY_NAME[kind].qname))

    validation = validate_element(document, own_schemas())

    assert validation.disagreement is None, etree.tostring(document)
