"""`gradus study`, its own keys pressed: `study_probe.py HOME FILE COUNT`.

The real app on a real pseudo-terminal with a real engine; keys enter where the terminal's input
thread hands them over, and a frame counts when its bytes leave for the terminal. Writes
{"verdict": seconds, "next": seconds, "resident": MB} to FILE.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from textual import events
from textual.drivers._writer_thread import WriterThread

from app.paths import Paths
from app.settings import load
from app.tui.app import Gradus
from app.tui.screens.study import Phase, StudyScreen

_TYPED = {"number": "7", "shape": "7,7", "choice": "a", "several": "a", "term": "x"}
_VERDICTS = ("✓ right", "≈ close", "◆ mistake", "✗ wrong", "? unreadable")
_READING = 0.12
"""Seconds between keys: a person reads, and what comes next is measured meanwhile."""
_PATIENCE = 30.0

_frames: list[tuple[float, str]] = []
_write = WriterThread.write


def _noting(self: WriterThread, text: str) -> None:
    _frames.append((time.perf_counter(), text))
    _write(self, text)


WriterThread.write = _noting  # type: ignore[method-assign]


class Watched(Gradus):
    """Gradus that studies by itself."""

    CSS_PATH = str(Path(sys.modules[Gradus.__module__].__file__ or "").parent / Gradus.CSS_PATH)

    def __init__(self, home: Path, file: Path, count: int) -> None:
        paths = Paths.inside(home)
        super().__init__(paths, load(paths.settings)[0], study_at_once=True)
        self.file = file
        self.count = count
        self.found: dict[str, list[float]] = {"verdict": [], "next": []}

    def on_ready(self) -> None:
        """Begin once the first frame is there."""
        self.run_worker(self._study())

    async def _study(self) -> None:
        await self._until(lambda: isinstance(self.screen, StudyScreen))
        while len(self.found["verdict"]) < self.count and isinstance(self.screen, StudyScreen):
            screen = self.screen
            await self._until(lambda s=screen: s.phase is not Phase.WAITING and not s._busy)
            await asyncio.sleep(_READING)
            if screen.phase is Phase.QUESTION and screen.shown is not None:
                for letter in _TYPED[screen.shown.kind]:
                    self._press("comma" if letter == "," else letter, letter)
                await asyncio.sleep(_READING)
                await self._timed("verdict", "enter", _VERDICTS, screen)
                if screen.phase is Phase.QUESTION:  # not readable: no verdict either
                    self.found["verdict"].pop()
                    self._press("f4")
                    await asyncio.sleep(_READING)
            elif screen.phase is Phase.POINTS:
                await self._timed("verdict", "enter", _VERDICTS, screen)
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
        self.exit()

    async def _next(self, key: str, screen: StudyScreen) -> None:
        before, mark = screen.shown, len(_frames)
        begun = time.perf_counter()
        self._press(key)
        await self._until(lambda: screen.shown is not before or self.screen is not screen)
        if self.screen is screen:
            # The item is set in one go; what is painted from here on shows it.
            mark = len(_frames)
            await self._until(lambda: len(_frames) > mark)
            self.found["next"].append(_frames[mark][0] - begun)

    async def _timed(
        self, name: str, key: str, texts: tuple[str, ...], screen: StudyScreen
    ) -> None:
        mark, begun = len(_frames), time.perf_counter()
        self._press(key)
        shown = None
        until = begun + _PATIENCE
        while shown is None and time.perf_counter() < until:
            await asyncio.sleep(0.002)
            shown = next(
                (at for at, text in _frames[mark:] if any(word in text for word in texts)), None
            )
        if shown is None:
            raise RuntimeError(f"no verdict on {screen.shown and screen.shown.prepared.name}")
        self.found[name].append(shown - begun)

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
    Watched(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])).run()
