"""`gradus study`, its own keys pressed: `study_probe.py HOME FILE COUNT`.

The real app on a real pseudo-terminal with a real engine; keys enter where the terminal's input
thread hands them over, and a frame counts when its bytes leave for the terminal. Writes
{"verdict": seconds, "worked": seconds, "program": seconds, "next": seconds, "resident": MB} to
FILE: "worked" is the processor time of the verdicts, "program" are those that the engine has to
run the answer for; {"failed": traceback} where the probe broke.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import traceback
from pathlib import Path

from textual import events
from textual.drivers._writer_thread import WriterThread

from app.paths import Paths
from app.settings import load
from app.tui.app import Gradus
from app.tui.screens.leech import LeechScreen
from app.tui.screens.study import Phase, StudyScreen
from engine.programs import RUN_KINDS

TYPED = {
    "number": "7", "shape": "7,7", "choice": "a", "several": "a", "term": "x",
    "formula": "7", "layer": "ReLU()", "tensor": "zeros(7)",
}  # fmt: skip
"""By kind, an answer that can be read; whether it is right does not matter."""
_NAMED = {",": "comma", "(": "left_parenthesis", ")": "right_parenthesis"}
_VERDICTS = ("✓ right", "≈ close", "◆ mistake", "✗ wrong", "? unreadable")
_READING = 0.12
"""Seconds between keys: a person reads, and what comes next is measured meanwhile."""
_PATIENCE = 30.0

_frames: list[tuple[float, str]] = []


def _note_frames() -> None:
    write = WriterThread.write

    def noting(self: WriterThread, text: str) -> None:
        _frames.append((time.perf_counter(), text))
        write(self, text)

    WriterThread.write = noting  # type: ignore[method-assign]


class Watched(Gradus):
    """Gradus that studies by itself."""

    CSS_PATH = str(Path(sys.modules[Gradus.__module__].__file__ or "").parent / Gradus.CSS_PATH)

    def __init__(self, home: Path, file: Path, count: int) -> None:
        paths = Paths.inside(home)
        super().__init__(paths, load(paths.settings)[0], study_at_once=True)
        self.file = file
        self.count = count
        self.found: dict[str, list[float]] = {
            "verdict": [],
            "worked": [],
            "program": [],
            "next": [],
        }

    def on_ready(self) -> None:
        """Begin once the first frame is there."""
        self.run_worker(self._told())

    async def _told(self) -> None:
        try:
            await self._study()
        except Exception:  # told by who started the probe: it knows what was expected
            self.file.write_text(json.dumps({"failed": traceback.format_exc()}))
        self.exit()

    async def _study(self) -> None:
        await self._until(lambda: isinstance(self.screen, StudyScreen))
        while len(self.found["verdict"]) < self.count:
            if isinstance(self.screen, LeechScreen):  # told of what is answered wrongly all along
                await asyncio.sleep(_READING)
                self._press("enter")
                await self._until(lambda: not isinstance(self.screen, LeechScreen))
            screen = self.screen
            if not isinstance(screen, StudyScreen):
                raise RuntimeError(f"{screen!r} after {len(self.found['next'])} items")
            await self._until(lambda s=screen: s.phase is not Phase.WAITING and not s._busy)
            await asyncio.sleep(_READING)
            if screen.phase is Phase.QUESTION and screen.shown is not None:
                kind = screen.shown.kind
                for letter in TYPED[kind]:
                    self._press(_NAMED.get(letter, letter), letter)
                await asyncio.sleep(_READING)
                times = await self._timed(screen)
                if screen.phase is not Phase.QUESTION:
                    self._note("program" if kind in RUN_KINDS else "verdict", times)
                else:  # not readable: no verdict either
                    self._press("f4")
                    await asyncio.sleep(_READING)
            elif screen.phase is Phase.POINTS:
                self._note("verdict", await self._timed(screen))
            elif screen.phase is Phase.JUDGED:
                await self._next("enter", screen)
            elif screen.phase is Phase.BACK:
                await self._next("3", screen)
            else:
                self._press("enter")
                await asyncio.sleep(_READING)
        status = Path("/proc/self/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        resident = int(line.split()[1]) * 1024 / 1e6
        self.file.write_text(json.dumps({**self.found, "resident": resident}))

    async def _next(self, key: str, screen: StudyScreen) -> None:
        before = screen.shown
        _frames.clear()  # kept, they would count as the app's memory
        begun = time.perf_counter()
        self._press(key)
        await self._until(lambda: screen.shown is not before or self.screen is not screen)
        if self.screen is screen:
            # The item is set in one go; what is painted from here on shows it.
            mark = len(_frames)
            await self._until(lambda: len(_frames) > mark)
            self.found["next"].append(_frames[mark][0] - begun)

    async def _timed(self, screen: StudyScreen) -> tuple[float, float]:
        """Seconds from Enter to the frame with the verdict, and of processor time meanwhile."""
        _frames.clear()
        begun, worked = time.perf_counter(), time.process_time()
        self._press("enter")
        shown = None
        until = begun + _PATIENCE
        while shown is None and time.perf_counter() < until:
            await asyncio.sleep(0.002)
            shown = next(
                (at for at, text in list(_frames) if any(word in text for word in _VERDICTS)), None
            )
        if shown is None:
            raise RuntimeError(f"no verdict on {screen.shown and screen.shown.prepared.name}")
        return shown - begun, time.process_time() - worked

    def _note(self, name: str, times: tuple[float, float]) -> None:
        self.found[name].append(times[0])
        if name == "verdict":
            self.found["worked"].append(times[1])

    def _press(self, key: str, letter: str | None = None) -> None:
        character = letter or (key if len(key) == 1 else "\r" if key == "enter" else None)
        self.post_message(events.Key(key, character))

    async def _until(self, holds: object) -> None:
        assert callable(holds)
        until = time.perf_counter() + _PATIENCE
        while not holds():
            if time.perf_counter() > until:
                raise RuntimeError("nothing came")
            await asyncio.sleep(0.002)


if __name__ == "__main__":
    _note_frames()
    Watched(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])).run()
