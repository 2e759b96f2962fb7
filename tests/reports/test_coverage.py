"""Coverage without a run: each requirement with its scenarios, or why it has none."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from muster.coverage_command import coverage_command, suite_rows
from reports.coverage import block, by_actor, by_basis, by_document, lines, page, rows_of, summary
from tests.reports.sample import sample_catalogue

README = Path(__file__).parents[2] / "README.md"
CITING = {"TS24484-8.2-01": ["a.feature:1", "a.feature:2"], "TS24484-8.3-01": ["a.feature:2"]}


def call(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(coverage_command, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def test_requirement_is_tested_or_has_a_reason() -> None:
    catalogue = sample_catalogue()
    given = replace(catalogue.requirements["TS24484-9.9-01"], not_tested_because="It is a freedom.")
    catalogue.requirements["TS24484-9.9-01"] = given

    rows = {row.requirement.id: row for row in rows_of(catalogue, CITING, ["TS33180-5.1-09"])}

    assert (rows["TS24484-8.2-01"].tested, rows["TS24484-8.2-01"].reason) == (True, "")
    assert rows["TS24484-9.9-01"].reason == "It is a freedom."
    assert rows["TS33180-5.1-09"].reason == "judged on documents alone, by `muster validate`"
    assert rows["TS23280-10.1.1.1-01"].reason == "open: nothing judges it yet"


def test_scenarios_count_once_in_each_summary() -> None:
    whole = summary("all", rows_of(sample_catalogue(), CITING, ()))

    assert (whole.total, whole.tested, whole.untested, whole.scenarios) == (9, 2, 7, 2)


def test_summaries_leave_no_requirement_out() -> None:
    rows = suite_rows()

    for summaries in (by_basis(rows), by_actor(rows), by_document(rows)):
        assert sum(one.total for one in summaries) == len(rows)
        assert sum(one.tested for one in summaries) == sum(row.tested for row in rows)


def test_lines_name_every_requirement_when_they_are_asked_for() -> None:
    rows = suite_rows()
    told = "\n".join(lines(rows, every=True))

    assert all(f"\n{row.requirement.id}  " in told for row in rows)


def test_page_shows_every_requirement_and_loads_nothing() -> None:
    rows = suite_rows()
    shown = page(rows)

    assert set(re.findall(r'<tr id="([^"]+)">', shown)) == {row.requirement.id for row in rows}
    assert "<script" not in shown
    assert not re.search(r'(?:src|href)="', shown)


def test_json_tells_every_requirement() -> None:
    code, told = call("--json")

    assert (code, len(json.loads(told))) == (0, len(suite_rows()))


def test_block_of_a_readme_is_renewed_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("before\n<!-- coverage -->\nold\n<!-- /coverage -->\nafter\n")

    assert call("--readme", path, "--check")[0] == 1
    assert "old" in path.read_text()
    assert call("--readme", path)[0] == 0
    assert path.read_text() == f"before\n{block(suite_rows())}\nafter\n"
    assert call("--readme", path, "--check")[0] == 0


def test_readme_without_a_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing")

    code, told = call("--readme", tmp_path / "README.md")

    assert code == 64
    assert "has no place for the table" in told


def test_table_of_our_readme_is_current() -> None:
    """Holds also while the README shows no table."""
    text = README.read_text("utf-8")

    assert "<!-- coverage -->" not in text or block(suite_rows()) in text
