"""Resident memory of the interface process while studying 100,000 installed cards."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.benchmarks.large_home import FRONT, copy_of, large_home
from tests.benchmarks.places import GRADUS, environment
from tests.benchmarks.report import Row
from tests.benchmarks.terminal import Terminal

_CARDS = 20
_GOAL = 100.0


def run() -> list[Row]:
    """One row."""
    home = copy_of(large_home(), "home-memory")
    try:
        resident = _resident(home)
    finally:
        shutil.rmtree(home)
    return [
        Row(
            f"resident while studying, 100,000 cards, {_CARDS} rated",
            f"{resident:.1f} MB",
            "",
            None,
            "< 100 MB",
            resident < _GOAL,
        )
    ]


def _resident(home: Path) -> float:
    """In MB, once the cards were rated."""
    with Terminal((GRADUS, "study"), environment(home)) as terminal:
        terminal.wait(FRONT)
        for _ in range(_CARDS):
            terminal.idle(0.3)
            terminal.type(" ")
            terminal.idle(0.3)
            terminal.type("3")
        terminal.idle(3.0)  # by now torch would be loaded, were it loaded here
        return terminal.resident()
