"""Processes for scenarios come from one that is ready, and end as any others do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from muster.nursery import POSSIBLE, Nursery, Offspring
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="forks of what is ready are for Linux")
PROGRAM = """
import os, sys, time
import muster.plugin
sys.stdout.write(f"{os.getpid()} {os.getppid()}\\n")
sys.stdout.flush()
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    made = Nursery()
    try:
        yield made
    finally:
        made.close()
        made.process.wait(30)
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


@contextmanager
def born(nursery: Nursery) -> Iterator[Offspring]:
    offspring = nursery.bear()
    assert offspring is not None
    offspring.stdin.write(repr(PROGRAM).encode() + b"\n")
    offspring.stdin.flush()
    try:
        yield offspring
    finally:
        offspring.stdin.close()  # as execnet ends them
        offspring.stdout.close()
        offspring.wait()


def told(offspring: Offspring) -> tuple[int, int]:
    own, parent = offspring.stdout.readline().split()
    return int(own), int(parent)


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_each_is_a_process_of_its_own_and_child_of_the_same(nursery: Nursery) -> None:
    with born(nursery) as one, born(nursery) as other:
        (first, parent), (second, same) = told(one), told(other)

        assert (one.pid, other.pid) == (first, second)
        assert len({first, second, parent, os.getpid()}) == 4
        assert parent == same
    assert is_gone(first)
    assert is_gone(second)


def test_one_that_is_killed_leaves_the_others_and_makes_room(nursery: Nursery) -> None:
    with born(nursery) as victim, born(nursery) as other:
        told(victim)

        victim.kill()
        victim.wait()

        assert victim.stdout.read() == b""
        told(other)
        with born(nursery) as after:
            told(after)


def test_interrupt_reaches_the_workers_and_not_the_nursery(nursery: Nursery) -> None:
    with born(nursery) as offspring:
        _, parent = told(offspring)

        os.kill(parent, signal.SIGINT)
        os.kill(offspring.pid, signal.SIGINT)

        assert is_gone(offspring.pid)
    with born(nursery) as after:
        assert told(after)[1] == parent


def test_broken_nursery_bears_nobody(nursery: Nursery) -> None:
    broken = Nursery()
    broken.process.kill()
    broken.process.wait()

    assert broken.bear() is None
    broken.close()


def test_nursery_ends_with_its_controller(nursery: Nursery) -> None:
    another = Nursery()

    another.close()

    assert another.process.wait(30) == 0


def children_of(pid: int) -> Iterator[tuple[int, str]]:
    """Every process below this one, with its command line."""
    with suppress(FileNotFoundError):  # one that has ended
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
            yield int(child), command.decode()
            yield from children_of(int(child))


def test_worker_has_no_nursery_of_its_own() -> None:
    told = "from muster.nursery_plugin import NURSERY; print(NURSERY)"
    environment = {**os.environ, "PYTEST_XDIST_WORKER": "gw0"}
    command = [sys.executable, "-c", told]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert done.stdout == "None\n"


def nursery_below(campaign: subprocess.Popen[str]) -> int:
    while campaign.poll() is None:
        for child, command in children_of(campaign.pid):
            if "-m muster.nursery" in command:
                return child
        time.sleep(0.01)
    raise AssertionError(f"no nursery was started: {campaign.communicate()[0]}")


@pytest.mark.parametrize("has_borne", [False, True])
def test_campaign_goes_on_when_its_nursery_is_killed(tmp_path: Path, has_borne: bool) -> None:
    command = [sys.executable, "-m", "muster", "run", "-n", "2", "--results", str(tmp_path)]
    campaign = subprocess.Popen(
        [*command, "service_authorisation/registration.feature"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    pid = nursery_below(campaign)
    while has_borne and not list(children_of(pid)):
        time.sleep(0.01)

    os.kill(pid, signal.SIGKILL)
    said, _ = campaign.communicate(timeout=120)

    assert campaign.returncode == 0, said
    (told,) = tmp_path.glob("*/campaign.json")
    counts = json.loads(told.read_text("utf-8"))["counts"]
    assert counts["PASS"] == counts["applicable"] > 0
