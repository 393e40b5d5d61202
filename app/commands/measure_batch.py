"""`gradus measure --batch`: JSON Lines in, JSON Lines out, in the same order, as they come.

Promise: each line that is not blank gets exactly one line; a line that cannot be read gets an
error, never an end. Answers are written as soon as they are there, so another program may ask
and wait line by line; a bounded number of lines is held. Exit codes: 0 every line was answered,
2 the file cannot be read, 5 the engine could not be started.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.commands.measure import BAD, KEY, answer, encoded, error_object, json_value
from app.commands.measure_text import one_line
from app.locale import Locale
from app.values import printable
from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Job, Measure, Measured, Outcome

_LONGEST_LINE = 2**20
_HELD = 256
_BROKEN = 5
_READER_GONE = 1
_NOT_STARTED = ("engine-no-start", "engine-no-torch", "engine-slow-start")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line on its way: what to call it, and its outcome or why it is none."""

    id: object
    lets: tuple[str, ...]
    future: Future[Outcome] | None
    problem: str = ""


class _UnreadableError(Exception):
    """The line is no request; the message is for the person, `id` what it calls itself."""

    def __init__(self, message: str, line_id: object = None) -> None:
        super().__init__(message)
        self.id = line_id


def run_batch(name: str, log: Path, device: str, say: Locale) -> int:
    """Answer every line of that file ("-": stdin)."""
    with ExitStack() as stack:
        if name == "-":
            lines = sys.stdin.buffer
        else:
            try:
                lines = stack.enter_context(Path(name).open("rb"))
            except OSError as problem:
                reason = problem.strerror or type(problem).__name__
                message = say("measure.no-file", file=name, reason=reason)
                sys.stderr.write(f"gradus: {printable(message)}\n")
                return BAD
        engine = stack.enter_context(EngineClient(log, device=device))
        writer = _Writer(say)
        stack.callback(writer.finish)
        for raw in _raw_lines(lines):
            if writer.stopped:
                break
            writer.put(_submitted(raw, engine, say))
        writer.finish()
        return writer.exit_code


def _raw_lines(lines: BinaryIO) -> Iterator[bytes | None]:
    """Each line that is not blank; None for one that is too long."""
    while line := lines.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = lines.readline(_LONGEST_LINE)
            yield None
        elif line.strip():
            yield line


def _submitted(raw: bytes | None, engine: EngineClient, say: Locale) -> _Line:
    try:
        line_id, job = _request(raw, say)
    except _UnreadableError as problem:
        return _Line(problem.id, (), None, str(problem))
    return _Line(line_id, tuple(name for name, _ in job.lets), engine.submit(job))


def _request(raw: bytes | None, say: Locale) -> tuple[object, Job]:
    if raw is None:
        raise _UnreadableError(say("measure.line-too-long", n=_LONGEST_LINE))
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise _UnreadableError(say("measure.line-not-json")) from None
    if not isinstance(data, dict):
        raise _UnreadableError(say("measure.line-not-object"))
    line_id, lets, seed = data.get("id"), data.get("let", {}), data.get("seed", 0)
    if "id" not in data:
        raise _UnreadableError(say("measure.line-lacks", field="id"))
    if "measure" not in data:
        raise _UnreadableError(say("measure.line-lacks", field="measure"), line_id)
    if not isinstance(data["measure"], str):
        raise _UnreadableError(say("measure.line-text", field="measure"), line_id)
    if not isinstance(lets, dict) or not all(isinstance(v, str) for v in lets.values()):
        raise _UnreadableError(say("measure.line-let"), line_id)
    if type(seed) is not int:
        raise _UnreadableError(say("measure.line-seed"), line_id)
    return line_id, Job((Measure(KEY, data["measure"]),), lets=tuple(lets.items()), seed=seed)


class _Writer:
    """Writes the lines in order from its own thread."""

    def __init__(self, say: Locale) -> None:
        self._say = say
        self._lines: queue.Queue[_Line | None] = queue.Queue(_HELD)
        self._started = True
        self.stopped = False
        self.problem: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="gradus-batch", daemon=True)
        self._thread.start()

    @property
    def exit_code(self) -> int:
        """0 if every line was answered."""
        if self.stopped:
            return _READER_GONE
        return 0 if self._started else _BROKEN

    def put(self, line: _Line) -> None:
        """Queue a line; waits while too many are under way."""
        self._lines.put(line)

    def finish(self) -> None:
        """Wait until everything is written. A second call does nothing."""
        if self._thread.is_alive():
            self._lines.put(None)
            self._thread.join()
        problem, self.problem = self.problem, None
        if problem is not None:
            raise problem

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            if not self.stopped:
                self._try_to_write(line)

    def _try_to_write(self, line: _Line) -> None:
        try:
            sys.stdout.write(encoded(self._answered(line)))
            if self._lines.empty():
                sys.stdout.flush()
        except BrokenPipeError:
            self.stopped = True  # the reader of our output has gone
        except Exception as problem:
            self.problem = problem
            self.stopped = True

    def _answered(self, line: _Line) -> dict[str, object]:
        if line.future is None:
            failure = Failure(FailureKind.EXPRESSION, "")
            return {"id": line.id} | error_object(failure, line.problem)
        outcome = line.future.result()
        value = answer(outcome)
        if isinstance(value, Failure):
            self._started = self._started and value.code not in _NOT_STARTED
            return {"id": line.id} | error_object(value, one_line(value, self._say, line.lets))
        seconds = outcome.seconds if isinstance(outcome, Measured) else 0.0
        return {"id": line.id, "value": json_value(value), "seconds": seconds}
