"""From process start until the due count's text is in the terminal's stream.

100,000 cards installed, 1,000,000 reviews logged; against a hello-world Textual app, run in turn.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.large_home import due_text, large_home
from tests.benchmarks.places import GRADUS, HERE, PYTHON, ROOT, environment
from tests.benchmarks.report import Row, median, ms, paired
from tests.benchmarks.terminal import Terminal

HELLO = (PYTHON, str(HERE / "hello.py"))
_RUNS = 15
_GOAL = 1.25
_HEAVY = ("torch", "numpy", "sqlalchemy", "pydantic", "ruamel", "alembic", "yaml", "fsrs_rs_python")


def run() -> list[Row]:
    """One row for the time, one for what was imported."""
    home = large_home()
    due = due_text(home)
    ours, floor = [], []
    for n in range(_RUNS + 1):
        pair = [("hello", floor), ("gradus", ours)]
        for name, seconds in pair if n % 2 else reversed(pair):
            seconds.append(hello() if name == "hello" else _until_due(home, due))
    del ours[0], floor[0]  # the first pair warms caches
    ratio = paired(ours, floor)
    return [
        Row(
            "start: due count shown, 100,000 cards, 1,000,000 reviews",
            ms(median(ours)),
            f"hello-world Textual app {ms(median(floor))}",
            ratio,
            f"<= {_GOAL}x",
            ratio <= _GOAL,
        ),
        _imports(home, due),
    ]


def hello() -> float:
    """Seconds until the hello-world app shows its text."""
    with Terminal(HELLO, environment()) as terminal:
        return terminal.wait("Hello, world!")


def _until_due(home: Path, due: str) -> float:
    with Terminal((GRADUS,), environment(home)) as terminal:
        return terminal.wait(due)


def _imports(home: Path, due: str) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "modules"
        words = (PYTHON, str(HERE / "imports_probe.py"), str(note), due)
        with Terminal(words, environment(home) | {"PYTHONPATH": str(ROOT)}) as terminal:
            terminal.wait(due)
        loaded = set(note.read_text().split())
    heavy = [name for name in _HEAVY if name in loaded]
    return Row(
        "start: imported before the due count",
        f"{len(loaded)} modules, heavy ones: {', '.join(heavy) or 'none'}",
        "",
        None,
        "none of " + ", ".join(_HEAVY),
        not heavy,
    )
