"""The catalogue: its loader, the table that gives a basis, and what a departure is worth."""

from pathlib import Path

import pytest

from muster.errors import SuiteError
from muster.requirements import (
    Actor,
    Basis,
    Catalogue,
    Client,
    Fact,
    Level,
    MalformedCatalogue,
    Mark,
    Requirement,
    Severity,
    Source,
    UnknownFact,
    UnknownRequirement,
    basis_of,
)
from muster.suite import suite_root

CLAUSE = "TS 24.484 8.2"
ROW = """
[[requirement]]
id = "TS24484-8.2-01"
clause = "TS 24.484 8.2"
level = "shall"
actor = "ue"
client = "CMC"
statement = "The UE configuration is requested under the user's own MCPTT ID."
release = 18
sources = [{ document = "TS 24.484", release = 18, mark = "R" }]
"""
FACT_ROW = """
[[fact]]
id = "FACT-cms-psi"
statement = "App-Server-Info/cms is the PSI of the CMS."
sources = [{ document = "TS 24.484", release = 18, mark = "R" }]
ics = "reads_cms_psi"
"""


def seen(mark: Mark, document: str = "TS 24.484", **more: str) -> Source:
    return Source(document=document, mark=mark, release=18, **more)


def rfc(number: int) -> Source:
    return Source(document=f"RFC {number}", mark="RFC")


def requirement(level: Level, *sources: Source) -> Requirement:
    actor: Actor = "ue"
    client: Client = "CMC"
    return Requirement("TS24484-8.2-01", CLAUSE, level, actor, client, "It holds.", 18, sources)


def catalogue(folder: Path, **files: str) -> Catalogue:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return Catalogue.load(folder)


# The table of marks


@pytest.mark.parametrize("mark", ["CR", "V", "X", "P", "IANA"])
def test_text_that_was_read_is_verified(mark: Mark) -> None:
    assert basis_of([seen(mark)], CLAUSE) == "verified"


def test_an_rfc_is_verified_for_its_own_clause() -> None:
    assert basis_of([rfc(4825), seen("CIMS")], "RFC 4825 7.4") == "verified"


def test_an_rfc_alone_is_verified() -> None:
    assert basis_of([rfc(4825)], CLAUSE) == "verified"


def test_reading_of_verified_facts_is_derived() -> None:
    assert basis_of([seen("I")], CLAUSE) == "derived"


def test_inference_with_its_ground_is_derived() -> None:
    assert basis_of([seen("inferred", ground="10.1.1.2 names the partner")], CLAUSE) == "derived"


def test_inference_without_a_ground_is_provisional_and_supports_nothing() -> None:
    assert basis_of([seen("inferred")], CLAUSE) == "provisional"
    assert basis_of([seen("inferred"), seen("CIMS")], CLAUSE) == "reported"


@pytest.mark.parametrize(
    "sources",
    [
        (seen("S-parallel"), seen("I-impl", who="VC")),
        (seen("S-parallel"), seen("I-impl")),
        (seen("CIMS"), seen("MCOP")),
        (seen("S-impl", who="CIMS"), seen("S-impl", who="mcx-platform")),
        (seen("S-parallel"), rfc(7636)),
        (seen("I-impl", who="VC"), rfc(6749), seen("M")),
    ],
)
def test_independent_sources_that_agree_are_corroborated(sources: tuple[Source, ...]) -> None:
    assert basis_of(sources, CLAUSE) == "corroborated"


@pytest.mark.parametrize("mark", ["S-parallel", "S-impl", "I-impl", "S", "CIMS", "VC", "MCOP"])
def test_one_source_alone_is_reported(mark: Mark) -> None:
    assert basis_of([seen(mark), seen("R")], CLAUSE) == "reported"


@pytest.mark.parametrize(
    "sources",
    [
        (seen("CIMS"), seen("S-impl", who="CIMS")),
        (seen("CIMS"), seen("CIMS", document="TS 24.482")),
        (seen("S-parallel"), seen("S-parallel", document="TS 24.547")),
        (seen("VC"), seen("I-impl")),
        (seen("CIMS", independent="one trace"), seen("MCOP", independent="one trace")),
    ],
)
def test_sources_that_are_one_and_the_same_do_not_corroborate(sources: tuple[Source, ...]) -> None:
    assert basis_of(sources, CLAUSE) == "reported"


@pytest.mark.parametrize("marks", [("R",), ("M",), ("R", "M")])
def test_what_is_recalled_stays_provisional_however_often(marks: tuple[Mark, ...]) -> None:
    assert basis_of([seen(mark) for mark in marks], CLAUSE) == "provisional"


def test_name_for_independence_does_not_make_a_guess_a_witness() -> None:
    guesses = [seen("R", independent="one"), seen("M", independent="another")]

    assert basis_of(guesses, CLAUSE) == "provisional"


def test_fact_with_several_marks_has_the_best_of_them() -> None:
    assert basis_of([seen("R"), seen("CIMS"), seen("I"), seen("P")], CLAUSE) == "verified"


# What a departure is worth

BY_BASIS: dict[Basis, tuple[Source, ...]] = {
    "verified": (seen("CR"),),
    "derived": (seen("I"),),
    "corroborated": (seen("CIMS"), seen("MCOP")),
    "reported": (seen("CIMS"),),
    "provisional": (seen("R"),),
}


@pytest.mark.parametrize("level", ["shall", "described"])
@pytest.mark.parametrize(
    ("basis", "severity"),
    [
        ("verified", "FAIL"),
        ("derived", "FAIL"),
        ("corroborated", "FAIL"),
        ("reported", "WARNING"),
        ("provisional", "WARNING"),
    ],
)
def test_only_what_is_well_known_fails_a_ue(level: Level, basis: Basis, severity: Severity) -> None:
    row = requirement(level, *BY_BASIS[basis])

    assert (row.basis, row.severity()) == (basis, severity)


@pytest.mark.parametrize("basis", ["verified", "provisional"])
def test_recommendation_warns(basis: Basis) -> None:
    assert requirement("should", *BY_BASIS[basis]).severity() == "WARNING"


@pytest.mark.parametrize("level", ["may", "ffs"])
def test_permission_and_further_study_are_worth_nothing(level: Level) -> None:
    assert requirement(level, *BY_BASIS["verified"]).severity() is None


def test_finding_is_as_good_as_the_fact_it_is_seen_through(tmp_path: Path) -> None:
    loaded = catalogue(tmp_path, facts=FACT_ROW)
    verified = requirement("described", *BY_BASIS["verified"])

    assert loaded.weakest(verified, [], frozenset()) == "FAIL"
    assert loaded.weakest(verified, ["FACT-cms-psi"], frozenset()) == "WARNING"


def test_claimed_fact_leaves_the_requirement_to_decide(tmp_path: Path) -> None:
    loaded = catalogue(tmp_path, facts=FACT_ROW)
    claimed = frozenset({"reads_cms_psi"})
    verified = requirement("shall", *BY_BASIS["verified"])
    provisional = requirement("shall", *BY_BASIS["provisional"])

    assert loaded.weakest(verified, ["FACT-cms-psi"], claimed) == "FAIL"
    assert loaded.weakest(provisional, ["FACT-cms-psi"], claimed) == "WARNING"


def test_fact_never_raises_what_a_departure_is_worth(tmp_path: Path) -> None:
    loaded = catalogue(tmp_path, facts=FACT_ROW)

    assert loaded.weakest(requirement("may", seen("V")), ["FACT-cms-psi"], frozenset()) is None


# The loader


def test_rows_of_all_files_are_one_catalogue(tmp_path: Path) -> None:
    loaded = catalogue(tmp_path, ts24484=ROW, facts=FACT_ROW)
    recalled = (Source(document="TS 24.484", mark="R", release=18),)

    assert loaded.requirement("TS24484-8.2-01") == Requirement(
        id="TS24484-8.2-01",
        clause="TS 24.484 8.2",
        level="shall",
        actor="ue",
        client="CMC",
        statement="The UE configuration is requested under the user's own MCPTT ID.",
        release=18,
        sources=recalled,
    )
    assert loaded.fact("FACT-cms-psi") == Fact(
        "FACT-cms-psi", "App-Server-Info/cms is the PSI of the CMS.", recalled, "reads_cms_psi"
    )


def test_unknown_requirement_names_itself_and_the_catalogue(tmp_path: Path) -> None:
    loaded = catalogue(tmp_path, ts24484=ROW)

    with pytest.raises(UnknownRequirement) as error:
        loaded.requirement("TS24484-9.9-99")

    assert isinstance(error.value, SuiteError)
    assert str(error.value) == f"TS24484-9.9-99 is not listed in {tmp_path}"


def test_unknown_fact_is_refused(tmp_path: Path) -> None:
    loaded = catalogue(tmp_path, ts24484=ROW)

    with pytest.raises(UnknownFact):
        loaded.weakest(loaded.requirement("TS24484-8.2-01"), ["FACT-none"], frozenset())


def test_second_row_of_the_same_id_names_both_files(tmp_path: Path) -> None:
    with pytest.raises(MalformedCatalogue) as error:
        catalogue(tmp_path, first=ROW, second=ROW)

    assert str(error.value) == (
        f"{tmp_path / 'second.toml'}: TS24484-8.2-01 is listed a second time (first in first.toml)"
    )


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (ROW.replace('level = "shall"', 'level = "must"'), "level"),
        (ROW.replace('actor = "ue"', 'actor = "phone"'), "actor"),
        (ROW.replace('client = "CMC"', 'client = "XMC"'), "client"),
        (ROW.replace('mark = "R"', 'mark = "Q"'), "sources.0.mark"),
        (ROW.replace("release = 18\n", 'release = "18"\n'), "release"),
        (ROW.replace("-8.2-01", " 8.2 01"), "id"),
        (ROW.replace('statement = "The UE', 'remark = "The UE'), "statement"),
        (ROW + "\nsevere = true\n", "severe"),
        (ROW.replace('[{ document = "TS 24.484", release = 18, mark = "R" }]', "[]"), "sources"),
    ],
)
def test_malformed_row_names_file_row_and_key(tmp_path: Path, row: str, named: str) -> None:
    with pytest.raises(MalformedCatalogue) as error:
        catalogue(tmp_path, ts24484=row)

    where, _, problems = str(error.value).partition("): ")
    assert where.startswith(f"{tmp_path / 'ts24484.toml'}: [[requirement]] 1 (TS24484")
    assert f"{named}: " in problems


@pytest.mark.parametrize("text", ["[[requirement]\n", '[[rule]]\nid = "A-1"\n', "fact = 1\n"])
def test_file_that_holds_something_else_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(MalformedCatalogue, match=r"odd\.toml"):
        catalogue(tmp_path, odd=text)


def test_empty_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedCatalogue, match="holds no catalogue file"):
        Catalogue.load(tmp_path)


# The catalogue itself


@pytest.fixture(scope="module")
def listed() -> Catalogue:
    return Catalogue.load(suite_root() / "fixtures" / "requirements")


def test_every_id_begins_with_its_document_and_clause(listed: Catalogue) -> None:
    misnamed = [
        row.id
        for row in listed.requirements.values()
        if row.id.rpartition("-")[0] != _id_of_clause(row.clause)
    ]

    assert misnamed == []


def _id_of_clause(clause: str) -> str:
    document, _, number = clause.rpartition(" ")
    prefix = document.replace(" ", "")
    return f"{prefix.replace('.', '') if prefix.startswith('TS') else prefix}-{number}"


def test_every_ue_requirement_names_its_client(listed: Catalogue) -> None:
    rows = listed.requirements.values()

    assert [row.id for row in rows if (row.actor == "ue") != bool(row.client)] == []


def test_what_is_not_required_of_the_ue_says_why_it_is_not_tested(listed: Catalogue) -> None:
    rows = listed.requirements.values()

    assert [row.id for row in rows if row.actor != "ue" and not row.not_tested_because] == []


def test_change_request_speaks_in_the_indicative(listed: Catalogue) -> None:
    levels = {
        row.level
        for row in listed.requirements.values()
        if row.clause in ("TS 23.280 10.1.1.1", "TS 23.280 10.1.1.2")
    }

    assert levels == {"described", "may", "ffs"}


def test_every_statement_is_said_once(listed: Catalogue) -> None:
    statements = [row.statement for row in listed.requirements.values()]

    assert sorted(statements) == sorted(set(statements))
