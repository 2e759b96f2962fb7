"""Rules of group key transport payloads (TS 24.481)."""

from collections.abc import Iterator

from muster.documents.rules.reading import departure, descendants, text_of
from muster.documents.rules.registry import RuleProblem, Subject, rule

GKTP = ("gktp",)


@rule("TS24481-GKTP-01", documents=GKTP)
def payload_transports_something(subject: Subject) -> Iterator[RuleProblem]:
    """A payload is a MIKEY message, so it is not empty."""
    for payload in descendants(subject.root, "GKTP"):
        if not text_of(payload):
            yield departure(payload, "a MIKEY message", "nothing")


@rule("TS24481-GKTP-02", documents=GKTP)
def payload_has_its_own_id(subject: Subject) -> Iterator[RuleProblem]:
    """Payloads beside each other have different ids."""
    for holder in descendants(subject.root, "GMK-GKTPs", "MKFC-GKTPs"):
        seen: set[str] = set()
        for payload in descendants(holder, "GKTP"):
            name = payload.get("id") or ""
            if name in seen:
                yield departure(payload, "each id once", f"{name} again")
            seen.add(name)
