"""Rules of the authorisation rules (RFC 4745) that profiles and groups carry."""

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from muster.documents.rules.reading import departure, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule
from muster.documents.vocabulary import COMMON_POLICY

WITH_RULESETS = (
    "common-policy",
    "mcptt-user-profile",
    "mcvideo-user-profile",
    "mcdata-user-profile",
    "group",
)


@rule("RFC4745-7.3-01", documents=WITH_RULESETS)
def validity_ends_after_it_begins(subject: Subject) -> Iterator[RuleProblem]:
    """Each interval of validity begins before it ends, and after the one before it ended."""
    for validity in subject.root.iter(f"{{{COMMON_POLICY}}}validity"):
        last: datetime | None = None
        for element in validity.iterchildren(etree.Element):
            time = moment_of(element)
            if time is None:
                continue
            if last is not None and time < last:
                yield departure(element, f"not before {last.isoformat()}", text_of(element))
            last = time


def moment_of(element: etree._Element) -> datetime | None:
    """Return a moment; what is none is left to the schema. Without a zone, UTC is as good."""
    try:
        time = datetime.fromisoformat(text_of(element))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
