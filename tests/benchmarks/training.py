"""Training runs: how long a short one takes, and what the interface feels of a long one.

Frames are asked for thirty times a second in the lab; the latest counts, before a run and while
one streams its progress and draws its curve.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from app.commands.study import FRAMES_PER_SECOND
from tests.benchmarks.places import FOLDER, HERE, PYTHON, ROOT, environment
from tests.benchmarks.report import Row, median, ms, percentile
from tests.benchmarks.terminal import AbsentError, Terminal

_LATE = 0.050
_SHORT = 0.300
_CANCELLED = 0.100
_PATIENCE = 400


def run() -> list[Row]:
    """A short run, the latest frame, and calling off."""
    found = trained()
    short = found["short"]
    idle, busy = ([late for late, _ in found[name]] for name in ("idle", "busy"))
    # What other programs took of the processors is theirs: on a machine at rest it is nothing.
    own = [late - waited for late, waited in found["busy"]]
    return [
        Row(
            f"200 steps on rings after warm-up, {len(short)} times",
            f"median {ms(median(short))}, slowest {ms(max(short))}",
            "",
            None,
            "median < 300 ms",
            median(short) < _SHORT,
        ),
        Row(
            "latest frame while a run goes on",
            f"{ms(max(own))} late, median {ms(median(own))}",
            f"without a run {ms(max(late - waited for late, waited in found['idle']))}",
            None,
            "< 50 ms",
            max(own) < _LATE,
            (
                f"{len(busy)} frames, {found['words'][0]} words of progress",
                f"with what other programs took: {ms(max(busy))}, p99 {ms(percentile(busy, 0.99))}",
                f"the same without a run: {ms(max(idle))}",
            ),
        ),
        Row(
            "a run called off in the lab",
            ms(found["cancelled"][0]),
            f"next job answered {ms(found['next'][0])}",
            None,
            "< 100 ms",
            found["cancelled"][0] < _CANCELLED,
        ),
    ]


def trained() -> dict[str, Any]:
    """What the probe noted in a new home."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        home, file = Path(folder) / "home", Path(folder) / "found.json"
        home.mkdir()
        (home / "settings.json").write_text('{"language": "en"}')
        words = (PYTHON, str(HERE / "training_probe.py"), str(home), str(file))
        variables = environment(home) | {
            "PYTHONPATH": str(ROOT),
            "TEXTUAL_FPS": FRAMES_PER_SECOND,  # as the command sets it
        }
        with Terminal(words, variables) as terminal:
            try:
                terminal.idle(_PATIENCE)
            except OSError:  # it has ended
                terminal.process.wait()
            if not file.exists():
                raise AbsentError(repr(terminal.stream[-3000:]))
        found: dict[str, Any] = json.loads(file.read_text())
        return found
