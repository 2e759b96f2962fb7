"""Mutation testing of what decides: `make mutation`, `python -m benchmarks.mutation [MODULE...]`.

mutmut changes one thing at a time in the checks, the documents and the roll-up of verdicts, and
runs the tests that reach it. It leaves decorated functions alone, and every check is one: in a copy
of the checkout `@check(...)` becomes a call behind the function. Modules are given as paths, such
as muster/checks/tokens.py: their rows of both tables are made new; without any it takes all, for
about an hour and a half on two cores.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from benchmarks import evidence, lone_mutants
from benchmarks.supply_chain import known_files
from benchmarks.survivors import KINDS, called_while_loading, explained, unmutated

ROOT = Path(__file__).resolve().parents[1]
PARTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("muster/verdicts.py", "muster/judging.py", "muster/checks/*"): (
        "tests/checks",
        "tests/test_verdicts.py",
        "tests/test_judging.py",
    ),
    ("muster/documents/*",): ("tests/documents",),
}
"""What is changed, and the tests that have to notice: those that run in one process, since a test
that starts another would test what was not changed."""
CONFIGURATION = """

[tool.mutmut]
source_paths = ["muster"]
only_mutate = {mutated}
also_copy = {copied}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:xdist"]
use_git_change_detection = false
track_dependencies = false
"""
KILLED, SURVIVED, SLOW, UNTESTED, LEFT = "killed", "survived", "timeout", "no tests", "not run"
OUTCOMES = {
    0: SURVIVED,
    1: KILLED,
    3: KILLED,
    5: UNTESTED,
    33: UNTESTED,
    24: SLOW,
    -24: SLOW,
    36: SLOW,
}
"""What the exit code of a mutant's test run says."""
NUMBERS = ("mutants", KILLED, SLOW, SURVIVED, UNTESTED, LEFT)
COLUMNS = ("module", "run on", *NUMBERS, "score")
SURVIVORS = ("module", *KINDS)
ALL = "all"
QUICK_FIRST = (
    "Those that did not run are the ones with the longest tests: a run is ended after some time,"
    " and begins with the quick ones."
)
TITLES = {
    "mutation": "Mutation testing",
    "survivors": "What the mutants that no test noticed had changed",
}
EXPLANATIONS = (
    "Words are for people: a finding says them, no verdict rests on them. Header names are alike in"
    " any letter case.",
    "A text that is read or compared, or a fact, may change a verdict: to be read one by one.",
    "Which message or requirement: left out, a finding names the first, which is meant mostly.",
    "Made when a module is loaded: over before the first mutant runs, and not yet tried alone.",
)
"""What the columns of the second table mean for the verdicts."""


def undecorate(path: Path) -> int:
    """Turn `@name(...)` over a function into a call behind it; return how many there were."""
    text = path.read_text("utf-8")
    lines = text.split("\n")
    found = [
        (node, decorator)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and len(node.decorator_list) == 1
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
    ]
    for node, decorator in reversed(found):
        assert node.end_lineno is not None
        assert decorator.end_lineno is not None
        called = ast.get_source_segment(text, decorator)
        lines.insert(node.end_lineno, f"\n\n{node.name} = {called}({node.name})")
        del lines[decorator.lineno - 1 : decorator.end_lineno]
    path.write_text("\n".join(lines), "utf-8")
    return len(found)


def prepare(tree: Path, modules: Sequence[str], tests: Sequence[str]) -> None:
    """Copy the checkout as git knows it, and make it ready for mutmut."""
    for name in known_files():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)
    for path in (*tree.glob("muster/checks/*.py"), *tree.glob("muster/documents/**/*.py")):
        undecorate(path)
    copied = sorted(p.name for p in tree.iterdir() if p.name not in ("muster", "tests", ".git"))
    with (tree / "pyproject.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(
            CONFIGURATION.format(
                mutated=json.dumps(list(modules)),
                copied=json.dumps(copied),
                tests=json.dumps(list(tests)),
            )
        )


def revive(tree: Path, modules: Sequence[str]) -> None:
    """Make the survivors of modules in a kept copy run once more, with the tests as they are now.

    Those of functions that are over before their test begins only run alone.
    """
    unnoticed = [n for n in survivors(tree / "mutants") if is_of(n, modules)]
    lone_mutants.forget(tree / "mutants", unnoticed)
    late = set(too_late(tree / "mutants"))
    tests = [name for name in known_files() if name.startswith("tests/")]
    for place in (tree, tree / "mutants"):
        shutil.rmtree(place / "tests")
        for name in tests:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    # Which tests reach what is found out anew.
    (tree / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    for meta in (tree / "mutants").rglob("*.meta"):
        if not any(fnmatch(module_of(meta, tree / "mutants"), one) for one in modules):
            continue
        told = json.loads(meta.read_text("utf-8"))
        codes = told["exit_code_by_key"]
        told["exit_code_by_key"] = {
            name: None if OUTCOMES.get(code) in (SURVIVED, UNTESTED) and name not in late else code
            for name, code in codes.items()
        }
        meta.write_text(json.dumps(told), "utf-8")


def run(tree: Path, children: int, minutes: float) -> None:
    """Run the mutants of a prepared copy, those with quick tests first."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)]
    with suppress(subprocess.TimeoutExpired):
        subprocess.run(command, cwd=tree, timeout=60 * minutes, check=False)


def outcomes(meta: Path) -> dict[str, str]:
    """How each mutant of a module ended. One that was to run again and did not is what it was."""
    told = json.loads(meta.read_text("utf-8"))
    took = told.get("durations_by_key", {})
    return {
        name: OUTCOMES.get(code, SURVIVED if code is None and took.get(name) else LEFT)
        for name, code in told["exit_code_by_key"].items()
    }


def module_of(meta: Path, mutants: Path) -> str:
    """The path of the module whose mutants a file of mutmut's tells of."""
    return str(meta.relative_to(mutants).with_suffix(""))


def tally(mutants: Path) -> dict[str, Counter[str]]:
    """By module how many mutants ended how."""
    found = {}
    for meta in sorted(mutants.rglob("*.meta")):
        if ended_so := outcomes(meta).values():
            found[module_of(meta, mutants)] = Counter(ended_so)
    return found


def survivors(mutants: Path) -> list[str]:
    """The names of the mutants that no test noticed."""
    return ended(mutants, SURVIVED, UNTESTED)


def killed(mutants: Path) -> list[str]:
    """The names of the mutants that a test noticed."""
    return ended(mutants, KILLED)


def too_late(mutants: Path) -> list[str]:
    """Survivors of functions that were over before their test began, and were not tried alone."""
    alone = lone_mutants.tried(mutants)
    noticed = {unmutated(name) for name in killed(mutants) if name not in alone}
    loaded = called_while_loading() - noticed
    return [n for n in survivors(mutants) if unmutated(n) in loaded and n not in alone]


def of_modules(mutants: Path, modules: Sequence[str]) -> list[str]:
    """Survivors of these modules that were not tried alone."""
    alone = lone_mutants.tried(mutants)
    return [n for n in survivors(mutants) if n not in alone and is_of(n, modules)]


def is_of(name: str, modules: Sequence[str]) -> bool:
    """Whether a mutant is of one of these modules."""
    module = name.rpartition(".")[0].replace(".", "/") + ".py"
    return any(fnmatch(module, one) for one in modules)


def ended(mutants: Path, *how: str) -> list[str]:
    return [
        name
        for meta in sorted(mutants.rglob("*.meta"))
        for name, outcome in outcomes(meta).items()
        if outcome in how
    ]


def rows(found: dict[str, Counter[str]], when: str) -> list[list[str]]:
    """A row for each module that ran on that day."""
    told = []
    for module, counts in found.items():
        ran = sum(counts.values()) - counts[LEFT]
        numbers = (ran, *(counts[name] for name in NUMBERS[1:]))
        told.append(scored([module, when, *map(str, numbers)]))
    return told


def scored(row: list[str]) -> list[str]:
    """A row of numbers with the share of its mutants that tests noticed."""
    ran, killed, slow = map(int, row[2:5])
    return [*row, f"{100 * (killed + slow) / ran:.0f} %" if ran else "-"]


def renewed(known: Path, columns: Sequence[str], rows: Sequence[list[str]]) -> list[list[str]]:
    """The rows of a table with these in place of what it said of their modules, by module.

    A table with other columns tells nothing that these could stand beside.
    """
    table = evidence.read(known) if known.exists() else None
    before = table.rows if table and [*table.columns] == [*columns] else []
    of_module = {row[0]: list(row) for row in (*before, *rows) if row[0] != ALL}
    return [of_module[module] for module in sorted(of_module)]


def summed(rows: Sequence[Sequence[str]]) -> list[str]:
    """The sum of each column."""
    return [str(sum(map(int, column))) for column in zip(*rows, strict=True)]


@dataclass
class Ran:
    """What a run of mutants found, by module."""

    machine: evidence.Machine
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    changed: dict[str, Counter[str]] = field(default_factory=dict)
    """What those had changed that no test noticed."""

    def write(self, folder: Path) -> None:
        """Write both tables; what they say of modules that did not run stays."""
        told = renewed(folder / "mutation.json", COLUMNS, rows(self.counts, evidence.today()))
        everything = scored([ALL, "", *summed([row[2:-1] for row in told])])
        notes = [QUICK_FIRST] if int(everything[COLUMNS.index(LEFT)]) else []
        self._table(folder, "mutation", COLUMNS, [*told, everything], notes)
        told = renewed(folder / "survivors.json", SURVIVORS, self.kinds())
        everything = [ALL, *summed([row[1:] for row in told])]
        self._table(folder, "survivors", SURVIVORS, [*told, everything], EXPLANATIONS)

    def kinds(self) -> list[list[str]]:
        """For each module how many survivors changed what."""
        nothing = Counter[str]()
        return [
            [module, *(str(self.changed.get(module, nothing)[kind]) for kind in KINDS)]
            for module in self.counts
        ]

    def _table(
        self,
        folder: Path,
        name: str,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        notes: Sequence[str],
    ) -> None:
        command = "make mutation"
        table = evidence.Table(TITLES[name], command, columns, rows, self.machine, notes)
        evidence.write(name, table, folder)


def try_mutants(
    tree: Path,
    mutated: Sequence[str],
    tests: Sequence[str],
    given: argparse.Namespace,
) -> None:
    """Run mutants as the options say, and those alone that are over before their test begins."""
    until = time.monotonic() + 60 * given.minutes
    if not given.alone:
        if given.again:
            revive(tree, mutated)
        else:
            prepare(tree, mutated, tests)
        run(tree, given.children, given.minutes)
    mutants = tree / "mutants"
    names = of_modules(mutants, mutated) if given.alone else too_late(mutants)
    lone_mutants.run(mutants, names, tests, given.children, until - time.monotonic())


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="paths, such as muster/checks/tokens.py")
    parser.add_argument("--children", type=int, default=2, help="mutants at a time")
    parser.add_argument("--minutes", type=float, default=60.0, help="the most of each of two parts")
    parser.add_argument("--keep", type=Path, help="where the copies are left, to read survivors")
    parser.add_argument("--again", action="store_true", help="run the survivors of --keep again")
    told = "run the survivors of --keep each in a process of its own: slow, and nothing is cached"
    parser.add_argument("--alone", action="store_true", help=told)
    parser.add_argument("--count", action="store_true", help="only count what --keep has")
    given = parser.parse_args(list(arguments))
    ran, unnoticed = Ran(evidence.Machine.here()), list[str]()
    with tempfile.TemporaryDirectory(prefix="muster-mutants-") as name:
        for number, (mutated, tests) in enumerate(PARTS.items()):
            asked = [m for m in given.modules if any(fnmatch(m, one) for one in mutated)]
            if given.modules and not asked:
                continue
            tree = (given.keep or Path(name)) / str(number)
            mutants = tree / "mutants"
            if not given.count:
                try_mutants(tree, asked or mutated, tests, given)
            ran.counts |= tally(mutants)
            left = survivors(mutants)
            ran.changed |= explained(mutants, left, too_late(mutants))
            unnoticed += left
    for line in (*map("  ".join, rows(ran.counts, evidence.today())), *unnoticed):
        print(line)
    if not any(counts[KILLED] for counts in ran.counts.values()):
        return 1
    ran.write(evidence.FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
