"""Enter to verdict on a prepared exercise, and from there to the next item, in the real app."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from app.commands.study import FRAMES_PER_SECOND
from tests.benchmarks.places import FOLDER, HERE, PYTHON, ROOT, environment
from tests.benchmarks.report import Row, median, ms, percentile
from tests.benchmarks.terminal import AbsentError, Terminal

_ANSWERS = 200
_VERDICT = 0.016
_NEXT = 0.050
_RUN = 0.200
"""Longer waits are named on the screen."""
_RESIDENT = 100.0


def run() -> list[Row]:
    """The two times, and the memory after so many answers."""
    found = studied(_ANSWERS)
    verdict, following = percentile(found["verdict"], 0.99), percentile(found["next"], 0.99)
    answers = f"{len(found['verdict'])} answers"
    return [
        Row(
            f"Enter to verdict, {answers}",
            f"p99 {ms(verdict)}, median {ms(median(found['verdict']))}",
            "",
            None,
            "p99 < 16 ms",
            verdict < _VERDICT,
            (f"median of its processor time {ms(median(found['worked']))}",),
        ),
        Row(
            "Enter to next item",
            f"p99 {ms(following)}, median {ms(median(found['next']))}",
            "",
            None,
            "p99 < 50 ms",
            following < _NEXT,
        ),
        *(
            Row(
                "Enter to verdict of a program run by the engine",
                f"median {ms(median(ran))}",
                "",
                None,
                "median < 200 ms",
                median(ran) < _RUN,
                (f"of {len(ran)}",),
            )
            for ran in [found["program"]]
            if ran
        ),
        Row(
            f"resident after {answers}, built-in pack",
            f"{found['resident']:.1f} MB",
            "",
            None,
            "< 100 MB",
            found["resident"] < _RESIDENT,
        ),
    ]


def studied(answers: int) -> dict[str, list[float]]:
    """What the probe noted in a new home."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        home, file = Path(folder) / "home", Path(folder) / "found.json"
        home.mkdir()
        (home / "settings.json").write_text('{"new_per_day": 1000, "language": "en"}')
        words = (PYTHON, str(HERE / "study_probe.py"), str(home), str(file), str(answers))
        clockless = environment(home) | {
            "PYTHONPATH": str(ROOT),
            "TEXTUAL_FPS": FRAMES_PER_SECOND,  # as the command sets it
        }
        with Terminal(words, clockless) as terminal:
            try:
                terminal.idle(300)
            except OSError:  # it has ended
                terminal.process.wait()
            if not file.exists():
                raise AbsentError(repr(terminal.stream[-3000:]))
        found: dict[str, list[float]] = json.loads(file.read_text())
        if "failed" in found:
            raise AbsentError(str(found["failed"]))
        return found
