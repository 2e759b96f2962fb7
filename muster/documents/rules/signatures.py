"""Rules of signatures (XML Signature) as MC bodies carry them; digests are judged elsewhere."""

from collections.abc import Iterator

from lxml import etree

from muster.documents.rules.reading import departure, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule

XML_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
SIGNED_BODIES = ("mcptt-signed",)
ENVELOPED = ("signed-kms-request", "signed-kms-response", "signed-kms-certificate", "kms-redirect")


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return root.iter(f"{{{XML_SIGNATURE}}}{name}")


@rule("TS24379-F.6-01", documents=SIGNED_BODIES)
def something_is_signed(subject: Subject) -> Iterator[RuleProblem]:
    """There is a signature for one body or more."""
    if next(_named(subject.root, "Signature"), None) is None:
        yield departure(subject.root, "one or more <Signature>", "none")


@rule("TS36579-1-5.5.13.1-01", documents=SIGNED_BODIES)
def signed_body_is_named_by_its_content_id(subject: Subject) -> Iterator[RuleProblem]:
    """A reference is the Content-ID URL of the body that it is for."""
    for reference in _named(subject.root, "Reference"):
        uri = (reference.get("URI") or "").strip()
        if not uri.lower().startswith("cid:"):
            yield departure(reference, "URI with a Content-ID (cid:)", uri or "nothing")


@rule("TS36579-1-5.5.13.1-02", documents=SIGNED_BODIES)
def key_is_named(subject: Subject) -> Iterator[RuleProblem]:
    """Each signature names its key: the CSK-ID, say."""
    for signature in _named(subject.root, "Signature"):
        names = [text_of(name) for name in _named(signature, "KeyName")]
        if not any(names):
            yield departure(signature, "<KeyName> with the key's ID", "none")


@rule("RFC3275-4.3.3.3-01", documents=ENVELOPED)
def reference_is_to_something_there(subject: Subject) -> Iterator[RuleProblem]:
    """A reference into the same document names an element of it."""
    there = {
        element.get(name)
        for element in subject.root.iter(etree.Element)
        for name in ("Id", "ID", "id")
    }
    for reference in _named(subject.root, "Reference"):
        uri = (reference.get("URI") or "").strip()
        if uri.startswith("#") and uri[1:] not in there:
            yield departure(reference, "the Id of an element of this document", uri)
