"""Rules of the bodies in SIP: mcptt-info and its twins, poc-settings."""

from collections.abc import Iterator

from lxml import etree

from muster.documents.rules.reading import children, departure, descendants, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule
from muster.documents.rules.uris import is_instance_id

INFO = ("mcptt-info", "mcvideo-info", "mcdata-info")
SETTINGS = ("poc-settings",)
MCS_SETTINGS = "urn:3gpp:mcsSettings:1.0"


def _plain_values(element: etree._Element, service: str) -> list[etree._Element]:
    return [
        value
        for kind in ("URI", "String", "Boolean")
        for value in children(element, f"{service}{kind}")
    ]


@rule("TS24379-F.1-01", documents=("mcptt-info",))
@rule("TS24281-F.1-01", documents=("mcvideo-info",))
@rule("TS24282-D.1-01", documents=("mcdata-info",))
def encrypted_values_are_not_in_the_clear(subject: Subject) -> Iterator[RuleProblem]:
    """What says type="Encrypted" holds no readable value."""
    for element in subject.root.iter(etree.Element):
        if element.get("type") == "Encrypted" and _plain_values(element, subject.service):
            yield departure(element, 'encrypted data under type="Encrypted"', "a value in clear")


@rule("TS24379-F.1-02", documents=("mcptt-info",))
@rule("TS24281-F.1-02", documents=("mcvideo-info",))
@rule("TS24282-D.1-02", documents=("mcdata-info",))
def says_something(subject: Subject) -> Iterator[RuleProblem]:
    """There are parameters, and a client ID is not empty."""
    service = subject.service
    if not children(subject.root, f"{service}-Params"):
        yield departure(subject.root, f"<{service}-Params>", "none")
    for element in descendants(subject.root, f"{service}-client-id"):
        if not str(element.xpath("string()")).strip():
            yield departure(element, "an MC client ID", "nothing")


@rule("TS24379-F.1-03", documents=("mcptt-info",))
@rule("TS24281-F.1-03", documents=("mcvideo-info",))
@rule("TS24282-D.1-03", documents=("mcdata-info",))
def partner_identity_differs(subject: Subject) -> Iterator[RuleProblem]:
    """The identity at the partner is not the one of the primary system."""
    primary, partner = (
        [str(found.xpath("string()")).strip() for found in descendants(subject.root, name)]
        for name in (f"primary-{subject.service}-id", f"partner-{subject.service}-id")
    )
    if primary and primary == partner:
        yield departure(subject.root, "an identity given by the partner", primary[0])


@rule("TS24379-7.2.1A-DOC01", documents=SETTINGS)
def entity_is_an_instance(subject: Subject) -> Iterator[RuleProblem]:
    """The entity of the settings is named by the instance ID URN of the UE."""
    for entity in children(subject.root, "entity"):
        value = (entity.get("id") or "").strip()
        if not is_instance_id(value):
            yield departure(entity, "id with an instance ID URN", value or "nothing")


@rule("TS24379-7.2.1A-DOC02", documents=SETTINGS)
def settings_are_of_some_client(subject: Subject) -> Iterator[RuleProblem]:
    """There is an entity, and no client twice."""
    entities = children(subject.root, "entity")
    if not entities:
        yield departure(subject.root, "an <entity>", "none")
    seen: set[str] = set()
    for entity in entities:
        value = entity.get("id") or ""
        if value in seen:
            yield departure(entity, "each client once", f"{value} again")
        seen.add(value)


@rule("TS24379-7.2.2-DOC01", documents=SETTINGS)
def one_profile_is_selected(subject: Subject) -> Iterator[RuleProblem]:
    """A client selects one user profile by one index, not several."""
    for entity in children(subject.root, "entity"):
        selected = _selections(entity)
        if len(selected) > 1:
            expected = "one <selected-user-profile-index>"
            yield departure(selected[1], expected, str(len(selected)))
        for each in selected:
            indexes = each.findall(f"{{{MCS_SETTINGS}}}user-profile-index")
            if len(indexes) != 1 or not text_of(indexes[0]).isdigit():
                yield departure(each, "one <user-profile-index> with a number", str(len(indexes)))


@rule("TS24379-7.2.2-DOC02", documents=SETTINGS)
def a_profile_is_selected(subject: Subject) -> Iterator[RuleProblem]:
    """Some client says which user profile it uses."""
    entities = children(subject.root, "entity")
    if entities and not any(_selections(entity) for entity in entities):
        yield departure(entities[0], "<selected-user-profile-index>", "none")


def _selections(entity: etree._Element) -> list[etree._Element]:
    return list(entity.iter(f"{{{MCS_SETTINGS}}}selected-user-profile-index"))
