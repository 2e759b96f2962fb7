"""The pytest plugin of a campaign: collects features, journals steps, gives fixtures."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import allure
import pytest
from pytest_bdd.parser import Step

from muster import step_index
from muster.allure_view import show_to_allure
from muster.campaign_settings import SETTINGS_VARIABLE, CampaignSettings
from muster.collection import Problem
from muster.guards import async_steps
from muster.journal import Journal
from muster.requirements import Catalogue
from muster.scenario_item import Departed, FeatureFile, NotJudged, ScenarioItem
from muster.selection import feature_name
from muster.tags import ICS, MARKS, ics_tags, items_in
from muster.ue_secrets import SECRETS_VARIABLE
from muster.verdicts import VerdictKeeper
from muster.worker import (
    WORKER,
    Worker,
    end_when_orphaned,
    open_worker,
    read_settings,
    step_modules,
)

Item = TypeVar("Item")

# Session -----------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    settings = read_settings(getattr(config, "workerinput", os.environ))
    is_xdist_worker = hasattr(config, "workerinput")
    end_when_orphaned(os.getppid() if is_xdist_worker else settings.parent)
    for tag, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{tag}: {meaning}")
    if getattr(config.option, "dist", "no") != "no" and not is_xdist_worker:
        return  # xdist's controller runs nothing: the campaign's controller is another process
    worker = open_worker(settings, _worker_input(config).get("workerid", "main"))
    config.stash[WORKER] = worker
    for module in step_modules(settings.steps, worker.problems):
        config.pluginmanager.register(module, module.__name__)
    worker.steps_are_missing = bool(worker.problems)
    step_index.install()
    if not settings.events_only:
        show_to_allure(config, settings.results / "allure")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give a process elsewhere what it would not find in its environment."""
    node.workerinput[SETTINGS_VARIABLE] = os.environ[SETTINGS_VARIABLE]
    node.workerinput[SECRETS_VARIABLE] = os.environ.get(SECRETS_VARIABLE, "{}")


def pytest_unconfigure(config: pytest.Config) -> None:
    worker = config.stash.get(WORKER, None)
    if worker is not None:
        worker.journal.close()
        gc.freeze()  # the process ends: nothing that it holds is worth a look


# Collection --------------------------------------------------------------------------------------


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    worker = parent.config.stash.get(WORKER, None)
    if worker is None or file_path.suffix != ".feature":
        return None
    # pytest names files outside of its root by their folder only.
    name = feature_name(file_path, worker.features, worker.settings.folder)
    made: FeatureFile = FeatureFile.from_parent(parent, path=file_path, name=name, nodeid=name)
    return made


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Journal what was collected; with a defect of the suite nothing is run."""
    worker = session.config.stash.get(WORKER, None)
    if worker is None:
        return
    index = step_index.index_of(session._fixturemanager, session)
    worker.problems.extend(async_steps(index.definitions))
    entries = [item.entry for item in session.items if isinstance(item, ScenarioItem)]
    worker.claimed = _claimed(worker, {tag for entry in entries for tag in entry.tags})
    for problem in worker.problems:
        tell(worker.journal, problem)
    worker.journal.write(
        "collected", scenarios=[entry.as_event(worker.claims) for entry in entries]
    )
    if worker.problems:
        session.items.clear()
    # xdist gives each process a part of the list: those that wait must not all be in one.
    session.items[:] = spread(session.items, _worker_input(session.config).get("workercount", 1))
    # What is there now stays to the end: the collector need not look at it with every scenario.
    gc.freeze()


def spread(items: Sequence[Item], parts: int) -> list[Item]:
    """Reorder a list so that each of its parts holds something of every region of it."""
    return [item for part in range(parts) for item in items[part::parts]]


def _worker_input(config: pytest.Config) -> dict[str, Any]:
    """What xdist's controller gave to this process; nothing where there is none."""
    given: dict[str, Any] = getattr(config, "workerinput", {})
    return given


def _claimed(worker: Worker, tags: set[str]) -> frozenset[str]:
    named = {fact.ics for fact in worker.catalogue.facts.values() if fact.ics}
    for tag in ics_tags(sorted(tags)):
        named.update(items_in(tag.removeprefix(ICS)))
    return worker.claims.all_items(named)


def tell(journal: Journal, problem: Problem) -> None:
    journal.write("suite-error", message=problem.message, where=problem.where)


# Scenario ----------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Forget the scenario's secrets, once all reports of it are made.

    Without a record nothing more is run.
    """
    try:
        return (yield)
    finally:
        if isinstance(item, ScenarioItem):
            item.worker.journal.begin("")
            item.worker.journal.masker.forget()
            if item.worker.journal.lost:
                item.session.shouldstop = item.worker.journal.lost


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Tell of a teardown that fails, after the verdict was given."""
    try:
        return (yield)
    except Exception as error:
        if not isinstance(item, ScenarioItem) or item.worker.journal.lost:
            raise
        told = item.told(error)
        message = f"teardown failed: {told}"
        item.worker.journal.write("suite-error", message=message, where=item.entry.id)
        raise NotJudged(message) from error


class StepWriter:
    """Journals the steps of the running scenario and shows them to Allure."""

    def __init__(self) -> None:
        self.index = -1
        self.findings = 0
        self.running: Step | None = None
        self.view: Any = None

    def start(self, item: ScenarioItem, step: Step) -> None:
        self.index += 1
        self.findings = len(item.keeper.findings)
        self.running = step
        self._write(item, step, "started")
        self.view = allure.step(f"{step.keyword} {step.name}")
        self.view.__enter__()

    def end(self, item: ScenarioItem, step: Step, error: BaseException | None = None) -> None:
        found = [one for one in item.keeper.findings[self.findings :] if one.severity == "FAIL"]
        status = "stopped" if error else "failed" if found else "passed"
        self.running = None
        self._write(item, step, status)
        shown: Exception | None = Departed("; ".join(map(str, found))) if found else None
        if error:
            shown = NotJudged(item.told(error))
        self.view.__exit__(type(shown) if shown else None, shown, None)

    def _write(self, item: ScenarioItem, step: Step, status: str) -> None:
        item.worker.journal.write(
            "step",
            keyword=step.keyword,
            text=step.name,
            line=step.line_number,
            status=status,
            index=self.index,
        )


STEPS = pytest.StashKey[StepWriter]()


def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    request.node.stash[STEPS] = StepWriter()


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Step) -> None:
    request.node.stash[STEPS].start(request.node, step)


def pytest_bdd_after_step(request: pytest.FixtureRequest, step: Step) -> None:
    request.node.stash[STEPS].end(request.node, step)


def pytest_bdd_step_error(
    request: pytest.FixtureRequest, step: Step, exception: BaseException
) -> None:
    request.node.stash[STEPS].end(request.node, step, exception)


def pytest_bdd_after_scenario(request: pytest.FixtureRequest) -> None:
    writer = request.node.stash[STEPS]
    if writer.running:
        # pytest-bdd tells of no exception that is not an Exception.
        writer.end(request.node, writer.running, NotJudged("the step did not end"))


# Fixtures for steps ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def settings(request: pytest.FixtureRequest) -> CampaignSettings:
    """What the campaign was told: configuration, results folder, seed."""
    return request.config.stash[WORKER].settings


@pytest.fixture(scope="session")
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    """All requirements and facts."""
    return request.config.stash[WORKER].catalogue


@pytest.fixture(scope="session")
def journal(request: pytest.FixtureRequest) -> Journal:
    """The journal of this process."""
    return request.config.stash[WORKER].journal


@pytest.fixture(scope="session")
def claims(request: pytest.FixtureRequest) -> frozenset[str]:
    """The ICS items that are claimed of the UE."""
    return request.config.stash[WORKER].claimed


@pytest.fixture
def verdict(request: pytest.FixtureRequest) -> VerdictKeeper:
    """Takes the judgements of the scenario."""
    keeper: VerdictKeeper = request.node.keeper
    return keeper
