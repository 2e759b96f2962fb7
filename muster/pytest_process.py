"""The process group in which pytest runs the scenarios: how it is started, watched and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from muster.campaign_settings import SETTINGS_VARIABLE, CampaignSettings
from muster.deviations import KnownDeviations
from muster.suite import suite_root
from muster.ue_secrets import SECRETS_VARIABLE

POLL_SECONDS = 0.05
GRACE_SECONDS = 1.2
"""How long an interrupted campaign may take to end by itself."""


@dataclass(frozen=True)
class RunOptions:
    """How the scenarios are run, beside what the settings say."""

    keywords: str = ""
    marks: str = ""
    workers: str = ""
    """A number or "auto"; empty: one process without xdist."""
    verbose: bool = False
    command: tuple[str, ...] = ()
    deviations: KnownDeviations | None = None
    places: tuple[str, ...] = ()
    """Where processes run, in the words of xdist's --tx; empty: here, as `workers` says."""

    @property
    def is_parallel(self) -> bool:
        """Whether xdist spreads the scenarios over processes."""
        return bool(self.workers or self.places)


def wrong_expression(text: str) -> str | None:
    """Say why pytest could not read an expression of -k or -m."""
    from _pytest.mark.expression import Expression

    try:
        Expression.compile(text)
    except SyntaxError as error:
        return f"cannot be read: {error.msg} (character {error.offset})"
    return None


def processes(workers: str) -> int:
    """Return how many processes -n asks for. "auto": four a core, as scenarios mostly wait."""
    return 4 * len(os.sched_getaffinity(0)) if workers == "auto" else int(workers)


def pytest_command(settings: CampaignSettings, options: RunOptions) -> list[str]:
    """Our pytest is ours alone: own ini, own root, named plugins, no conftest.py."""
    command = [sys.executable, "-m", "pytest"]
    command += ["-c", str(Path(__file__).parent / "pytest.ini")]
    command += ["--rootdir", str(suite_root() / "features"), "--noconftest"]
    plugins = ["pytest_bdd.plugin", "allure_pytest.plugin", "muster.plugin"]
    if options.is_parallel:
        plugins = ["muster.nursery_plugin", *plugins, "xdist.plugin"]
    for unwanted in ("cacheprovider", "doctest", "unittest", "logging", "junitxml", "pastebin"):
        plugins.append(f"no:{unwanted}")
    for plugin in plugins:
        command += ["-p", plugin]
    if options.workers:
        command += ["-n", str(processes(options.workers))]
    for place in options.places:
        command += ["--tx", place]
    if options.is_parallel:
        command += ["--dist", "worksteal"]
    command += ["--strict-markers", "--strict-config", "--tb=short", "-s", "-v"]
    if options.keywords:
        command += ["-k", options.keywords]
    if options.marks:
        command += ["-m", options.marks]
    return [*command, *(str(selected.path) for selected in settings.features)]


KEPT = ("PYTHONPATH", "PYTHONHOME")


def pytest_environment(settings: CampaignSettings) -> dict[str, str]:
    """The user's environment without what would steer pytest or Python."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not name.startswith(("PYTEST_", "PYTHON", "ALLURE"))
    }
    path = [kept["PYTHONPATH"]] if kept.get("PYTHONPATH") else []
    if suite_root() == Path(__file__).resolve().parent.parent:
        # A checkout is not installed, and the current folder is not searched.
        path.insert(0, str(suite_root()))
    return {
        **kept,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        "PYTHONSAFEPATH": "1",
        "PYTHONPATH": os.pathsep.join(path),
        SETTINGS_VARIABLE: settings.model_dump_json(),
        SECRETS_VARIABLE: settings.secrets.model_dump_json(),
    }


@dataclass
class Stop:
    """Set by Ctrl-C or SIGTERM."""

    requested: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        def handle(number: int, frame: FrameType | None) -> None:
            del number, frame
            self.requested.set()

        before = {one: signal.signal(one, handle) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def run_scenarios(
    settings: CampaignSettings, options: RunOptions, stop: Stop, poll: Callable[[], None]
) -> int:
    """Run pytest until it ends or is stopped; return its exit code."""
    with (settings.results / "console.log").open("wb") as log:
        process = subprocess.Popen(
            pytest_command(settings, options),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=settings.results,
            env=pytest_environment(settings),
            start_new_session=True,
        )
        try:
            while process.poll() is None and not stop.requested.wait(POLL_SECONDS):
                poll()
            if stop.requested.is_set():
                _interrupt(process)
        finally:
            _kill_group(process)
            process.wait()
    poll()
    return process.returncode


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(GRACE_SECONDS)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        return


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
