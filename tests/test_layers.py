"""Imports run one way: features, steps, then checks and stubs, then journal and protocol, data."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("muster", "stubs", "steps", "reports")

DATA = ("muster.domains", "muster.errors", "muster.evidence")
DOCUMENTS = ("muster.documents", "muster.requirements", "muster.suite")
JOURNAL = ("muster.journal", "muster.masking")
PROCEDURE = ("muster.procedure", "muster.protocol")
RESULTS = (
    "muster.deviations",
    "muster.memory",
    "muster.journal_files",
    "muster.results",
    "muster.seen",
    "muster.requirements",
    "muster.verdicts",
)

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "muster.domains": (),
    "muster.errors": (),
    "muster.evidence": (),
    "muster.deviations": DATA,
    "muster.masking": (),
    "muster.suite": (),
    "muster.memory": (),
    "muster.requirements": DATA,
    "muster.procedure": (*DATA, "muster.protocol"),
    "muster.journal": (*DATA, "muster.masking"),
    "muster.journal_files": (*DATA, "muster.journal"),
    "muster.judging": DATA,
    "muster.verdicts": DATA,
    "muster.results": (*DATA, *JOURNAL, *RESULTS),
    "muster.protocol": ("muster.protocol",),
    "muster.ue": ("muster.ue", "muster.protocol"),
    "muster.documents": (*DATA, *DOCUMENTS),
    "muster.checks": (*DATA, *DOCUMENTS, "muster.checks", "muster.judging", *PROCEDURE),
    "stubs": (*DATA, *DOCUMENTS, *JOURNAL, "stubs", "muster.protocol"),
    "muster.live": (
        *DATA,
        *JOURNAL,
        *RESULTS,
        "muster.live",
        "muster.prompts",
        "muster.suite",
        "reports",
    ),
    "reports": (*DATA, *RESULTS, "reports", "muster.journal", "muster.suite", *PROCEDURE),
}
"""What the modules of a layer may import of the project; a layer covers all that lies below it."""

ABOVE: Mapping[str, tuple[str, ...]] = {
    "steps": ("reports", "muster.results", "muster.plugin", "muster.campaign", "muster.cli"),
    "muster": ("steps",),
}
"""For the rest: what they must not import. Steps are loaded by name, by the collector alone."""


def covers(layer: str, module: str) -> bool:
    return module == layer or module.startswith(f"{layer}.")


def layer_of(module: str, layers: Mapping[str, tuple[str, ...]]) -> str | None:
    return max((layer for layer in layers if covers(layer, module)), key=len, default=None)


def imports(source: str, module: str, is_package: bool = False) -> Iterator[str]:
    """Yield every module that a source imports anywhere in it, relative ones resolved."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            kept = parts[: len(parts) - node.level + is_package] if node.level else []
            base = ".".join([*kept, *([node.module] if node.module else [])])
            # `from package import module` imports the module; a name in it does no harm here.
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (str(arg.value) for arg in node.args if isinstance(arg, ast.Constant))


def trespasses(source: str, module: str, is_package: bool = False) -> list[str]:
    """Return what a module imports and must not."""
    named = [name for name in imports(source, module, is_package) if name.split(".")[0] in OURS]
    layer = layer_of(module, ALLOWED)
    if layer is not None:
        fine = (*ALLOWED[layer], "muster.__version__")
        return [name for name in named if not any(covers(one, name) for one in fine)]
    above = ABOVE[layer_of(module, ABOVE) or "muster"]
    return [name for name in named if any(covers(one, name) for one in above)]


def modules() -> Iterator[tuple[str, Path]]:
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(part for part in parts if part != "__init__"), path


@pytest.mark.parametrize("package", OURS)
def test_imports_run_one_way(package: str) -> None:
    found = {
        module: trespasses(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")
        for module, path in modules()
        if covers(package, module)
    }

    assert len(found) > 1
    assert {module: names for module, names in found.items() if names} == {}


def test_each_layer_is_there() -> None:
    """A layer whose modules were renamed would be guarded no more."""
    names = [module for module, _ in modules()]

    assert [one for one in ALLOWED if not any(covers(one, name) for name in names)] == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("stubs.cms", "from muster.checks.reading import announced"),
        ("stubs.cms", "import muster.ue.driver"),
        ("stubs.cms", "from steps import scene"),
        ("muster.checks.groups", "from stubs.gms import AUID"),
        ("muster.checks.groups", "def f():\n    from muster.ue import names"),
        ("muster.checks.groups", "if True:\n    import steps.scene as s"),
        ("muster.checks.groups", "import importlib\nimportlib.import_module('stubs.gms')"),
        ("muster.ue.reference.ue", "from muster.documents import build"),
        ("muster.ue.reference.ue", "from ...evidence import Exchange"),
        ("muster.ue.reference.ue", "from muster import evidence"),
        ("muster.protocol.sip.message", "from muster.evidence import Fields"),
        ("muster.protocol.sip.message", "from ... import evidence"),
        ("muster.documents.build", "from stubs.world import World"),
        ("muster.journal", "from muster.verdicts import Verdict"),
        ("muster.evidence", "from muster.errors import SuiteError"),
        ("reports.html", "from stubs.world import World"),
        ("reports.html", "from muster.checks import groups"),
        ("reports.html", "from muster.plugin import x"),
        ("steps.signing_in", "from reports.html import page"),
        ("muster.campaign", "from steps.scene import Scene"),
    ],
)
def test_import_that_runs_the_other_way_is_found(module: str, source: str) -> None:
    assert len(trespasses(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("stubs.cms", "from stubs.xcap import holds\nfrom muster.journal import now\nimport ssl"),
        ("muster.protocol.sip.message", "from .fields import Via\nfrom ..tokens import sign_jwt"),
        ("muster.ue.reference.ue", "from muster.protocol import oidc\nfrom ..driver import DONE"),
        ("steps.signing_in", "from stubs.world import World\nfrom muster.checks import identity"),
        ("reports.html", "from muster.results import Results\nfrom reports import text"),
    ],
)
def test_import_that_runs_the_right_way_is_allowed(module: str, source: str) -> None:
    assert trespasses(source, module) == []


def test_relative_import_of_a_package_is_resolved() -> None:
    assert list(imports("from . import a", "muster.protocol.sip", is_package=True)) == [
        "muster.protocol.sip.a"
    ]
    assert list(imports("from . import a", "muster.protocol.sip")) == ["muster.protocol.a"]
