"""Where the two engines are known to differ, and why the deciding one is right there."""

import re
from dataclasses import dataclass

from muster.documents.content_models import ELEMENTS_THEN_ANYTHING, ONE_CHOICE_OF_MANY


@dataclass(frozen=True)
class Complaint:
    """What one engine says of one place, as far as differences are told by it."""

    code: str
    reason: str
    value: str = ""
    """The text at that place, as it stands in the document."""


@dataclass(frozen=True)
class KnownDifference:
    """A complaint that only one engine makes, for a reason that is not the document's."""

    name: str
    engine: str
    """The engine that complains."""
    code: re.Pattern[str]
    reason: re.Pattern[str]
    value: re.Pattern[str]
    why: str
    right: str = "xmlschema"
    """The engine whose verdict stands."""

    def explains(self, complaint: Complaint) -> bool:
        """Tell whether this is that complaint."""
        return bool(
            self.code.search(complaint.code)
            and self.reason.search(complaint.reason)
            and self.value.search(complaint.value)
        )


def _known(
    name: str,
    engine: str,
    code: str,
    reason: str,
    why: str,
    value: str = "",
    right: str = "xmlschema",
) -> KnownDifference:
    codes, reasons, values = (re.compile(text, re.DOTALL) for text in (code, reason, value))
    return KnownDifference(name, engine, codes, reasons, values, why, right)


KNOWN_DIFFERENCES: tuple[KnownDifference, ...] = (
    _known(
        "spaces around a dateTime",
        "lxml",
        "CVC_DATATYPE_VALID",
        "dateTime",
        "whiteSpace is collapse for dateTime (XML Schema part 2, 3.2.7.3): the spaces are allowed",
        value=r"\A\s|\s\Z",
    ),
    _known(
        "form of a URI",
        "lxml",
        "CVC_DATATYPE_VALID",
        "anyURI",
        "XML Schema 1.0 hardly restricts anyURI; whether a URI is right is judged by our own rules",
    ),
    _known(
        "exponent without digits",
        "xmlschema",
        "",
        r"\[Ee\]|double|float",
        "a double such as 1E is not a number (XML Schema part 2, 3.2.5.1); libxml2 takes it",
        value=r"\A\s*[+-]?[0-9.]+[Ee][+-]?\s*\Z",
    ),
    _known(
        "characters outside base64",
        "xmlschema",
        "",
        "base64Binary",
        "base64Binary holds only characters of its alphabet (XML Schema part 2, 3.2.16); "
        "libxml2 skips the others",
    ),
    _known(
        "branches of one choice after each other",
        "xmlschema",
        "ChildrenValidationError",
        ONE_CHOICE_OF_MANY,
        "a choice that occurs once is one of its branches (XML Schema part 1, 3.8.4); libxml2 lets "
        "another branch follow a wildcard that may repeat",
    ),
    _known(
        "an element after the wildcard that follows it",
        "xmlschema",
        "ChildrenValidationError",
        ELEMENTS_THEN_ANYTHING,
        "in a sequence what stands last comes last (XML Schema part 1, 3.8.4); libxml2 goes back "
        "from a repeated wildcard to the repeated element before it",
    ),
    _known(
        "text beside a lone wildcard",
        "lxml",
        "CVC_COMPLEX_TYPE_2_3",
        "element-only",
        "a type of one wildcard is element-only unless it is mixed (XML Schema part 1, 3.4.4, "
        "clause 2.3); xmlschema takes it for the type that allows anything",
        right="lxml",
    ),
)


def known_difference(engine: str, complaints: tuple[Complaint, ...]) -> KnownDifference | None:
    """Return the difference that explains the first complaint, if every one is explained."""
    reasons = [
        next(
            (known for known in KNOWN_DIFFERENCES if known.engine == engine and known.explains(c)),
            None,
        )
        for c in complaints
    ]
    return reasons[0] if reasons and all(reasons) else None
