"""Rules of the bodies around XCAP: xcap-diff, resource-lists, xcap-caps, xcap-error."""

from collections import Counter
from collections.abc import Iterable, Iterator

from lxml import etree

from muster.documents.rules.reading import children, departure, descendants, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule
from muster.documents.rules.uris import is_web_uri


def _repeated(
    elements: Iterable[etree._Element], attribute: str | None, what: str
) -> Iterator[RuleProblem]:
    """Yield each element whose attribute, or text, an earlier one had already."""
    seen: Counter[str] = Counter()
    for element in elements:
        value = text_of(element) if attribute is None else element.get(attribute)
        if value is not None and seen[value]:
            yield departure(element, f"each {what} once", f"{value} again")
        if value is not None:
            seen[value] += 1


@rule("RFC5874-3-01", documents=("xcap-diff",))
def xcap_root_is_a_web_uri(subject: Subject) -> Iterator[RuleProblem]:
    """xcap-root is the HTTP URI that every sel is relative to."""
    value = subject.root.get("xcap-root", "").strip()
    if not is_web_uri(value):
        yield departure(subject.root, "xcap-root with an http or https URI", value or "nothing")


@rule("RFC5874-3-02", documents=("xcap-diff",))
def change_names_a_version(subject: Subject) -> Iterator[RuleProblem]:
    """A changed document has new-etag; a deleted one previous-etag only."""
    for document in children(subject.root, "document"):
        if document.get("new-etag") is None and document.get("previous-etag") is None:
            yield departure(document, "new-etag or previous-etag", "neither")


@rule("RFC5874-3-03", documents=("xcap-diff",))
def selector_is_relative(subject: Subject) -> Iterator[RuleProblem]:
    """sel is relative to xcap-root: no leading slash, no scheme."""
    for element in descendants(subject.root, "document", "element", "attribute"):
        selector = element.get("sel", "")
        if selector.startswith("/") or is_web_uri(selector):
            yield departure(element, "sel relative to xcap-root", selector)


@rule("RFC5874-3-04", documents=("xcap-diff",))
def document_is_reported_once(subject: Subject) -> Iterator[RuleProblem]:
    """One notification says one thing of a document."""
    yield from _repeated(children(subject.root, "document"), "sel", "document")


@rule("RFC5874-3-05", documents=("xcap-diff",))
def change_changes_the_version(subject: Subject) -> Iterator[RuleProblem]:
    """A new version has a new entity tag."""
    for document in children(subject.root, "document"):
        new, previous = document.get("new-etag"), document.get("previous-etag")
        if new is not None and new == previous:
            yield departure(document, "new-etag other than previous-etag", new)


@rule("RFC4826-3.1-01", documents=("resource-lists",))
def list_names_are_unique(subject: Subject) -> Iterator[RuleProblem]:
    """Lists beside each other have different names."""
    for parent in (subject.root, *descendants(subject.root, "list")):
        yield from _repeated(children(parent, "list"), "name", "list name")


@rule("RFC4826-3.1-02", documents=("resource-lists",))
def entries_are_unique(subject: Subject) -> Iterator[RuleProblem]:
    """A list names a URI once."""
    for listed in descendants(subject.root, "list"):
        yield from _repeated(children(listed, "entry"), "uri", "entry uri")


@rule("RFC5875-4.3-01", documents=("resource-lists",))
def subscription_names_something(subject: Subject) -> Iterator[RuleProblem]:
    """A subscription lists what it is for."""
    if not children(subject.root, "list"):
        yield departure(subject.root, "a <list> of documents", "none")


@rule("RFC5875-4.3-02", documents=("resource-lists",))
def subscribed_documents_are_relative(subject: Subject) -> Iterator[RuleProblem]:
    """A document or collection is named relative to the XCAP root."""
    for entry in descendants(subject.root, "entry"):
        uri = entry.get("uri", "")
        if is_web_uri(uri):
            yield departure(entry, "a uri relative to the XCAP root", uri)


@rule("RFC4825-12-01", documents=("xcap-caps",))
def capabilities_name_themselves(subject: Subject) -> Iterator[RuleProblem]:
    """The application of the capabilities document is one of those supported."""
    if "xcap-caps" not in [text_of(each) for each in descendants(subject.root, "auid")]:
        yield departure(subject.root, "the auid xcap-caps", "none")


@rule("RFC4825-12-02", documents=("xcap-caps",))
def applications_are_listed_once(subject: Subject) -> Iterator[RuleProblem]:
    """An application is listed once."""
    yield from _repeated(descendants(subject.root, "auid"), None, "auid")


@rule("RFC4825-11-01", documents=("xcap-error",))
def alternatives_say_something(subject: Subject) -> Iterator[RuleProblem]:
    """A proposed value is not empty."""
    for element in descendants(subject.root, "alt-value"):
        if not text_of(element):
            yield departure(element, "a value in <alt-value>", "nothing")
