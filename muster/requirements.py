"""The catalogue: requirements and the facts they rest on, with how well each is known.

Rows are data in fixtures/requirements/; what a UE may fail on follows from their sources' marks.
"""

import functools
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from muster.errors import SuiteError

Level = Literal["shall", "described", "should", "may", "ffs"]
Actor = Literal["ue", "server", "system"]
Client = Literal[
    "", "MC service client", "CMC", "GMC", "IdMC", "KMC", "functional alias client"
]  # fmt: skip
Basis = Literal["verified", "derived", "corroborated", "reported", "provisional"]
Severity = Literal["FAIL", "WARNING"]
Mark = Literal[
    "CR", "V", "X", "P", "IANA", "RFC", "I", "inferred",
    "S-parallel", "S-impl", "I-impl", "S", "CIMS", "VC", "MCOP", "R", "M",
]  # fmt: skip

STRONG: frozenset[Basis] = frozenset({"verified", "derived", "corroborated"})
SEEN_IN_THE_TEXT = frozenset({"CR", "V", "X", "P", "IANA"})
NAMED_IMPLEMENTERS = frozenset({"CIMS", "VC", "MCOP"})
IMPLEMENTERS = NAMED_IMPLEMENTERS | {"S-impl", "I-impl", "S"}
# Recalled, by analogy, or inferred without a ground: stays provisional however many guess it.
NO_WITNESS = frozenset({"R", "M", "inferred"})
UNNAMED = "an implementer"

Release = Annotated[int, Field(ge=8, strict=True)]
Text = Annotated[str, Field(min_length=1)]
# An id becomes a tag of a feature: no white space.
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
EXACT = ConfigDict(extra="forbid")


class UnknownRequirement(SuiteError):
    """A check or a feature cites a requirement that the catalogue does not list."""

    def __init__(self, requirement: str, catalogue: Path) -> None:
        super().__init__(f"{requirement} is not listed in {catalogue}")
        self.requirement = requirement
        self.catalogue = catalogue


class UnknownFact(SuiteError):
    """An observation is said to rest on a fact that the catalogue does not list."""

    def __init__(self, fact: str, catalogue: Path) -> None:
        super().__init__(f"{fact} is not listed in {catalogue}")
        self.fact = fact
        self.catalogue = catalogue


class MalformedCatalogue(SuiteError):
    """A catalogue file cannot be taken as it stands; the message names file and row."""


@dataclass(frozen=True)
class Source:
    """One place that says it: an RFC has no release; `who` names an implementer."""

    __pydantic_config__: ClassVar[ConfigDict] = EXACT

    document: Text
    mark: Mark
    release: Release | None = None
    who: str = ""
    ground: str = ""  # of an inference: what it follows from
    independent: str = ""  # sources of the same name count once; default by mark and who

    def witness(self) -> str | None:
        """The name under which this source counts towards agreement; None if it cannot."""
        if self.mark in NO_WITNESS:
            return None
        if self.independent:
            return self.independent
        if self.mark == "S-parallel":
            return "parallel text"
        if self.mark == "RFC":
            return "RFC"
        if self.mark in NAMED_IMPLEMENTERS:
            return self.mark
        return self.who or UNNAMED


def basis_of(sources: Iterable[Source], clause: str = "") -> Basis:
    """How well a statement is known: the best that its sources' marks allow (spec/README.md)."""
    sources = tuple(sources)
    if any(source.mark in SEEN_IN_THE_TEXT or _is_own_rfc(source, clause) for source in sources):
        return "verified"
    if any(
        source.mark == "I" or (source.mark == "inferred" and source.ground) for source in sources
    ):
        return "derived"
    witnesses = _independent_witnesses(sources)
    if len(witnesses) > 1:
        return "corroborated"
    if witnesses == {"RFC"}:
        return "verified"
    return "reported" if witnesses else "provisional"


def _is_own_rfc(source: Source, clause: str) -> bool:
    # For a 3GPP clause an RFC that obliges the same is a witness, not the clause's own text.
    return source.mark == "RFC" and clause.startswith(f"{source.document} ")


def _independent_witnesses(sources: Iterable[Source]) -> set[str]:
    sources = tuple(sources)
    witnesses = {name for source in sources if (name := source.witness())}
    named = {
        name for source in sources if source.mark in IMPLEMENTERS and (name := source.witness())
    }
    if named - {UNNAMED}:
        # An implementer without a name may be the very one that is named beside it.
        witnesses.discard(UNNAMED)
    return witnesses


@dataclass(frozen=True)
class Requirement:
    """One testable statement, its clause, and where it is known from."""

    __pydantic_config__: ClassVar[ConfigDict] = EXACT

    id: Id
    clause: Text
    level: Level
    actor: Actor
    client: Client
    statement: Text
    release: Release
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    twin: str = ""
    not_tested_because: str = ""

    @property
    def basis(self) -> Basis:
        return basis_of(self.sources, self.clause)

    def severity(self) -> Severity | None:
        """What a departure is worth by itself: only what is well known can fail a UE."""
        return _severity(self.level, self.basis)


def _severity(level: Level, basis: Basis) -> Severity | None:
    if level in ("may", "ffs"):
        return None
    if level == "should" or basis not in STRONG:
        return "WARNING"
    return "FAIL"


@dataclass(frozen=True)
class Fact:
    """Something served or seen on which a verdict rests; `ics` is the item that claims it."""

    __pydantic_config__: ClassVar[ConfigDict] = EXACT

    id: Id
    statement: Text
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    ics: str = ""

    @property
    def basis(self) -> Basis:
        return basis_of(self.sources)

    def holds(self, claimed: frozenset[str]) -> bool:
        """True if a FAIL may rest on it: well known, or claimed by the vendor."""
        return self.basis in STRONG or (bool(self.ics) and self.ics in claimed)


@dataclass(frozen=True)
class Catalogue:
    """All requirements and facts, by id."""

    directory: Path
    requirements: dict[str, Requirement]
    facts: dict[str, Fact]

    @classmethod
    def load(cls, directory: Path) -> "Catalogue":
        """Read every TOML file of the directory; the first row that is wrong refuses the whole."""
        files = sorted(directory.glob("*.toml"))
        if not files:
            raise MalformedCatalogue(f"{directory} holds no catalogue file (*.toml)")
        requirements: dict[str, Requirement] = {}
        facts: dict[str, Fact] = {}
        origins: dict[str, Path] = {}
        for file in files:
            for row in _rows_of(file, _version(file)):
                if row.id in origins:
                    first = origins[row.id].name
                    raise MalformedCatalogue(
                        f"{file}: {row.id} is listed a second time (first in {first})"
                    )
                origins[row.id] = file
                if isinstance(row, Fact):
                    facts[row.id] = row
                else:
                    requirements[row.id] = row
        return cls(directory, requirements, facts)

    def requirement(self, requirement_id: str) -> Requirement:
        try:
            return self.requirements[requirement_id]
        except KeyError:
            raise UnknownRequirement(requirement_id, self.directory) from None

    def fact(self, fact_id: str) -> Fact:
        try:
            return self.facts[fact_id]
        except KeyError:
            raise UnknownFact(fact_id, self.directory) from None

    def weakest(
        self, requirement: Requirement, fact_ids: Iterable[str], claimed: frozenset[str]
    ) -> Severity | None:
        """What a departure is worth when it is observed through these facts."""
        severity = requirement.severity()
        facts = [self.fact(fact_id) for fact_id in fact_ids]
        if severity == "FAIL" and not all(fact.holds(claimed) for fact in facts):
            return "WARNING"
        return severity


_TABLES: dict[str, TypeAdapter[Requirement] | TypeAdapter[Fact]] = {
    "requirement": TypeAdapter(Requirement),
    "fact": TypeAdapter(Fact),
}


def _version(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError as error:
        raise MalformedCatalogue(f"{file}: not readable: {error}") from error
    return status.st_mtime_ns, status.st_size


@functools.lru_cache(maxsize=64)
def _rows_of(file: Path, version: tuple[int, int]) -> tuple[Requirement | Fact, ...]:
    """The rows of one version of a file; processes that are forked from this one know them."""
    return tuple(_rows(file))


def _rows(file: Path) -> Iterator[Requirement | Fact]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MalformedCatalogue(f"{file}: not readable as TOML: {error}") from error
    for table, rows in tables.items():
        if table not in _TABLES or not isinstance(rows, list):
            raise MalformedCatalogue(
                f"{file}: {table!r} is not known here; rows are [[requirement]] or [[fact]]"
            )
        for number, row in enumerate(rows, start=1):
            yield _row(file, table, number, row)


def _row(file: Path, table: str, number: int, row: Any) -> Requirement | Fact:
    try:
        return _TABLES[table].validate_python(row)
    except ValidationError as error:
        name = row.get("id", "without id") if isinstance(row, dict) else "not a table"
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'row'}: {problem['msg']}"
            for problem in error.errors(include_url=False)
        )
        raise MalformedCatalogue(f"{file}: [[{table}]] {number} ({name}): {problems}") from error
