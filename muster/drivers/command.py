"""The vendor's executable: called with the operation, JSON on standard input and output."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

from muster.drivers.answers import read_json
from muster.drivers.external import DriverFailed
from muster.ue.contract import CONTRACT, DESCRIBE, LARGEST, JsonObject

POLL_SECONDS = 0.05
COMPLAINT = 4096
"""Bytes that are kept of what the command writes to standard error."""


class CommandChannel:
    """Runs the command once for each request; what it leaves running is the vendor's."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)

    def describe(self, seconds: float) -> object:
        """Call the command with `describe`."""
        return self.call(DESCRIBE, {"contract": CONTRACT, "operation": DESCRIBE}, seconds)

    def call(self, operation: str, request: JsonObject, seconds: float) -> object:
        """Call the command with the operation."""
        try:
            process = subprocess.Popen(
                [*self._command, operation],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                process_group=0,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise DriverFailed(f"the command {self._command[0]} cannot be run: {why}") from error
        running = _Running(process, json.dumps(request).encode(), time.monotonic() + seconds)
        try:
            ended = running.follow()
        finally:
            running.end()
        if not ended:
            raise DriverFailed(f"{self._told(operation)} did not answer within {seconds:g} s")
        if process.returncode != 0 and len(running.output) <= LARGEST:
            last = running.complaint.decode("utf-8", "replace").strip().split("\n")[-1][:200]
            said = f": {last}" if last else ""
            raise DriverFailed(f"{self._told(operation)} ended with {process.returncode}{said}")
        return read_json(bytes(running.output))

    def close(self) -> None:
        """Nothing runs between two requests."""

    def _told(self, operation: str) -> str:
        return f"the command {self._command[0]} {operation}"


class _Running:
    """A process that is written to and read from, until it ends or its time is over."""

    def __init__(self, process: subprocess.Popen[bytes], text: bytes, deadline: float) -> None:
        self.process = process
        self.output = bytearray()
        self.complaint = bytearray()
        self._rest = memoryview(text)
        self._deadline = deadline
        self._selector = selectors.DefaultSelector()
        assert process.stdin
        assert process.stdout
        assert process.stderr
        for pipe in (process.stdin, process.stdout, process.stderr):
            os.set_blocking(pipe.fileno(), False)
        self._selector.register(process.stdin, selectors.EVENT_WRITE, self._write)
        self._selector.register(process.stdout, selectors.EVENT_READ, self.output)
        self._selector.register(process.stderr, selectors.EVENT_READ, self.complaint)

    def follow(self) -> bool:
        """Return whether it ended in time. Its pipes may stay open in what it left running."""
        while time.monotonic() < self._deadline and len(self.output) <= LARGEST:
            gone = self.process.poll() is not None
            self._serve(0 if gone else POLL_SECONDS)
            if gone:
                return True
        return len(self.output) > LARGEST

    def end(self) -> None:
        """End the command where it still runs, with all that it started."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._selector.close()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe
            with suppress(OSError):
                pipe.close()

    def _serve(self, wait: float) -> None:
        for key, _ in self._selector.select(wait):
            if isinstance(key.data, bytearray):
                self._read(key.fd, key.fileobj, key.data)
            else:
                self._write()

    def _read(self, fd: int, pipe: object, into: bytearray) -> None:
        """Read all that is there now."""
        while len(into) <= LARGEST:
            try:
                data = os.read(fd, 1 << 16)
            except BlockingIOError:
                return
            if not data:
                self._selector.unregister(pipe)  # type: ignore[arg-type]
                return
            into += data
            if into is self.complaint:
                del into[:-COMPLAINT]

    def _write(self) -> None:
        pipe = self.process.stdin
        assert pipe
        try:
            self._rest = self._rest[os.write(pipe.fileno(), self._rest) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._rest = self._rest[:0]  # a command need not read what it does not need
        if not self._rest:
            self._selector.unregister(pipe)
            pipe.close()


def _environment() -> dict[str, str]:
    """The user's environment without what Muster tells its own processes."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MUSTER_", "PYTEST_"))
    }
