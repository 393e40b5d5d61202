"""From a save in the author's editor until `gradus pack preview` shows the new text.

The pack is what `gradus pack new` writes; its first card is saved again and again with another
word. The goal is half a second, nine times out of ten.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from content.starter import files
from tests.benchmarks.places import GRADUS, environment
from tests.benchmarks.report import Row, median, ms, percentile
from tests.benchmarks.terminal import Terminal

_RUNS = 21
_GOAL = 0.5
_PAUSE = 0.73
"""Seconds between saves: the check is over, and looks at the files fall anywhere between."""
_WORD = "convolution layer pad"


def run() -> list[Row]:
    """One row."""
    with tempfile.TemporaryDirectory() as folder:
        taken = _saves(Path(folder))
    late = percentile(taken, 0.9)
    name = "preview: save until shown"
    return [Row(name, ms(median(taken)), f"90% {ms(late)}", None, "90% < 500 ms", late < _GOAL)]


def _saves(folder: Path) -> list[float]:
    pack = folder / "my-pack"
    pack.mkdir()
    texts = files("my-pack", ("en",))
    for name, text in texts.items():
        (pack / name).write_text(text, encoding="utf-8")
    topic, taken = pack / "size.yaml", []
    words = (GRADUS, "pack", "preview", str(pack), "--language", "en")
    with Terminal(words, environment(folder / "home")) as terminal:
        terminal.wait("Nothing to mend here.")
        terminal.wait("pixels a side.")
        for n in range(_RUNS):
            terminal.idle(_PAUSE)
            word, seen = f"Mark{n:02}x", len(terminal.stream)
            topic.write_text(texts["size.yaml"].replace(_WORD, word), encoding="utf-8")
            begun = time.perf_counter() - terminal.begun
            taken.append(terminal.wait(word, start=seen) - begun)
    return taken
