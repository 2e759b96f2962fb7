"""Runs many short campaigns in children of one warm process: what all of them need is loaded once.

A child is a fork that runs our pytest as `muster run` does and ends; its journal tells the rest.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from muster.campaign import new_seed
from muster.campaign_settings import CampaignSettings
from muster.configuration import builtin_configuration
from muster.journal_files import Event, UnreadableResults, read_journals
from muster.nursery import warm_up
from muster.pytest_process import RunOptions, pytest_command, pytest_environment
from muster.selection import select

SECONDS = 600
"""How long one campaign may take."""
POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Order:
    """A UE that comes with Muster, and the scenarios that it has to go through; none: all."""

    ue: str
    scenarios: tuple[str, ...]


@dataclass
class _Child:
    order: Order
    folder: TemporaryDirectory[str]
    began: float
    overdue: bool = False


def run_all(orders: Sequence[Order], jobs: int, tell: Callable[[Order, list[Event]], None]) -> None:
    """Run every order, `jobs` at a time; `tell` hears what its journal says once it has ended."""
    warm_up()
    gc.freeze()  # the collector of a child need not write to what all share
    waiting = list(reversed(orders))
    children: dict[int, _Child] = {}
    try:
        while waiting or children:
            while waiting and len(children) < jobs:
                pid, child = _start(waiting.pop())
                children[pid] = child
            for pid in list(_ended(children)):
                child = children.pop(pid)
                tell(child.order, _told(Path(child.folder.name)))
                child.folder.cleanup()
            time.sleep(POLL_SECONDS)
    finally:
        for pid, child in children.items():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            child.folder.cleanup()


def _told(folder: Path) -> list[Event]:
    try:
        return [event for journal in read_journals(folder) for event in journal.events]
    except UnreadableResults:
        return []  # it died before it wrote anything: a proof without scenarios does not hold


def _start(order: Order) -> tuple[int, _Child]:
    folder = TemporaryDirectory(prefix="muster-proof-")
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _campaign(order, Path(folder.name), parent)
    return pid, _Child(order, folder, time.monotonic())


def _campaign(order: Order, folder: Path, parent: int) -> NoReturn:
    """In the child: run the scenarios, and never return into the parent's code."""
    code = 70
    try:
        import pytest

        log = os.open(folder / "console.log", os.O_WRONLY | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        settings = CampaignSettings(
            configuration=builtin_configuration(order.ue),
            results=folder,
            features=select(order.scenarios, folder),
            folder=folder,
            everything=True,
            seed=new_seed(),
            parent=parent,
            events_only=True,
        )
        environment = pytest_environment(settings)
        os.environ.clear()
        os.environ.update(environment)
        code = pytest.main(pytest_command(settings, RunOptions())[3:])
    finally:
        sys.stdout.flush()
        os._exit(code)


def _ended(children: dict[int, _Child]) -> Iterator[int]:
    for pid, child in children.items():
        if os.waitpid(pid, os.WNOHANG)[0]:
            yield pid
        elif time.monotonic() - child.began > SECONDS and not child.overdue:
            child.overdue = True
            os.kill(pid, signal.SIGKILL)
