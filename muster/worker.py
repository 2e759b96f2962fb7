"""What one process of a campaign holds: its settings, catalogue, journal and step modules."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from muster.campaign_settings import SETTINGS_VARIABLE, CampaignSettings
from muster.collection import Problem
from muster.journal import Journal
from muster.masking import Masker
from muster.requirements import Catalogue
from muster.suite import put_suite_on_path
from muster.tags import Claims
from muster.ue_secrets import SECRETS_VARIABLE, Secrets

ORPHAN_CHECK_SECONDS = 0.5


@dataclass
class Worker:
    """The state of one process that runs scenarios."""

    settings: CampaignSettings
    catalogue: Catalogue
    journal: Journal
    features: Path
    claims: Claims
    claimed: frozenset[str] = frozenset()
    """The claimed items one by one; known when the features are collected."""
    problems: list[Problem] = field(default_factory=list)
    steps_are_missing: bool = False

    def lines(self, path: Path) -> set[int]:
        """The lines that were selected of a feature file; empty for all."""
        return {line for one in self.settings.features if one.path == path for line in one.lines}


WORKER = pytest.StashKey[Worker]()


def read_settings(told: Mapping[str, str]) -> CampaignSettings:
    """Return the settings from the environment, or from what xdist's controller gave along."""
    settings = CampaignSettings.model_validate_json(told[SETTINGS_VARIABLE])
    secrets = Secrets.model_validate_json(told.get(SECRETS_VARIABLE, "{}"))
    return settings.model_copy(update={"secrets": secrets})


def open_worker(settings: CampaignSettings, name: str) -> Worker:
    root = put_suite_on_path()
    masker = Masker()
    for secret, kind in settings.secrets.values():
        masker.register_for_good(secret, kind)
    return Worker(
        settings=settings,
        catalogue=Catalogue.load(root / "fixtures" / "requirements"),
        journal=Journal(settings.results, name, masker, keeps_bodies=not settings.events_only),
        features=root / "features",
        claims=settings.claims,
    )


def step_modules(folder: Path | None, problems: list[Problem]) -> Iterator[ModuleType]:
    """Import every module of steps/; one that does not import is told."""
    root = put_suite_on_path()
    for path in sorted((folder or root / "steps").glob("*.py")):
        name = f"steps.{path.stem}"
        if path.stem == "__init__":
            continue
        try:
            yield importlib.import_module(name) if folder is None else _import_file(name, path)
        except Exception as error:
            problems.append(_import_problem(error, path))


def _import_file(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _import_problem(error: Exception, path: Path) -> Problem:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename) == path]
    line = own[-1].lineno if own else getattr(error, "lineno", None) or 1
    told = f"the step module does not import: {type(error).__name__}: {error}"
    return Problem(f"{told}; correct the module", f"{path.parent.name}/{path.name}:{line}")


def end_when_orphaned(parent: int) -> None:
    """End this process when its parent is gone: a killed controller leaves nobody behind."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(ORPHAN_CHECK_SECONDS)
        os._exit(70)

    threading.Thread(target=watch, name="orphan watch", daemon=True).start()
