"""The engine as the rest of Gradus sees it: jobs go in, futures of outcomes come out.

Promise: nothing here waits but `measure` and `close`; a future always resolves, to `Measured` or
to a typed `Failure`, and never raises (one whose own `cancel` came before it ran was dropped). Any
thread may call anything. One worker measures the jobs in the order they came. What is cancelled
is answered at once, whatever the worker does. Must not import torch.
"""

from __future__ import annotations

import math
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from engine import frames
from engine.keeper import Keeper
from engine.protocol import EngineEvent, Failure, FailureKind, Job, Outcome
from engine.tickets import CANCELLED, Listener, Ticket

_LARGEST_JOB = 2**20
_LONGEST_JOB = 3600.0
_CLOSE_SECONDS = 10.0


class EngineClient:
    """A worker process kept alive, and the queue in front of it.

    `log` gets all output of the processes. `device` is used by jobs that say "auto". `on_event`
    is called from the client's own thread. `transport` is auto, zygote or spawn. `start_seconds`
    is how long loading torch may take.
    """

    def __init__(
        self,
        log: Path,
        *,
        device: str = "auto",
        on_event: Callable[[EngineEvent], None] | None = None,
        transport: str = "auto",
        start_seconds: float = 120.0,
    ) -> None:
        self._log = log
        self._device = device
        self._on_event = on_event
        self._transport = transport
        self._start_seconds = start_seconds
        self._lock = threading.Lock()
        self._queue: deque[Ticket] = deque()
        self._waiting: dict[Future[Outcome], Ticket] = {}
        self._thread: threading.Thread | None = None
        self._closed = False
        self._woken: socket.socket
        self._waker: socket.socket | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def log(self) -> Path:
        """The file that holds what the processes printed."""
        return self._log

    def start(self) -> None:
        """Begin to load torch in the background. Returns at once; a second call does nothing."""
        with self._lock:
            if self._thread is not None or self._closed:
                return
            self._woken, self._waker = socket.socketpair()
            self._woken.setblocking(False)
            self._waker.setblocking(False)
            keeper = Keeper(
                self._log,
                queue=self,
                woken=self._woken,
                on_event=self._on_event,
                transport=self._transport,
                start_seconds=self._start_seconds,
            )
            self._thread = threading.Thread(target=keeper.run, name="gradus-engine", daemon=True)
            self._thread.start()

    def submit(self, job: Job, *, on_progress: Listener | None = None) -> Future[Outcome]:
        """Queue a job; starts the engine if need be.

        `on_progress` is called from the client's own thread, in order, and must return soon: it
        holds up everything else. What it raises is logged.
        """
        return self._submit([self._ticket(job, on_progress)])[0]

    def submit_many(self, jobs: Iterable[Job]) -> list[Future[Outcome]]:
        """Queue jobs, one behind the other."""
        return self._submit([self._ticket(job, None) for job in jobs])

    def cancel(self, future: Future[Outcome]) -> None:
        """Call a job off: unless it has ended, its future resolves to the failure `cancelled`.

        It resolves here and now. One that is being measured costs the worker its life; jobs
        behind it go to the next worker. Afterwards a word of progress that was on its way may
        still arrive.
        """
        ticket = self._waiting.get(future)
        if ticket is None or not ticket.resolve(CANCELLED):
            return
        with self._lock:
            with suppress(ValueError):
                self._queue.remove(ticket)
            self._wake()

    def _submit(self, tickets: list[Ticket]) -> list[Future[Outcome]]:
        self.start()
        for ticket in tickets:
            self._waiting[ticket.future] = ticket
            ticket.future.add_done_callback(self._forget)
        with self._lock:
            closed = self._closed
            if not closed:
                self._queue.extend(t for t in tickets if not t.future.done())
                self._wake()
        if closed:
            for ticket in tickets:
                if not ticket.future.done():
                    ticket.resolve(self.closed_failure())
        return [ticket.future for ticket in tickets]

    def measure(self, job: Job) -> Outcome:
        """Queue a job and wait for its outcome."""
        return self.submit(job).result()

    def close(self) -> None:
        """End the processes; what was still queued fails as closed. A second call does nothing."""
        with self._lock:
            self._closed = True
            thread = self._thread
            self._wake()
        if thread is None:
            return
        if thread is not threading.current_thread():
            thread.join(_CLOSE_SECONDS)
        with self._lock:
            if self._waker is not None and not thread.is_alive():
                self._waker.close()
                self._woken.close()
                self._waker = None

    # What the keeper asks of the queue.

    @property
    def closing(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def take(self, *, begin: bool = True) -> Ticket | None:
        """The next job somebody still waits for; until it is begun it may yet be cancelled."""
        while True:
            with self._lock:
                if not self._queue:
                    return None
                ticket = self._queue.popleft()
            if ticket.begin() if begin else ticket.wanted:
                return ticket

    def give_back(self, ticket: Ticket) -> None:
        """Queue a job again, first in line: it never reached a worker."""
        with self._lock:
            self._queue.appendleft(ticket)

    def fail_all(self, failure: Failure) -> None:
        """Answer everything queued with that failure."""
        while (ticket := self.take()) is not None:
            ticket.resolve(failure)

    def shut(self) -> None:
        """The keeper has ended: nothing that comes later would be measured."""
        with self._lock:
            self._closed = True
        self.fail_all(self.closed_failure())

    def closed_failure(self) -> Failure:
        """What a job gets that nobody will measure any more."""
        return Failure(FailureKind.CRASH, "engine-closed", (("log", str(self._log)),))

    def _forget(self, future: Future[Outcome]) -> None:
        self._waiting.pop(future, None)

    def _ticket(self, job: Job, on_progress: Listener | None) -> Ticket:
        seconds = job.seconds if math.isfinite(job.seconds) else _LONGEST_JOB
        seconds = min(max(seconds, 0.0), _LONGEST_JOB)
        device = self._device if job.device == "auto" else job.device
        followed = on_progress is not None
        if (seconds, device, followed) != (job.seconds, job.device, job.progress):
            job = replace(job, seconds=seconds, device=device, progress=followed)
        try:
            frame = frames.pack(job)
        except frames.FrameError:
            frame = b""
        ticket = Ticket(frame, job.seconds, on_progress)
        if not 0 < len(frame) <= _LARGEST_JOB:
            ticket.resolve(Failure(FailureKind.LIMIT, "job-too-large"))
        return ticket

    def _wake(self) -> None:
        if self._waker is not None:
            # It has yet to read what woke it last, or it has ended.
            with suppress(BlockingIOError, ConnectionError):
                self._waker.send(b"\0")
