"""Waiting for a measurement before a terminal: one line, redrawn in place.

Promise: nothing is written where the stream is no terminal or a dumb one, nor within the first
200 ms; the line is gone once the measurement is. No colours. Ctrl-C calls the measurement off; its
outcome is then the failure `cancelled`. Only the waiting thread writes. Must not print values.
"""

from __future__ import annotations

import math
import os
import shutil
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import TextIO

from app.locale import Locale
from app.values import printable
from content.text.wrap import cells
from engine.client import EngineClient
from engine.protocol import Job, Outcome, Progress
from engine.thinning import Thinned

_FIRST = 0.2
"""Seconds before the line appears: most measurements have ended by then."""
_REDRAWN = 0.1
_POINTS = 512
_CURVE = 28
_SHORTEST_CURVE = 8
_SPINNER, _LEVELS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "▁▂▃▄▅▆▇█"
_PLAIN_SPINNER, _PLAIN_LEVELS = "|/-\\", "_.:-=+*#"
_GAP = "  "


def wait_for(engine: EngineClient, job: Job, say: Locale, stream: TextIO) -> Outcome:
    """The outcome of a job; its progress is shown on that stream, and Ctrl-C ends it."""
    line = _Line(stream, say, [name for name, _ in job.lets]) if _shown(stream) else None
    future = engine.submit(job, on_progress=None if line is None else line.hear)
    begun = time.monotonic()
    try:
        while True:
            try:
                # With a time limit, for on Windows a wait without one is deaf to Ctrl-C.
                return future.result(_REDRAWN if line is None or line.drawn else _FIRST)
            except TimeoutError:
                if line is not None:
                    line.draw(time.monotonic() - begun)
    except KeyboardInterrupt:
        engine.cancel(future)
        return future.result()
    finally:
        if line is not None:
            line.clear()


def _shown(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class _Line:
    """What is known of the run under way, and the line that says so."""

    def __init__(self, stream: TextIO, say: Locale, lets: Sequence[str]) -> None:
        self._stream = stream
        self._say = say
        self._lets = lets
        self._lock = threading.Lock()
        self._newest: Progress | None = None
        self._losses: Thinned[float] = Thinned(_POINTS)
        self._turns = 0
        self._width = 0
        try:
            (_SPINNER + _LEVELS).encode(stream.encoding or "ascii")
        except (UnicodeEncodeError, LookupError):
            self._spinner, self._levels = _PLAIN_SPINNER, _PLAIN_LEVELS
        else:
            self._spinner, self._levels = _SPINNER, _LEVELS

    @property
    def drawn(self) -> bool:
        """Whether there is anything to be cleared."""
        return self._turns > 0

    def hear(self, progress: Progress) -> None:
        """Called from the engine's thread."""
        with self._lock:
            before, self._newest = self._newest, progress
            if before is None or (before.key, before.run) != (progress.key, progress.run):
                self._losses = Thinned(_POINTS)
            for _, loss in progress.points:
                self._losses.add(loss)

    def draw(self, seconds: float) -> None:
        """Write the line over the last one."""
        spinner = self._spinner[self._turns % len(self._spinner)]
        self._turns += 1
        with self._lock:
            newest, losses = self._newest, self._losses.points
        room = shutil.get_terminal_size().columns - 1
        parts = [spinner, *self._words(newest, seconds)]
        text = _fitting(parts, room)
        left = min(_CURVE, room - cells(text) - len(_GAP))
        if newest is not None and left >= _SHORTEST_CURVE:
            text += _GAP + curve(losses, left, self._levels)
        self._write(text)

    def clear(self) -> None:
        """Leave the line as it was found; ^C, which the terminal wrote itself, goes too."""
        if self.drawn:
            self._width += len("^C")
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _words(self, newest: Progress | None, seconds: float) -> list[str]:
        """What the line says, the most important first."""
        time_text = self._say("measure.seconds", seconds=f"{seconds:.1f}")
        if newest is None:
            return [self._say("measure.measuring"), time_text]
        share = newest.step / newest.steps if newest.steps > 0 else 0.0
        step = self._say.number(newest.step)
        words = [
            f"{min(share, 1.0):4.0%}",
            self._say("measure.step", step=step, steps=self._say.number(newest.steps)),
        ]
        if newest.points:
            words.append(self._say("measure.loss", loss=f"{newest.points[-1][1]:.4g}"))
        words.append(time_text)
        if newest.key in self._lets:
            words.insert(0, printable(newest.key))
        if newest.note:
            words.append(printable(newest.note))
        return words

    def _write(self, text: str) -> None:
        width = cells(text)
        encoding = self._stream.encoding or "ascii"
        text = text.encode(encoding, "replace").decode(encoding)
        self._stream.write("\r" + text + " " * max(0, self._width - width))
        self._stream.flush()
        self._width = width


def _fitting(parts: Sequence[str], room: int) -> str:
    """As many of the parts as fit, from the first on."""
    text = ""
    for part in parts:
        longer = text + _GAP + part if text else part
        if cells(longer) > room:
            break
        text = longer
    return text


def curve(values: Sequence[float], width: int, levels: str = _LEVELS) -> str:
    """Values as a row of bars, each the mean of its share; what is not finite is a "!"."""
    if not values:
        return ""
    count = min(width, len(values))
    edges = [n * len(values) // count for n in range(count + 1)]
    means = []
    for start, end in pairwise(edges):
        share = values[start:end]
        means.append(math.nan if not all(map(math.isfinite, share)) else sum(share) / len(share))
    finite = [mean for mean in means if math.isfinite(mean)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    span = high - low
    text = ""
    for mean in means:
        if not math.isfinite(mean):
            text += "!"
        elif span > 0 and math.isfinite(span):
            text += levels[min(len(levels) - 1, int((mean - low) / span * len(levels)))]
        else:
            text += levels[0]
    return text
