"""`gradus lab` with a pulse in it, before and while a training run streams: `HOME FILE`.

The real app on a real pseudo-terminal with a real engine. The pulse asks for a frame thirty times
a second; a frame counts when its bytes leave for the terminal, and is late by what has passed since
it was due. The time in which the interface's thread had to wait for a processor that others held is
counted apart. Writes {"short": seconds, "idle": seconds, "busy": seconds, "words": count,
"cancelled": seconds, "next": seconds} to FILE; frames are pairs (late, of that waited).
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
import traceback
from bisect import bisect_right
from pathlib import Path

from textual.drivers._writer_thread import WriterThread
from textual.widgets import Static

from app.lab.session import Entry
from app.paths import Paths
from app.settings import load
from app.tui.app import Gradus
from app.tui.screens.lab import LabScreen
from app.tui.widgets.lab_field import LabField
from engine.client import EngineClient
from engine.protocol import Failure, Job, Measure, Measured, Progress

_MODEL = "nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))"
_RUN = f"train({_MODEL}, make_rings(256), 'cross_entropy', SGD(lr=0.5), steps={{}})"
_SHORT, _LONG, _CALLED_OFF = 200, 8_000, 60_000
_REPEATS = 10
_BEAT = 1 / 30
_IDLE = 5.0
_PATIENCE = 120.0
_MARK = re.compile(r"beat (\d{6})")

_frames: list[tuple[float, float, int]] = []
_write = WriterThread.write


def waited() -> float:
    """Seconds this thread could have run and did not, since it began."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


def _noting(self: WriterThread, text: str) -> None:
    now = time.perf_counter()
    _frames.extend((now, waited(), int(found)) for found in _MARK.findall(text))
    _write(self, text)


WriterThread.write = _noting  # type: ignore[method-assign]


def job(steps: int) -> Job:
    """A run of that many steps."""
    return Job((Measure("run", _RUN.format(steps)),), seconds=_PATIENCE)


class Pulsing(Gradus):
    """Gradus that trains in its lab by itself."""

    CSS_PATH = str(Path(sys.modules[Gradus.__module__].__file__ or "").parent / Gradus.CSS_PATH)

    def __init__(self, home: Path, file: Path, engine: EngineClient, short: list[float]) -> None:
        paths = Paths.inside(home)
        super().__init__(paths, load(paths.settings)[0], lab="", engine=engine)
        self.file = file
        self.found: dict[str, object] = {"short": short}
        self.due: list[float] = []
        self.seen: list[tuple[float, float]] = []

    def on_ready(self) -> None:
        """Begin once the first frame is there."""
        self.run_worker(self._guarded())

    async def _guarded(self) -> None:
        try:
            await self._go()
        except Exception:
            self.file.with_name("probe.log").write_text(traceback.format_exc())
            raise

    async def _go(self) -> None:
        await self._until(
            lambda: isinstance(self.screen, LabScreen) and bool(self.screen.query(LabField))
        )
        screen = self.screen
        assert isinstance(screen, LabScreen)
        pulse = Static("", id="pulse")
        pulse.styles.dock, pulse.styles.height = "top", 1
        await screen.mount(pulse)
        beating = self.run_worker(self._beat(pulse))
        # What is drawn first is imported first: that is the first run's, not every frame's.
        await self.desk.study()
        await self._ended(await self._enter(screen, _SHORT))
        await asyncio.sleep(1.0)
        begun = len(self.due)
        await asyncio.sleep(_IDLE)
        self.found["idle"] = self._late(begun)
        begun, words = len(self.due), _words()
        await self._ended(await self._enter(screen, _LONG))
        await asyncio.sleep(0.3)
        self.found["busy"] = self._late(begun)
        self.found["words"] = [_words() - words]
        beating.cancel()
        entry = await self._enter(screen, _CALLED_OFF)
        await self._until(lambda: bool(entry.points))
        begun_at = time.perf_counter()
        screen.action_stop()
        await self._until(lambda: isinstance(entry.failure, Failure))
        self.found["cancelled"] = [time.perf_counter() - begun_at]
        assert self.desk.engine is not None
        outcome = await self.desk.measure(Job((Measure("next", "6 * 7"),)))
        self.found["next"] = [time.perf_counter() - begun_at]
        assert isinstance(outcome, Measured), outcome
        self.file.write_text(json.dumps(self.found))
        self.exit()

    async def _beat(self, pulse: Static) -> None:
        start = time.perf_counter()
        while True:
            number = len(self.due)
            due = start + number * _BEAT
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.due.append(due)
            self.seen.append((time.perf_counter(), waited()))
            pulse.update(f"beat {number:06d}")

    def _late(self, begun: int) -> list[tuple[float, float]]:
        """How late each frame since then was; for one that was skipped, how late the next."""
        late, frames = [], iter(_frames)
        at, had_waited, shown = next(frames)
        for number in range(begun, len(self.due) - 3):
            while shown < number:
                at, had_waited, shown = next(frames)
            due = self.due[number]
            before = bisect_right(self.seen, (due, 0.0)) - 1
            late.append((at - due, had_waited - self.seen[before][1]))
        return late

    async def _enter(self, screen: LabScreen, steps: int) -> Entry:
        before = len(screen.session.entries)
        field = screen.query_one(LabField)
        field.post_message(LabField.Entered(_RUN.format(steps)))
        await self._until(lambda: len(screen.session.entries) > before)
        entry: Entry = screen.session.entries[-1]
        return entry

    async def _ended(self, entry: Entry) -> None:
        await self._until(lambda: entry.outcome is not None and not entry.running)
        assert isinstance(entry.outcome, Measured), entry.outcome
        assert entry.failure is None, entry.failure

    async def _until(self, holds: object) -> None:
        assert callable(holds)
        until = time.perf_counter() + _PATIENCE
        while not holds():
            if time.perf_counter() > until:
                raise RuntimeError("nothing came")
            await asyncio.sleep(0.005)


_told = [0]


def _words() -> int:
    return _told[0]


def main(home: Path, file: Path) -> None:
    """Short runs without an interface, then the interface."""
    with EngineClient(home / "engine.log", device="cpu") as engine:
        engine.measure(job(_SHORT))
        short = []
        for _ in range(_REPEATS):
            begun = time.perf_counter()
            outcome = engine.submit(job(_SHORT), on_progress=_hear).result()
            short.append(time.perf_counter() - begun)
            assert isinstance(outcome, Measured), outcome
            assert not isinstance(outcome.values[0], Failure), outcome
        submit = engine.submit

        def counted(job: Job, *, on_progress: object = None) -> object:
            def hear(word: Progress) -> None:
                _hear(word)
                if callable(on_progress):
                    on_progress(word)

            return submit(job, on_progress=hear if on_progress else None)

        engine.submit = counted  # type: ignore[method-assign, assignment]
        Pulsing(home, file, engine, short).run()


def _hear(_: Progress) -> None:
    _told[0] += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
