"""Mutation testing of what decides: `make mutation`, `python -m benchmarks.mutation [MODULE...]`.

mutmut changes one thing at a time in the checks, the documents and the roll-up of verdicts, and
runs the tests that reach it. It leaves decorated functions alone, and every check is one: in a copy
of the checkout `@check(...)` becomes a call behind the function. Modules are given as paths, such
as muster/checks/tokens.py; without any it takes all, for about an hour on one core.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path

from benchmarks import evidence
from benchmarks.supply_chain import known_files
from benchmarks.survivors import explained, told

ROOT = Path(__file__).resolve().parents[1]
PARTS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("muster/verdicts.py", "muster/judging.py", "muster/checks/*"): (
        "tests/checks",
        "tests/test_verdicts.py",
        "tests/test_judging.py",
    ),
    ("muster/documents/*",): (
        "tests/documents",
        # It looks at what only the first validation in a process does.
        "--deselect=tests/documents/test_validate.py::test_valid_document_is_valid_in_both",
    ),
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
COLUMNS = ("module", "mutants", KILLED, SLOW, SURVIVED, UNTESTED, LEFT, "score")


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


def run(tree: Path, children: int, minutes: float) -> list[str]:
    """Run every mutant of a prepared copy; return what is to be said about the run."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)]
    try:
        ended = subprocess.run(command, cwd=tree, timeout=60 * minutes, check=False)
    except subprocess.TimeoutExpired:
        return [f"ended after {minutes:g} minutes; the mutants left did not run"]
    return [] if ended.returncode == 0 else [f"mutmut ended with {ended.returncode}"]


def tally(mutants: Path) -> dict[str, Counter[str]]:
    """By module how many mutants ended how."""
    found = {}
    for meta in sorted(mutants.rglob("*.meta")):
        codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"].values()
        if codes:
            module = str(meta.relative_to(mutants).with_suffix(""))
            found[module] = Counter(
                LEFT if code is None else OUTCOMES.get(code, LEFT) for code in codes
            )
    return found


def survivors(mutants: Path) -> list[str]:
    """The names of the mutants that no test noticed."""
    return [
        name
        for meta in sorted(mutants.rglob("*.meta"))
        for name, code in json.loads(meta.read_text("utf-8"))["exit_code_by_key"].items()
        if OUTCOMES.get(code) in (SURVIVED, UNTESTED)
    ]


def rows(found: dict[str, Counter[str]]) -> list[list[str]]:
    """The table: a row for each module, and one for all."""
    everything = sum(found.values(), Counter[str]())
    return [row(module, counts) for module, counts in (*found.items(), ("all", everything))]


def row(module: str, counts: Counter[str]) -> list[str]:
    ran = sum(counts.values()) - counts[LEFT]
    score = f"{100 * (counts[KILLED] + counts[SLOW]) / ran:.0f} %" if ran else "-"
    numbers = (ran, *(counts[name] for name in (KILLED, SLOW, SURVIVED, UNTESTED, LEFT)))
    return [module, *map(str, numbers), score]


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="paths, such as muster/checks/tokens.py")
    parser.add_argument("--children", type=int, default=2, help="mutants at a time")
    parser.add_argument("--minutes", type=float, default=60.0, help="the most of each of two parts")
    parser.add_argument("--keep", type=Path, help="where the copies are left, to read survivors")
    given = parser.parse_args(list(arguments))
    machine = evidence.Machine.here()
    found: dict[str, Counter[str]] = {}
    notes, unnoticed, changed = list[str](), list[str](), Counter[str]()
    with tempfile.TemporaryDirectory(prefix="muster-mutants-") as name:
        for number, (mutated, tests) in enumerate(PARTS.items()):
            asked = [m for m in given.modules if any(fnmatch(m, one) for one in mutated)]
            if given.modules and not asked:
                continue
            tree = (given.keep or Path(name)) / str(number)
            prepare(tree, asked or mutated, tests)
            notes += run(tree, given.children, given.minutes)
            found |= tally(tree / "mutants")
            left = survivors(tree / "mutants")
            changed += explained(tree / "mutants", left)
            unnoticed += left
    for line in (COLUMNS, *rows(found), unnoticed):
        print("\n".join(line) if line is unnoticed else "  ".join(line))
    if not any(counts[KILLED] for counts in found.values()):
        return 1
    if not given.modules:
        table = evidence.Table(
            *("Mutation testing", "make mutation", COLUMNS, rows(found), machine),
            [told(changed), *notes],
        )
        evidence.write("mutation", table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
