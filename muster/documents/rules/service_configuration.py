"""Rules of the service configuration (TS 24.484 8.4, 9.4, 10.4)."""

import re
from collections.abc import Iterator

from lxml import etree

from muster.documents.rules.reading import (
    children,
    departure,
    descendants,
    has_attribute,
    text_of,
)
from muster.documents.rules.registry import RuleProblem, Subject, rule

PARAMETERS = "service-configuration-params"
_NEGATIVE_DURATION = re.compile(r"-P\S+")
_RESOURCE_PRIORITIES = (
    "emergency-resource-priority",
    "imminent-peril-resource-priority",
    "normal-resource-priority",
)


@rule("TS24484-8.4.2.1-01", documents=("mcptt-service-config",))
@rule("TS24484-9.4.2.1-01", documents=("mcvideo-service-config",))
@rule("TS24484-10.4.2.1-01", documents=("mcdata-service-config",))
def names_its_domain(subject: Subject) -> Iterator[RuleProblem]:
    """The parameters say for which domain they are."""
    for parameters in children(subject.root, PARAMETERS):
        yield from has_attribute(parameters, "domain")


@rule("TS24484-8.4.2.6-01", documents=("mcptt-service-config",))
@rule("TS24484-9.4.2.6-01", documents=("mcvideo-service-config",))
def priority_levels_are_in_range(subject: Subject) -> Iterator[RuleProblem]:
    """num-levels-priority-hierarchy is 4 to 256."""
    for element in descendants(subject.root, "num-levels-priority-hierarchy"):
        text = text_of(element)
        if not text.isdigit() or not 4 <= int(text) <= 256:
            yield departure(element, "4 to 256", text or "nothing")


@rule("TS24484-8.4.2.6-02", documents=("mcptt-service-config",))
@rule("TS24484-9.4.2.6-02", documents=("mcvideo-service-config",))
def durations_are_not_negative(subject: Subject) -> Iterator[RuleProblem]:
    """A timer or a limit of time is not below zero, though the schema's type allows it."""
    for element in subject.root.iter(etree.Element):
        if len(element) == 0 and _NEGATIVE_DURATION.fullmatch(text_of(element)):
            yield departure(element, "a duration of zero or more", text_of(element))


@rule("TS24484-8.4.2.7-01", documents=("mcptt-service-config",))
@rule("TS24484-9.4.2.7-01", documents=("mcvideo-service-config",))
def resource_priorities_say_something(subject: Subject) -> Iterator[RuleProblem]:
    """Namespace and priority of a resource priority are not empty: SIP needs both."""
    for priority in descendants(subject.root, *_RESOURCE_PRIORITIES):
        for element in priority.iterchildren(etree.Element):
            if not text_of(element):
                yield departure(element, "a value for the Resource-Priority header", "nothing")
