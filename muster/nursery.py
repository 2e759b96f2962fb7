"""Processes for scenarios, forked from one that has loaded everything: the eighth costs no more.

xdist starts each of its processes with execnet, as a Python of its own that loads all there is for
itself. Here a process that is ready forks, and the fork speaks with execnet over the same pipes.
It is one program, so the rest (crashes, restarts, the end) goes on as xdist knows it.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any, NoReturn

ORDER = b"1"
"""Sent with the two ends of a worker's pipes; the answer is the worker's process ID."""
POSSIBLE = sys.platform == "linux"
"""Elsewhere a fork of what has loaded frameworks of the system is not safe."""


class Offspring:
    """What execnet wants of a process that it has started: pipes, and how to end it."""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int | None:
        """Wait for its end; how it ended only its parent knows, and it does not matter."""
        try:
            handle = os.pidfd_open(self.pid)
        except OSError:
            return None
        try:
            select.select([handle], [], [])
        finally:
            os.close(handle)
        return None


class Nursery:
    """The process that is ready, seen from xdist's controller. It ends with the controller."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "muster.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )

    def close(self) -> None:
        """Let it end: as it does when the controller is gone, however that went."""
        self._orders.close()

    def bear(self) -> Offspring | None:
        """Return a worker that waits for execnet; None if the nursery has broken down."""
        (read, stdin), (stdout, write) = os.pipe(), os.pipe()
        try:
            socket.send_fds(self._orders, [ORDER], [read, write])
            pid = int(self._orders.recv(32) or 0)
        except OSError:
            pid = 0
        for end in (read, write):
            os.close(end)
        if not pid:
            os.close(stdin)
            os.close(stdout)
            return None
        return Offspring(pid, os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"))


def serve_execnet(nursery: Nursery) -> None:
    """Let execnet take the processes of this machine that run our Python from the nursery."""
    from execnet import gateway_io
    from execnet.gateway_base import Popen2IO

    usual = gateway_io.create_io

    class Born(gateway_io.Popen2IOMaster):
        def __init__(self, offspring: Offspring, execmodel: Any) -> None:
            self.popen = offspring
            Popen2IO.__init__(self, offspring.stdin, offspring.stdout, execmodel)

    def create_io(spec: Any, execmodel: Any) -> Any:
        here = spec.popen and not (spec.python or spec.chdir or spec.dont_write_bytecode)
        offspring = nursery.bear() if here else None
        return usual(spec, execmodel) if offspring is None else Born(offspring, execmodel)

    gateway_io.create_io = create_io


# In the nursery ----------------------------------------------------------------------------------


def warm_up() -> None:
    """Load and make, before any fork, what every campaign would load and make for itself."""
    from muster.suite import put_suite_on_path, suite_root

    put_suite_on_path()
    import cryptography.hazmat.backends.openssl.backend as cryptography_backend
    import pytest_bdd.plugin

    import muster.plugin
    import muster.ue.registry
    from muster.collection import FeatureFileReader
    from muster.documents.schemas import own_schemas
    from muster.documents.worlds import load_world
    from muster.protocol import eccsi, sakke
    from muster.requirements import Catalogue
    from muster.step_index import rehearse
    from muster.worker import step_modules
    from stubs.grants import signing_key
    from stubs.kms import public_keys

    assert all((muster.plugin, muster.ue.registry, pytest_bdd.plugin, cryptography_backend))
    requirements = Catalogue.load(suite_root() / "fixtures" / "requirements").requirements
    list(step_modules(None, []))
    rehearse(
        step
        for path in sorted((suite_root() / "features").rglob("*.feature"))
        for entry in FeatureFileReader(path, path.name, requirements).scenarios()
        for step in entry.rendered.steps
    )
    "localhost".encode("idna")  # its tables are what the first name to be resolved waits for
    assert not own_schemas().broken  # compiles them
    for curve in (eccsi.P256, sakke.CURVE):
        curve.multiply_generator(1)
    for system in load_world(suite_root() / "fixtures" / "worlds" / "default.toml").systems:
        signing_key(system)  # an RSA key takes as long as a scenario
        public_keys(system)


def serve(orders: socket.socket) -> NoReturn:
    """Fork a worker for each order, until the controller is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the controller ends us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a worker ended
    while True:
        order, pipes, _, _ = socket.recv_fds(orders, len(ORDER), 2)
        if not order:
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            orders.close()
            _live(*pipes)
        for end in pipes:
            os.close(end)
        orders.send(str(pid).encode())


def _live(stdin: int, stdout: int) -> NoReturn:
    """In a worker: be what execnet's `python -c` would be."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for end, place in ((stdin, 0), (stdout, 1)):
        os.dup2(end, place)
        os.close(end)
    code = 70
    try:
        sys.stdin = os.fdopen(0, "r", closefd=False)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        exec(eval(sys.stdin.readline()), {"__name__": "__main__"})
        code = 0
    finally:
        os._exit(code)


def main(descriptor: int) -> NoReturn:
    import xdist.remote

    assert xdist.remote
    warm_up()
    gc.freeze()
    serve(socket.socket(fileno=descriptor))


if __name__ == "__main__":
    main(int(sys.argv[1]))
