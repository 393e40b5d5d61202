"""A program in a pseudo-terminal of 80x24, and the moment a text appears in its stream.

Promise: time runs from before the process is made; the stream is read as a terminal would read
it, all of it. Must not interpret escape sequences: a text counts once its bytes are there.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_SIZE = struct.pack("HHHH", 24, 80, 0, 0)
_PATIENCE = 60.0
_SETTLE = 0.3
"""Seconds after a kill: what the program had started notices and ends."""


class AbsentError(Exception):
    """The text never came."""


class Terminal:
    """A running program."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, _SIZE)
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            list(words), stdin=slave, stdout=slave, stderr=slave, env=dict(environment),
            start_new_session=True, cwd="/",
        )  # fmt: skip
        os.close(slave)
        self.stream = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._master)
        time.sleep(_SETTLE)

    def wait(self, text: str, seconds: float = _PATIENCE, start: int = 0) -> float:
        """Seconds since the process was made until the text was in the stream."""
        wanted, until = text.encode(), time.perf_counter() + seconds
        while wanted not in self.stream[start:]:
            left = until - time.perf_counter()
            if left <= 0 or not select.select([self._master], [], [], left)[0]:
                raise AbsentError(f"{text!r} not in the last {self.stream[-2000:]!r}")
            try:
                self.stream += os.read(self._master, 65_536)
            except OSError as problem:  # the program has ended
                raise AbsentError(f"{text!r} not in {self.stream[-2000:]!r}") from problem
        return time.perf_counter() - self.begun

    def idle(self, seconds: float) -> None:
        """Read on for that long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            if select.select([self._master], [], [], left)[0]:
                self.stream += os.read(self._master, 65_536)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def worked(self) -> float:
        """Seconds of processor time of the program so far: hardly moved by a busy machine."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def resident(self) -> float:
        """Resident memory of the program itself, its children apart, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024 / 1e6
