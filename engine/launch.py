"""How measuring processes are started: a zygote that forks workers, or spawned workers.

Promise: starting returns at once; a worker announces itself on its socket when it is ready. What
is started gets no terminal: stdin is empty, stdout and stderr are the log file, its session is
its own. Nothing is imported from the folder the person stands in. Must not import torch.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from engine import frames

_PACKAGE = Path(__file__).resolve().parent
_LARGEST_LOG = 2**20
_SEND_SECONDS = 5.0
_LAST_WORDS_SECONDS = 2.0
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}
"""One thread: the work is tiny, sums come out the same everywhere, and forking stays safe."""
_NOT_HANDED_ON = ("PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONPATH")


@dataclass(eq=False)
class Worker:
    """A process that is or will be ready; `pid` is 0 until it has announced itself."""

    stream: socket.socket
    process: subprocess.Popen[bytes] | None = None
    pid: int = 0
    inbox: frames.Inbox = field(default_factory=frames.Inbox)

    def kill(self) -> None:
        """End it now. Called only while its socket is open, so the pid is still its own."""
        if self.process is not None:
            self.process.kill()
        elif self.pid and sys.platform != "win32":
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.close()

    def close(self) -> None:
        """Let it go: it ends when it next looks at its socket."""
        self.stream.close()
        if self.process is not None:
            _end(self.process)


class Launcher(Protocol):
    """A way to get workers."""

    control: socket.socket | None
    """Readable once the launcher itself has died."""

    def open(self) -> Worker:
        """A worker to be ready soon; raises OSError."""
        ...

    def settled(self) -> None:
        """Told when a worker is ready: the time to prepare a spare one."""
        ...

    def exit_code(self) -> int | None:
        """How the process that loads torch ended, if it did."""
        ...

    def close(self) -> None:
        """End everything at once."""
        ...


class ZygoteLauncher:
    """POSIX: torch is loaded once, each worker is a fork, ready in about 12 ms."""

    def __init__(self, log: Path) -> None:
        mine, its = socket.socketpair()
        with its:
            try:
                self._process = _start("zygote", its, log)
            except BaseException:
                mine.close()
                raise
        mine.settimeout(_SEND_SECONDS)
        self.control: socket.socket | None = mine
        self._mine = mine

    def open(self) -> Worker:
        """Ask for a fork; the request waits in the socket while torch is still loading."""
        mine, its = socket.socketpair()
        with its:
            try:
                if sys.platform != "win32":
                    socket.send_fds(self._mine, [b"w"], [its.fileno()])
            except BaseException:
                mine.close()
                raise
        mine.settimeout(_SEND_SECONDS)
        return Worker(mine)

    def settled(self) -> None:
        """Forks need no spare."""

    def exit_code(self) -> int | None:
        """How the zygote ended."""
        try:
            return self._process.wait(_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """Kill the zygote; the kernel takes its workers along, elsewhere they see it themselves."""
        self._process.kill()
        self._mine.close()
        _end(self._process)


class SpawnLauncher:
    """Everywhere: each worker loads torch itself, so one spare is kept ready."""

    control: socket.socket | None = None

    def __init__(self, log: Path) -> None:
        self._log = log
        self._spare: Worker | None = None
        self._last: Worker | None = None

    def open(self) -> Worker:
        """The spare if it lives, else a new process."""
        spare, self._spare = self._spare, None
        if spare is not None and spare.process is not None and spare.process.poll() is not None:
            spare.close()
            spare = None
        self._last = spare or self._spawn()
        return self._last

    def settled(self) -> None:
        """Start the spare only now: before, it would compete with the first worker."""
        if self._spare is None:
            self._spare = self._spawn()

    def exit_code(self) -> int | None:
        """How the newest worker ended."""
        if self._last is None or self._last.process is None:
            return None
        try:
            return self._last.process.wait(_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """End the spare; workers that were handed out are the caller's."""
        if self._spare is not None:
            self._spare.kill()
            self._spare = None

    def _spawn(self) -> Worker:
        mine, its = socket.socketpair()
        with its:
            try:
                process = _start("worker", its, self._log)
            except BaseException:
                mine.close()
                raise
        mine.settimeout(_SEND_SECONDS)
        return Worker(mine, process)


def launcher(log: Path, transport: str) -> Launcher:
    """The launcher of that transport: zygote, spawn, or auto (what suits the platform)."""
    if transport == "spawn" or (transport == "auto" and sys.platform in ("win32", "darwin")):
        # macOS: its system libraries (Metal, Accelerate) do not survive a fork.
        return SpawnLauncher(log)
    return ZygoteLauncher(log)


def environment(inherited: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment of a measuring process started by someone who stands in `folder`.

    PYTHONPATH keeps its absolute entries except that folder: an empty entry means "here".
    """
    given = {k: v for k, v in inherited.items() if k not in _NOT_HANDED_ON}
    here = folder.resolve()
    entries = [
        entry
        for entry in inherited.get("PYTHONPATH", "").split(os.pathsep)
        if Path(entry).is_absolute() and Path(entry).resolve() != here
    ]
    if entries:
        given["PYTHONPATH"] = os.pathsep.join(entries)
    return given | _ENVIRONMENT


def _start(role: str, its: socket.socket, log: Path) -> subprocess.Popen[bytes]:
    """Start the role and hand it its end of a socket pair."""
    if not sys.executable:
        raise OSError("the Python interpreter does not know its own path")
    with _open_log(log) as output:
        return _start_process(role, its, output)


if sys.platform == "win32":

    def _start_process(role: str, its: socket.socket, log: IO[bytes]) -> subprocess.Popen[bytes]:
        # A virtual environment's python.exe starts the real one as its child. The socket must be
        # shared with the process that uses it: the real one is started as that child would be.
        real = getattr(sys, "_base_executable", None) or sys.executable
        variables = environment(os.environ, _folder())
        if real != sys.executable:
            variables["__PYVENV_LAUNCHER__"] = sys.executable
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and file)
            [real, "-Pu", str(_PACKAGE / "boot.py"), role, "-", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            creationflags=subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP,
            cwd=sysconfig.get_path("stdlib"),
            env=variables,
        )
        if process.stdin is not None:
            with process.stdin as stdin:
                stdin.write(its.share(process.pid))
        return process

else:

    def _start_process(role: str, its: socket.socket, log: IO[bytes]) -> subprocess.Popen[bytes]:
        handle = its.fileno()
        return subprocess.Popen(  # noqa: S603 (our own interpreter and file)
            [sys.executable, "-Pu", str(_PACKAGE / "boot.py"), role, str(handle), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[handle],
            start_new_session=True,
            cwd=sysconfig.get_path("stdlib"),
            env=environment(os.environ, _folder()),
        )


def _folder() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted
        return Path("/")


def _open_log(log: Path) -> IO[bytes]:
    """The log, appended to; a large one is set aside. Nowhere to write is no reason to fail."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.replace(log.with_name(log.name + ".1"))
        return log.open("ab")
    except OSError:
        return Path(os.devnull).open("ab")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill and bury."""
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_LAST_WORDS_SECONDS)
