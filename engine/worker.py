"""A worker: takes one job after the other from its socket, measures, answers; dies with its parent.

Promise: a worker never outlives the program that asked for it: it ends when its socket does, the
system kills it with its parent where it can, and an alarm ends it soon after a job's time limit
even where foreign code holds the interpreter. Stdout and stderr are the log file. torch is
reached only through `engine.runtime`, imported here inside functions: only in a worker process.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from engine import frames
from engine.protocol import Failure, FailureKind, Job, Outcome, Progress

NO_TORCH, NO_RUNTIME = 3, 4
"""Exit codes of a process that could not load what it measures with."""

_GIB = 2**30
_ADDRESSES = 6 * _GIB
_ROOM_TO_WORK = 4 * _GIB
_ORPHAN_SECONDS = 2.0
_PR_SET_PDEATHSIG = 1
_ALLOCATION_SIGNS = (
    "can't allocate memory",
    "cannot allocate memory",
    "out of memory",
    "bad_alloc",
    "bad alloc",
)


def main(arguments: list[str]) -> int:
    """A worker of its own process (no zygote): `HANDLE PARENT`; the handle "-" comes on stdin."""
    handle, parent = arguments
    settle(int(parent))
    stream = _socket_of(handle)
    load_or_exit()
    serve(stream)
    return 0


def settle(parent: int) -> None:
    """What zygote and workers share: no Ctrl-C, crash reports in the log, death with `parent`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    die_with(parent)


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies; a no-op elsewhere."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(0)


def load_or_exit() -> None:
    """Import torch and the runtime; what goes wrong is logged and told by the exit code.

    Hundreds of thousands of objects are made and kept: looking for garbage among them meanwhile
    takes a tenth of the time, and later copies every page that a zygote shares with its workers.
    """
    gc.disable()
    try:
        from engine.runtime.job import preload

        preload()
    except ImportError as problem:
        traceback.print_exc()
        missing = (problem.name or "").partition(".")[0]
        leave(NO_RUNTIME if missing == "engine" else NO_TORCH)
    except Exception:
        traceback.print_exc()
        leave(NO_RUNTIME)
    gc.freeze()
    gc.enable()


def leave(code: int) -> None:
    """End at once: torch's own teardown takes most of a second."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def note(text: str) -> None:
    """A dated line in the log file."""
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    sys.stderr.write(f"{now} [{os.getpid()}] {text}\n")


def serve(stream: socket.socket) -> None:
    """Answer jobs until the other side is gone; never returns in a healthy worker."""
    _be_first_to_go()
    limits = _Addresses()
    stream.sendall(frames.pack(os.getpid()))
    while True:
        try:
            job = frames.receive(stream)
        except (EOFError, ConnectionError):
            leave(0)
        if not isinstance(job, Job):
            raise frames.FrameError(f"no job: {type(job).__name__}")
        _set_alarm(job.seconds + _ORPHAN_SECONDS)
        limits.apply(job.device)
        outcome = measure(job, _teller(stream) if job.progress else None)
        retiring = isinstance(outcome, Failure) and outcome.kind is FailureKind.MEMORY
        frame = _reply(outcome, retiring)
        _set_alarm(0.0)
        try:
            stream.sendall(frame)
        except ConnectionError:
            leave(0)
        if retiring:  # what is left of its memory is not worth keeping
            leave(0)


def measure(job: Job, sink: Callable[[Progress], None] | None = None) -> Outcome:
    """Run the job; what escapes the runtime becomes a typed failure, its traceback in the log."""
    from engine.runtime import job as runtime

    try:
        return runtime.run(job, time.monotonic() + job.seconds, sink)
    except MemoryError:
        return Failure(FailureKind.MEMORY, "worker-memory")
    except Exception as problem:
        note(f"the runtime failed on {job!r:.2000}")
        traceback.print_exc()
        if _is_allocation(problem):
            return Failure(FailureKind.MEMORY, "worker-memory")
        return Failure(FailureKind.CRASH, "worker-broke", (("error", type(problem).__name__),))


def _teller(stream: socket.socket) -> Callable[[Progress], None]:
    """Sends words of progress ahead of the outcome; with nobody left to read them, ends."""

    def tell(progress: Progress) -> None:
        try:
            stream.sendall(frames.pack(progress))
        except ConnectionError:
            leave(0)

    return tell


def _is_allocation(problem: Exception) -> bool:
    text = str(problem).lower()
    return any(sign in text for sign in _ALLOCATION_SIGNS)


def _reply(outcome: Outcome, retiring: bool) -> bytes:
    try:
        return frames.pack((outcome, retiring))
    except frames.FrameError as problem:
        note(f"an outcome cannot be sent: {problem}")
        return frames.pack((Failure(FailureKind.LIMIT, "reply-too-large"), retiring))


class _Addresses:
    """The cap on a worker's address space, while and as long as it computes on the CPU."""

    def __init__(self) -> None:
        self._on_accelerator = False
        self._capped = False
        self._seen: set[str] = set()

    def apply(self, device: str) -> None:
        """Cap for a job on the CPU; lift for good before the first one elsewhere.

        CUDA reserves more addresses than any sensible cap allows.
        """
        if not (self._on_accelerator or device in self._seen):
            self._seen.add(device)
            self._decide(device)

    def _decide(self, device: str) -> None:
        if sys.platform != "win32":
            import resource

            from engine.runtime.device import on_cpu

            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            if not on_cpu(device):
                self._on_accelerator = True
                if self._capped:
                    self._set(hard, hard)
            elif not self._capped:
                self._set(max(_ADDRESSES, _addresses_in_use() + _ROOM_TO_WORK), hard)
                self._capped = True

    def _set(self, soft: int, hard: int) -> None:
        if sys.platform != "win32":
            import resource

            if hard != resource.RLIM_INFINITY:
                soft = min(soft, hard)
            try:
                resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
            except (OSError, ValueError) as problem:  # some systems know no such limit
                note(f"no limit on addresses: {problem}")


def _addresses_in_use() -> int:
    if sys.platform == "linux":
        with suppress(OSError, ValueError, IndexError):
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _be_first_to_go() -> None:
    """No core files; where memory runs out, the system ends a worker before the interface."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        try:
            Path("/proc/self/oom_score_adj").write_text("700", encoding="ascii")
        except OSError as problem:
            note(f"oom_score_adj: {problem}")


def _set_alarm(seconds: float) -> None:
    """End this process after that time, whatever holds the interpreter; 0 calls it off."""
    if sys.platform == "win32":
        if seconds:
            faulthandler.dump_traceback_later(seconds, exit=True)
        else:
            faulthandler.cancel_dump_traceback_later()
    else:
        # The default action of SIGALRM ends the process inside the kernel.
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _socket_of(handle: str) -> socket.socket:
    if sys.platform == "win32":
        return socket.fromshare(sys.stdin.buffer.read())
    else:  # noqa: RET505 - the type checker sees one platform at a time
        return socket.socket(fileno=int(handle))
