"""Runs a campaign from its results folder to its reports."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from muster import __version__, deviations
from muster.campaign_settings import CampaignSettings
from muster.evidence import Json
from muster.journal import LOST, Journal
from muster.journal_tail import JournalTail
from muster.laboratory import described
from muster.progress import Progress, harmless
from muster.pytest_process import RunOptions, Stop, run_scenarios
from muster.report_files import report_writers
from muster.requirements import Catalogue
from muster.results import Results, read_results
from muster.sealing import Seen, seal
from muster.suite import is_checkout, put_suite_on_path, suite_digest
from muster.terminal_prompts import TerminalPrompts

RELEASE = 18
"""The 3GPP release that a campaign judges against."""
OURS = 3
PYTEST_STOPPED, PYTEST_BROKE = 2, (3, 4)
"""Exit codes of pytest: stopped before the end; an internal error or a wrong call."""


class CampaignRefused(Exception):
    """Nothing was started: bad usage; the message is for the user."""


def make_results_folder(parent: Path, ue: str) -> Path:
    """Make results/<time>-<ue>/, a new one; CampaignRefused if that is not possible."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", ue).strip("-").lower()[:60] or "ue"
    wanted = parent / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}"
    for folder in (wanted, *(Path(f"{wanted}-{number}") for number in range(2, 100))):
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise CampaignRefused(f"{parent}: cannot be written: {error.strerror}") from error
        else:
            return folder
    raise CampaignRefused(f"{parent}: holds too many results of this second")


def new_seed() -> int:
    return secrets.randbits(32)


def campaign_event(settings: CampaignSettings, options: RunOptions) -> dict[str, Json]:
    """Who tests what with what: the first thing that the controller's journal says."""
    configuration = settings.configuration
    return {
        "suite": {
            "name": "muster",
            "version": __version__,
            "digest": suite_digest(),
            "checkout": is_checkout(),
            "steps": str(settings.steps) if settings.steps else None,
        },
        "subject": {
            **configuration.ue.model_dump(),
            "driver": settings.driver_name,
            "builtin": configuration.builtin,
        },
        "driver": configuration.driver.model_dump(mode="json"),
        "ics": {
            "services": list(configuration.ics.services),
            "items": sorted(configuration.ics.claimed),
            "everything": settings.everything,
        },
        "ixit": configuration.ixit.model_dump(mode="json"),
        "environment": {
            "python": platform.python_version(),
            "platform": platform.platform(),
            "packages": dict(_packages()),
        },
        "laboratory": described(settings),
        "command": list(options.command),
        "seed": settings.seed,
        "release": RELEASE,
    }


def _packages() -> Iterator[tuple[str, str]]:
    for name in ("aiohttp", "cryptography", "lxml", "pytest", "pytest-bdd", "xmlschema"):
        yield name, importlib.metadata.version(name)


def run_campaign(
    settings: CampaignSettings,
    options: RunOptions,
    console: Console,
    page: socket.socket | None = None,
    stop: Stop | None = None,
) -> int:
    """Run the selected scenarios against the UE and report; return the exit code.

    `page` is where the live page listens; without it there is none. `stop` tells the caller
    whether the campaign was interrupted.
    """
    stop = stop or Stop()
    root = put_suite_on_path()
    catalogue = Catalogue.load(root / "fixtures" / "requirements")
    if page is None:
        return _run(settings, options, console, catalogue, stop)
    from muster.live.server import served

    with served(settings.results, page, catalogue) as address:
        console.print(Text(f"page: {address}"), soft_wrap=True)
        return _run(settings, options, console, catalogue, stop)


def _run(
    settings: CampaignSettings,
    options: RunOptions,
    console: Console,
    catalogue: Catalogue,
    stop: Stop,
) -> int:
    folder = settings.results
    seen, tail = Seen(), JournalTail(folder)
    journal = Journal(folder, "controller")
    with stop.on_signals():
        journal.write("campaign", **campaign_event(settings, options))
        if options.deviations is not None:
            journal.write(deviations.EVENT, **deviations.as_event(options.deviations))
        with Progress(console, options.verbose) as progress:
            prompts = TerminalPrompts(console, folder, progress)

            def poll() -> None:
                events = tail.read()
                seen.feed(events)
                prompts.feed(events)
                progress.feed(events)

            ended = run_scenarios(settings, options, stop, poll)
        interrupted = stop.requested.is_set()
        _tell_of_early_end(journal, seen, ended, interrupted)
        seal(journal, folder, seen, interrupted)
    if not seen.collected and not seen.suite_errors and not interrupted:
        shutil.rmtree(folder)
        raise CampaignRefused(f"no scenario is selected by {_selection_words(settings, options)}")
    return _report(folder, catalogue, console)


def _tell_of_early_end(journal: Journal, seen: Seen, ended: int, interrupted: bool) -> None:
    stopped = ended == PYTEST_STOPPED and not seen.suite_errors
    if interrupted or (seen.was_collected and ended not in PYTEST_BROKE and not stopped):
        return
    log = (journal.folder / "console.log").read_text("utf-8", "replace").split("\n")
    lost = next((line for line in log if LOST in line), "")
    last = next((line.strip() for line in reversed(log) if line.strip()), "nothing")
    told = lost[lost.find(LOST) :].strip(" !") or (
        f"the scenarios' process ended (code {ended}) before they were through: {last}"
    )
    journal.write("suite-error", message=told, where="console.log")
    seen.suite_errors[told] = None


def _selection_words(settings: CampaignSettings, options: RunOptions) -> str:
    words = [f"-k {options.keywords!r}"] if options.keywords else []
    words += [f"-m {options.marks!r}"] if options.marks else []
    if not words:
        words = [str(selected.path) for selected in settings.features[:3]]
    return " with ".join(words)


def _report(folder: Path, catalogue: Catalogue, console: Console) -> int:
    results = read_results(folder)
    if any(scenario.steps for scenario in results.scenarios) or not results.suite_errors:
        failed = write_reports(results, catalogue, console)
    else:
        # Nothing was run: a table of nothing would hide what is to be corrected.
        failed = write_reports(results, catalogue, Console(quiet=True))
        for error in results.suite_errors:
            console.print(Text(harmless(error), style="magenta"), soft_wrap=True)
    for name, error in failed.items():
        console.print(Text(f"{name} could not be written: {error}", style="magenta"))
    console.print(Text(f"report: {folder / 'report.html'}"), soft_wrap=True)
    return OURS if failed else results.exit_code


def write_reports(results: Results, catalogue: Catalogue, console: Console) -> Mapping[str, str]:
    """Write every report; return what failed, by file name: one that fails keeps no other back."""
    from reports.terminal import print_summary

    failed = {}
    writers: dict[str, Callable[[], object]] = {
        name: partial(write, results, catalogue, results.folder / name)
        for name, write in report_writers().items()
    }
    writers["the summary"] = lambda: print_summary(results, catalogue, console)
    for name, write in writers.items():
        try:
            write()
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}"
    return failed
