"""What the mutants that no test noticed had changed, read from the trees of both functions."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

WORDS = "the words of a finding"
LETTER_CASE = "the letter case of a finding or of a header name"
COMPARED = "a text that is read or compared"
WHICH = "which message or requirement a finding names, where there is a default"
FACTS = "the facts that a finding rests on"
EQUAL = "equal times and amounts"
LOOPS = "where a loop goes on or ends"
FALLBACK = "a value that stands in where there is none"
PARTITION = "from which end a text is cut"
LOADED = "what is made when a module is loaded"
OTHERS = "something else"
KINDS = (
    *(WORDS, LETTER_CASE, COMPARED, WHICH, FACTS, EQUAL, LOOPS, FALLBACK, PARTITION, LOADED),
    OTHERS,
)
SAID = re.compile(r"\s*(yield [Dd]eparture\(|(expected|observed)\b.* = )")
"""The statements that make up what a finding says."""
LOADING = """
import importlib, pkgutil, sys
called = set()
def look(frame, event, argument):
    module = frame.f_globals.get("__name__", "")
    if event == "call" and module.startswith("muster."):
        called.add(f"{module}.{frame.f_code.co_name}")
sys.setprofile(look)
for name in ("muster.checks", "muster.documents"):
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{name}."):
        importlib.import_module(module.name)
sys.setprofile(None)
print("\\n".join(sorted(called)))
"""
MUTANT = re.compile(r"(?P<path>.+)\.(?P<function>[^.]+)__mutmut_(?P<number>\d+)$")
ENDS = ({"partition", "rpartition"}, {"split", "rsplit"}, {"lstrip", "rstrip"})
NAMES_OF_A_FINDING = ("exchange", "requirement", "through")


def functions(path: Path) -> dict[str, ast.AST]:
    """Every function of a module with mutants, by name."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in ast.walk(tree) if isinstance(node, kinds)}


def difference(one: object, other: object) -> tuple[object, object] | None:
    """The smallest parts in which two trees differ; None where they are alike."""
    if type(one) is not type(other):
        return one, other
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return one, other
        parts: Iterator[tuple[object, object]] = zip(one, other, strict=True)
    elif isinstance(one, ast.AST):
        parts = ((getattr(one, name, None), getattr(other, name, None)) for name in one._fields)
    else:
        return None if one == other else (one, other)
    found = [differs for pair in parts if (differs := difference(*pair))]
    if len(found) > 1 or (found and not isinstance(found[0][0], ast.AST)):
        return one, other
    if found and isinstance(one, ast.keyword) and one.arg in NAMES_OF_A_FINDING:
        return one, other
    return found[0] if found else None


def kind(one: object, other: object) -> str:
    """In which of our words a change is told."""
    if isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
        if isinstance(one.value, str | bytes) and isinstance(other.value, str | bytes):
            alike = one.value.lower() == other.value.lower()
            return LETTER_CASE if alike else WORDS
        return EQUAL if isinstance(one.value, int | float) else FALLBACK
    if isinstance(one, ast.keyword):
        return FACTS if one.arg == "through" else WHICH
    names = {node.attr for node in (one, other) if isinstance(node, ast.Attribute)}
    if names in ENDS:
        return PARTITION
    if isinstance(one, ast.Call) and isinstance(other, ast.Call):
        return _kind_of_call(one, other)
    if isinstance(one, ast.Continue | ast.Break | ast.Return) or isinstance(other, ast.Break):
        return LOOPS
    if isinstance(one, ast.cmpop | ast.operator):
        return EQUAL
    if isinstance(other, ast.Constant) and other.value is None:
        return FALLBACK
    return OTHERS


def _kind_of_call(one: ast.Call, other: ast.Call) -> str:
    called = {ast.unparse(one.func).rpartition(".")[2], ast.unparse(other.func).rpartition(".")[2]}
    kept = {keyword.arg for keyword in other.keywords}
    dropped = {keyword.arg for keyword in one.keywords} - kept
    if "through" in dropped:
        return FACTS
    if called == {"Departure"}:
        return WHICH
    return WHICH if dropped & set(NAMES_OF_A_FINDING) else FALLBACK


def for_people(original: ast.AST | None, mutant: ast.AST | None, what: str) -> bool:
    """Whether a changed text is part of what a finding says, or a header name in another case."""
    assert original is not None
    assert mutant is not None
    both = zip(*(ast.unparse(node).splitlines()[1:] for node in (original, mutant)), strict=False)
    line, other = next(pair for pair in both if pair[0] != pair[1])
    if SAID.match(line):
        return True
    return what == LETTER_CASE and without_headers(line) == without_headers(other)


def without_headers(line: str) -> str:
    """A statement without the names of header fields that it reads."""
    return re.sub(r"((?:header|field)\((?:\w+, )?)'[^']*'", r"\1", line)


def called_while_loading() -> frozenset[str]:
    """Functions, as module.name, that are over before a test begins: no mutant of them runs."""
    command = [sys.executable, "-c", LOADING]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return frozenset(told.split())


def unmutated(name: str) -> str:
    """The function that a mutant is one of, as module.name."""
    parts = MUTANT.match(name)
    if parts is None:
        raise ValueError(f"{name}: no mutant of a function")
    function = parts["function"].rpartition("ǁ")[2].removeprefix("x_")
    return f"{parts['path']}.{function}"


def explained(
    mutants: Path, names: Iterable[str], untried: Collection[str] = ()
) -> dict[str, Counter[str]]:
    """By module how many of these mutants changed what.

    `untried` are those whose function was over before a test began.
    """
    modules: dict[Path, dict[str, ast.AST]] = {}
    found: dict[str, Counter[str]] = {}
    for name in names:
        parts = MUTANT.match(name)
        if parts is None:
            raise ValueError(f"{name}: no mutant of a function")
        module = parts["path"].replace(".", "/") + ".py"
        path = mutants / module
        if path not in modules:
            modules[path] = functions(path) if path.exists() else {}
        known = modules[path]
        original = known.get(f"{parts['function']}__mutmut_orig")
        mutant = known.get(f"{parts['function']}__mutmut_{parts['number']}")
        bodies = (getattr(original, "body", None), getattr(mutant, "body", None))
        differs = difference(*bodies) if all(bodies) else None
        what = kind(*differs) if differs else OTHERS
        if differs and what in (WORDS, LETTER_CASE) and not for_people(original, mutant, what):
            what = COMPARED
        found.setdefault(module, Counter())[LOADED if name in untried else what] += 1
    return found
