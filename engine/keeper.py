"""The client's thread: keeps one worker alive and hands it one job after the other.

Promise: it owns every socket and process; it never waits without a time limit while something is
due; whatever happens to the processes, every job taken from the queue is resolved. A worker past
its job's time is killed, and so is one whose job nobody waits for any more; one that dies is
replaced and only the job it was measuring fails: the one that lies ready in its socket goes to the
next worker. What cannot be started is tried a few times,
then jobs fail with the log file's name. Must not import torch.
"""

from __future__ import annotations

import selectors
import socket
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine import frames
from engine.launch import Launcher, Worker, launcher
from engine.protocol import EngineEvent, Failure, FailureKind, Measured, Outcome, Progress
from engine.tickets import JobQueue, Ticket
from engine.worker import NO_TORCH

_STARTS = 3
"""Launchers that may end in a row without a job being answered."""
_WORKERS = 3
"""Workers of one launcher that may end in a row without a job being answered."""
_FORK_SECONDS = 10.0
_GRACE_SECONDS = 0.02
"""The worker sees its own deadline first, where it looks at the clock."""
_UNWANTED_SECONDS = 0.02
"""A job nobody waits for may end by itself within this: most do, and the worker lives on."""
_RETRY_SECONDS = 20.0
_READY_BYTES = 2**15
"""A job this small is sent while another is measured: it cannot fill the socket."""


class Keeper:
    """One run of the thread; all state belongs to it alone."""

    def __init__(
        self,
        log: Path,
        *,
        queue: JobQueue,
        woken: socket.socket,
        on_event: Callable[[EngineEvent], None] | None,
        transport: str,
        start_seconds: float,
    ) -> None:
        self._log = log
        self._queue = queue
        self._woken = woken
        self._on_event = on_event
        self._transport = transport
        self._start_seconds = start_seconds
        self._selector = selectors.DefaultSelector()
        self._launcher: Launcher | None = None
        self._loaded = False
        self._worker: Worker | None = None
        self._ready_by = 0.0
        self._running: Ticket | None = None
        self._ready: Ticket | None = None
        self._done_by = 0.0
        self._starts = 0
        self._workers = 0
        self._broken: Failure | None = None
        self._retry_at = 0.0
        self._replacing: Failure | None = None

    def run(self) -> None:
        """Until the queue is closed."""
        failure: Failure | None = None
        try:
            self._selector.register(self._woken, selectors.EVENT_READ)
            self._tell("starting")
            while not self._queue.closing:
                self._turn()
        except Exception:
            self._write_log(traceback.format_exc())
            failure = self._failure("engine-broke")
        finally:
            self._end_all()
            self._selector.close()
            self._resolve(failure or self._failure("engine-closed"))
            self._queue.shut()
            self._tell("stopped", failure)

    def _turn(self) -> None:
        self._provide()
        self._feed()
        ready = {key.fileobj for key, _ in self._selector.select(self._patience())}
        if self._woken in ready:
            self._drain()
        if self._worker is not None and self._worker.stream in ready:
            self._hear(self._worker)
        if self._launcher is not None and self._launcher.control in ready:
            self._mourn_launcher()
        self._check_clock()

    def _patience(self) -> float | None:
        if self._worker is None:
            return None if self._broken else 0.0
        if self._worker.pid == 0:
            return max(0.0, self._ready_by - time.monotonic())
        if self._running is not None:
            return max(0.0, self._done_by - time.monotonic())
        return None

    # Having a worker.

    def _provide(self) -> None:
        if self._broken is not None:
            if time.monotonic() < self._retry_at:
                self._queue.fail_all(self._broken)
                return
            ticket = self._queue.take()
            if ticket is None:
                return
            self._queue.give_back(ticket)
            self._broken = None
            self._starts = _STARTS - 1
        if self._worker is not None:
            return
        try:
            if self._launcher is None:
                self._starts += 1
                self._launcher = launcher(self._log, self._transport)
                self._loaded = False
                if self._launcher.control is not None:
                    self._selector.register(self._launcher.control, selectors.EVENT_READ)
            self._worker = self._launcher.open()
        except OSError as problem:
            self._write_log(f"cannot start: {problem!r}\n")
            self._mourn_launcher()
            return
        self._selector.register(self._worker.stream, selectors.EVENT_READ)
        forks = self._loaded and self._launcher.control is not None
        self._ready_by = time.monotonic() + (_FORK_SECONDS if forks else self._start_seconds)

    def _announced(self, worker: Worker, pid: int) -> None:
        worker.pid = pid
        self._loaded = True
        if self._launcher is not None:
            try:
                self._launcher.settled()
            except OSError as problem:
                self._write_log(f"no spare worker: {problem!r}\n")
        cause, self._replacing = self._replacing, None
        self._tell("restarted" if cause else "ready", cause)

    # Feeding it.

    def _feed(self) -> None:
        worker = self._worker
        if worker is None or worker.pid == 0 or self._ready is not None:
            return
        ticket = self._queue.take(begin=self._running is None)
        if ticket is None:
            return
        if self._running is not None and len(ticket.frame) > _READY_BYTES:
            self._queue.give_back(ticket)
            return
        try:
            worker.stream.sendall(ticket.frame)
        except OSError:
            # It had died before the job could reach it.
            self._queue.give_back(ticket)
            self._mourn_worker()
            return
        if self._running is None:
            self._run(ticket)
        else:
            self._ready = ticket

    def _run(self, ticket: Ticket) -> None:
        ticket.begin()
        self._running = ticket
        self._done_by = time.monotonic() + ticket.seconds + _GRACE_SECONDS

    def _hear(self, worker: Worker) -> None:
        try:
            for value in worker.inbox.read(worker.stream):
                match value:
                    case int(pid) if worker.pid == 0:
                        self._announced(worker, pid)
                    case Progress() if self._running is not None:
                        self._pass_on(self._running, value)
                    case (Measured() | Failure() as outcome, bool(retiring)) if self._running:
                        self._starts = self._workers = 0
                        if isinstance(outcome, Failure) and outcome.kind is FailureKind.CRASH:
                            outcome = replace(outcome, details=(*outcome.details, self._where()))
                        if retiring:
                            self._take_back_ready()
                        self._resolve(outcome)
                        if retiring:
                            self._replacing = outcome if isinstance(outcome, Failure) else None
                            self._drop_worker()
                            return
                    case _:
                        raise frames.FrameError(f"not expected: {type(value).__name__}")
        except EOFError:
            self._mourn_worker()
        except ConnectionResetError:
            # It died with a job unread in its socket, which is not to blame: the one that lay
            # ready, or else the only one.
            if self._ready is None and self._running is not None:
                self._queue.give_back(self._running)
                self._running = None
            self._mourn_worker()
        except (OSError, frames.FrameError) as problem:
            self._write_log(f"worker {worker.pid}: {problem!r}\n")
            self._mourn_worker()

    def _pass_on(self, ticket: Ticket, progress: Progress) -> None:
        try:
            ticket.tell(progress)
        except Exception:
            self._write_log(traceback.format_exc())

    def _resolve(self, outcome: Outcome) -> None:
        ticket, self._running = self._running, None
        if self._ready is not None:
            self._run(self._ready)
            self._ready = None
        if ticket is not None:
            ticket.resolve(outcome)

    def _check_clock(self) -> None:
        worker, now = self._worker, time.monotonic()
        if worker is None:
            return
        if worker.pid == 0:
            if now >= self._ready_by:
                self._write_log("not ready in time\n")
                self._give_up(self._failure("engine-slow-start"))
        elif self._running is not None:
            if not self._running.wanted:
                self._done_by = min(self._done_by, now + _UNWANTED_SECONDS)
            if now >= self._done_by:
                self._kill(worker, self._running)

    def _kill(self, worker: Worker, ticket: Ticket) -> None:
        """The worker of a job that is past its time or that nobody waits for."""
        seconds = f"{ticket.seconds:g}"
        failure = Failure(FailureKind.TIMEOUT, "worker-timeout", (("seconds", seconds),))
        why = f"after {seconds} s" if ticket.wanted else "for a job that was cancelled"
        self._write_log(f"worker {worker.pid}: killed {why}\n")
        self._starts = self._workers = 0
        self._replacing = failure if ticket.wanted else None
        self._drop_worker()
        self._resolve(failure)

    # Losing it.

    def _drop_worker(self) -> None:
        self._take_back_ready()
        worker, self._worker = self._worker, None
        if worker is not None:
            self._selector.unregister(worker.stream)
            worker.kill()

    def _take_back_ready(self) -> None:
        ticket, self._ready = self._ready, None
        if ticket is not None:
            self._queue.give_back(ticket)

    def _drop_launcher(self) -> None:
        gone, self._launcher = self._launcher, None
        if gone is not None:
            if gone.control is not None:
                self._selector.unregister(gone.control)
            gone.close()

    def _mourn_worker(self) -> None:
        announced = self._worker is not None and self._worker.pid != 0
        failure = self._failure("worker-died")
        if announced:
            self._replacing = failure
        if self._launcher is not None and self._launcher.control is None and not announced:
            self._mourn_launcher()  # a spawned worker loads torch itself
            return
        self._drop_worker()
        if self._running is not None:
            self._starts = self._workers = 0
            self._resolve(failure)
            return
        self._workers += 1
        if self._workers >= _WORKERS:
            self._workers = 0
            self._mourn_launcher(ended=False)

    def _mourn_launcher(self, *, ended: bool = True) -> None:
        if self._worker is not None and self._worker.pid != 0:
            self._replacing = self._failure("worker-died")
        code = None
        if ended and not self._loaded and self._launcher is not None:
            code = self._launcher.exit_code()
        self._drop_worker()
        self._drop_launcher()
        self._resolve(self._failure("worker-died"))
        if code == NO_TORCH:
            self._give_up(self._failure("engine-no-torch"))
        elif self._starts >= _STARTS:
            self._give_up(self._failure("engine-no-start"))

    def _give_up(self, failure: Failure) -> None:
        self._drop_worker()
        self._drop_launcher()
        self._broken = failure
        self._retry_at = time.monotonic() + _RETRY_SECONDS
        self._resolve(failure)
        self._queue.fail_all(failure)
        self._tell("stopped", failure)

    def _end_all(self) -> None:
        self._drop_worker()
        self._drop_launcher()

    # Telling.

    def _failure(self, code: str) -> Failure:
        return Failure(FailureKind.CRASH, code, (self._where(),))

    def _where(self) -> tuple[str, str]:
        return "log", str(self._log)

    def _tell(self, state: str, failure: Failure | None = None) -> None:
        if self._on_event is not None:
            try:
                self._on_event(EngineEvent(state, failure))
            except Exception:
                self._write_log(traceback.format_exc())

    def _write_log(self, text: str) -> None:
        # Where the log cannot be written, the failures that follow say what matters.
        with suppress(OSError), self._log.open("a", encoding="utf-8") as log:
            log.write(f"[client] {text}")

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            self._woken.recv(4096)
