"""docs/evidence.md is what the files of docs/evidence say, and every command in it exists."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import click
import pytest

from benchmarks import evidence
from benchmarks.evidence import Machine, Table, WrongTable
from muster.cli import muster

MACHINE = Machine(cores=2, python="3.11.0", load="0.1")
TABLE = Table(
    title="Sums",
    command="make bench",
    columns=("sum", "result"),
    rows=(("1 | 1", "2"),),
    machine=MACHINE,
    notes=("Two is right.",),
    when="2026-01-02",
)
MAKEFILE = (evidence.ROOT / "Makefile").read_text()


def exists(command: str) -> bool:
    """Whether a command is a target of the Makefile or a command of muster."""
    program, *rest = shlex.split(command)
    name = next((word for word in rest if not word.startswith("-") and "=" not in word), "")
    if program == "make":
        return bool(re.search(rf"^{re.escape(name)}:", MAKEFILE, re.MULTILINE))
    return program == "muster" and name in muster.list_commands(click.Context(muster))


def test_page_is_what_the_files_say():
    assert evidence.PAGE.read_text("utf-8") == evidence.render(evidence.tables())


def test_every_command_of_the_page_exists():
    unknown = [one.command for one in evidence.tables().values() if not exists(one.command)]

    assert unknown == []


def test_command_that_does_not_exist_is_told():
    known = ["make bench", "make prove FULL=1", "muster prove --full"]

    assert [exists(one) for one in [*known, "make up", "muster guess", "python x.py"]] == [
        *[True] * 3,
        *[False] * 3,
    ]


def test_table_is_read_as_it_was_written(tmp_path: Path):
    path = evidence.write("sums", TABLE, tmp_path)

    assert list(json.loads(path.read_text())) == [
        *["title", "command", "columns", "rows", "machine", "notes", "when"]
    ]
    assert evidence.render({"sums": evidence.read(path)}) == evidence.render({"sums": TABLE})


def test_page_shows_command_machine_rows_and_notes():
    page = evidence.render({"sums": TABLE})

    assert page.endswith(
        "## Sums\n"
        "`make bench`, 2026-01-02, 2 cores, Python 3.11.0, load 0.1 at the start.\n\n"
        "| sum | result |\n|---|---|\n| 1 \\| 1 | 2 |\n\n- Two is right.\n"
    )


def test_page_names_the_proofs_that_have_no_table():
    every = dict.fromkeys(evidence.PROOFS, TABLE)

    assert (
        "No table yet: mutation testing, what surviving mutants changed, fuzzing,"
        in evidence.render({"proof": TABLE})
    )
    assert "No table yet" not in evidence.render(every)


def test_tables_come_in_the_order_of_the_proofs_and_others_after(tmp_path: Path):
    for name in ("aside", "benchmarks", "mutation", "proof"):
        evidence.write(name, TABLE, tmp_path)

    assert list(evidence.tables(tmp_path)) == ["proof", "mutation", "benchmarks", "aside"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": [["one"]]},
        {"rows": []},
        {"rows": [["sum", 2]]},
        {"title": ""},
        {"command": " "},
        {"when": "yesterday"},
        {"machine": {"cores": 2}},
        {"surprise": 1},
    ],
)
def test_wrong_table_is_refused_with_the_name_of_its_file(tmp_path: Path, wrong: dict[str, object]):
    path = evidence.write("sums", TABLE, tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **wrong}))

    with pytest.raises(WrongTable, match=re.escape("sums.json")):
        evidence.read(path)
