"""How feature files become scenarios, and what is told of those that cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.collection import FeatureFileReader, Problem
from muster.tags import Claims, expression

KNOWN = ("TS1-1-01", "TS1-1-02")


def read(tmp_path: Path, text: str) -> FeatureFileReader:
    path = tmp_path / "x.feature"
    path.write_text(text, encoding="utf-8")
    return FeatureFileReader(path, "area/x.feature", KNOWN)


OUTLINE = """\
@client
Feature: Fetching
  Background:
    Given a world

  @TS1-1-01
  Scenario: Plain
    When it acts

  Rule: Of a service
    @TS1-1-02
    Scenario Outline: The <service> document
      When the <service> document is fetched

      @mcptt
      Examples:
        | service |
        | MCPTT   |
      @mcvideo
      Examples:
        | service |
        | MCVideo |
"""


def test_scenarios_are_keyed_by_file_and_line(tmp_path: Path) -> None:
    reader = read(tmp_path, OUTLINE)

    entries = reader.scenarios()

    assert [(entry.id, entry.title, entry.tags, entry.requirements) for entry in entries] == [
        ("area/x.feature:7", "Plain", ("client", "TS1-1-01"), ("TS1-1-01",)),
        (
            "area/x.feature:18",
            "The MCPTT document",
            ("client", "TS1-1-02", "mcptt"),
            ("TS1-1-02",),
        ),
        (
            "area/x.feature:22",
            "The MCVideo document",
            ("client", "TS1-1-02", "mcvideo"),
            ("TS1-1-02",),
        ),
    ]
    assert [step.name for step in entries[1].rendered.steps] == [
        "a world",
        "the MCPTT document is fetched",
    ]
    assert reader.problems == []


def test_an_entry_says_all_that_reports_need(tmp_path: Path) -> None:
    row = read(tmp_path, OUTLINE).scenarios()[2]

    told = row.as_event(Claims(frozenset({"mcptt"}), frozenset()))

    assert told == {
        "id": "area/x.feature:22",
        "title": "The MCVideo document",
        "feature": "area/x.feature",
        "feature_title": "Fetching",
        "area": "area",
        "line": 22,
        "tags": ["client", "TS1-1-02", "mcvideo"],
        "requirements": ["TS1-1-02"],
        "service": "mcvideo",
        "applicable": False,
        "ics": "mcvideo",
    }


def test_row_that_names_a_service_is_tagged_with_it(tmp_path: Path) -> None:
    text = """\
Feature: F
  Scenario Outline: Same
    When <service>
    @baseline
    Examples:
      | service |
      | MCVideo |
      | other   |
"""

    entries = read(tmp_path, text).scenarios()

    assert [entry.tags for entry in entries] == [("baseline", "mcvideo"), ("baseline",)]
    assert [entry.service for entry in entries] == ["mcvideo", ""]


def test_rows_of_an_outline_without_placeholder_in_its_name_have_titles_of_their_own(
    tmp_path: Path,
) -> None:
    text = """\
Feature: F
  Scenario Outline: Same
    When <a> and <b>
    Examples:
      | a | b |
      | 1 | 2 |
      | 3 | 4 |
"""

    titles = [entry.title for entry in read(tmp_path, text).scenarios()]

    assert titles == ["Same [1, 2]", "Same [3, 4]"]


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (
            "  Scenario: A\n    When x\n  Scenario: A\n    When y\n",
            4,
            'a scenario is named "A" in line 2 already; give each scenario of a feature its own'
            " name",
        ),
        (
            "  Background:\n    Given x\n  Scenario: A\n",
            4,
            'the scenario "A" has no steps of its own; write them',
        ),
        (
            "  Scenario: A\n    When <x> is\n",
            3,
            "no column of the Examples gives <x>; add it or correct it",
        ),
        (
            "  Scenario Outline: A\n    When <x>\n    Examples:\n      | y |\n      | 1 |\n",
            3,
            "no column of the Examples gives <x>; add it or correct it",
        ),
        (
            "  Scenario: A\n    When x\n      | a | <b> |\n",
            3,
            "no column of the Examples gives <b>; add it or correct it",
        ),
        (
            "  Scenario Outline: A\n    When <x>\n    Examples:\n      | x |\n",
            4,
            "the Examples have no rows; add one or remove the table",
        ),
        (
            "  Scenario Outline: A\n    When <x>\n    Examples:\n",
            4,
            "the Examples have no rows; add one or remove the table",
        ),
        (
            "  Scenario Outline: A\n    When x\n    Examples:\n      | x | x |\n      | 1 | 2 |\n",
            4,
            "the Examples have two columns of one name; rename one",
        ),
        (
            "  Scenario Outline: A\n    When x\n",
            2,
            'the outline "A" has no Examples; add a table',
        ),
        (
            "  @TS1-1-03\n  Scenario: A\n    When x\n",
            2,
            "@TS1-1-03 is not a requirement of the catalogue; near to it: @TS1-1-02, @TS1-1-01;"
            " correct or remove the tag",
        ),
        (
            "  @basline\n  Scenario: A\n    When x\n",
            2,
            "@basline is not a known tag; near to it: @baseline; correct or remove the tag",
        ),
        (
            "  @ics:\n  Scenario: A\n    When x\n",
            2,
            "@ics: names no ICS item; correct or remove the tag",
        ),
        ("", 1, "the feature holds no scenario; write one or remove the file"),
        (
            "  Scenario: A\n    And x\n",
            3,
            "First step in a scenario or background must start with 'Given', 'When' or 'Then',"
            " but got And.",
        ),
    ],
)
def test_each_defect_is_told_with_its_line(
    tmp_path: Path, body: str, line: int, message: str
) -> None:
    reader = read(tmp_path, f"Feature: F\n{body}")

    reader.scenarios()

    assert reader.problems == [Problem(message, f"area/x.feature:{line}")]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_a_file_without_a_feature_is_told(tmp_path: Path, text: str) -> None:
    reader = read(tmp_path, text)

    assert reader.scenarios() == []
    assert reader.problems == [
        Problem("holds no Feature; begin it with `Feature: ...`", "area/x.feature:1")
    ]


def test_every_place_that_gherkin_cannot_read_is_told(tmp_path: Path) -> None:
    reader = read(tmp_path, "Feature: F\n  Scenario: A\n    When x\n  nonsense\n  more\n")

    assert reader.scenarios() == []
    assert [problem.where for problem in reader.problems] == [
        "area/x.feature:4",
        "area/x.feature:5",
    ]
    assert all("cannot be read as Gherkin" in one.message for one in reader.problems)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.feature"
    path.write_bytes(b"Feature: caf\xe9\n")
    reader = FeatureFileReader(path, "x.feature", KNOWN)

    assert reader.scenarios() == []
    assert reader.problems == [Problem("is not UTF-8 (byte 12); save it as UTF-8", "x.feature:1")]


def test_xml_in_a_doc_string_is_no_placeholder(tmp_path: Path) -> None:
    text = 'Feature: F\n  Scenario: A\n    When x\n      """\n      <a><b/></a>\n      """\n'
    reader = read(tmp_path, text)

    assert len(reader.scenarios()) == 1
    assert reader.problems == []


@pytest.mark.parametrize(
    ("tags", "applies"),
    [
        ((), True),
        (("mcptt",), True),
        (("mcvideo",), False),
        (("mcvideo", "mcptt"), True),
        (("ics:a",), True),
        (("ics:a", "ics:b"), False),
        (("ics:not-b", "ics:a"), True),
        (("ics:not-a",), False),
        (("mcvideo", "ics:a"), False),
        (("ics:b|a",), True),
        (("ics:b|not-a",), False),
        (("ics:a|b", "ics:b|not-b"), True),
    ],
)
def test_services_and_items_of_the_ics_decide_what_applies(
    tags: tuple[str, ...], applies: bool
) -> None:
    claims = Claims(services=frozenset({"mcptt"}), items=frozenset({"a"}))

    assert claims.applies(tags) is applies


def test_an_expression_is_told_in_words() -> None:
    tags = ("mcptt", "mcvideo", "ics:a|not-b", "ics:not-c")

    assert expression(tags) == "(mcptt or mcvideo) and (a or not b) and not c"
    assert expression(("ics:a|b",)) == "a or b"


def test_who_claims_everything_claims_what_nobody_listed() -> None:
    claims = Claims(frozenset({"mcptt"}), frozenset(), everything=True)

    assert claims.applies(["ics:anything"])
    assert not claims.applies(["ics:not-anything"])


def test_a_file_that_is_read_twice_says_the_same_twice(tmp_path: Path) -> None:
    """It is parsed once: whoever is forked later reads on from there."""

    def told(reader: FeatureFileReader) -> list[tuple[object, ...]]:
        entries = reader.scenarios()
        return [(e.id, e.tags, [step.name for step in e.rendered.steps]) for e in entries]

    first = told(read(tmp_path, OUTLINE))

    assert told(FeatureFileReader(tmp_path / "x.feature", "area/x.feature", KNOWN)) == first != []


def test_a_file_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    before = [entry.title for entry in read(tmp_path, OUTLINE).scenarios()]

    after = [entry.title for entry in read(tmp_path, OUTLINE.replace("Plain", "Other")).scenarios()]

    assert after == ["Other" if title == "Plain" else title for title in before] != before
