"""Resident memory of the interface process while studying 100,000 installed cards."""

from __future__ import annotations

from tests.benchmarks.large_home import FRONT, copy_of, large_home
from tests.benchmarks.places import GRADUS, environment
from tests.benchmarks.report import Row
from tests.benchmarks.terminal import Terminal

_CARDS = 20
_GOAL = 100.0


def run() -> list[Row]:
    """One row."""
    home = copy_of(large_home(), "home-memory")
    with Terminal((GRADUS, "study"), environment(home)) as terminal:
        terminal.wait(FRONT)
        for _ in range(_CARDS):
            terminal.idle(0.3)
            terminal.type(" ")
            terminal.idle(0.3)
            terminal.type("3")
        terminal.idle(3.0)  # by now torch would be loaded, were it loaded here
        resident = terminal.resident()
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
