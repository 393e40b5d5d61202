"""What can be said of a round that is being played.

Promise: reads the round's state and nothing else. Must not change it.
"""

from __future__ import annotations

from app.drill.asking import Asking
from app.drill.setup import Setup
from app.drill.state import RoundState
from app.drill.views import Progress


class RoundFacts:
    """A round, as who plays it sees it."""

    def __init__(self, state: RoundState, asking: Asking) -> None:
        self._state = state
        self._asking = asking

    @property
    def number(self) -> int:
        """What the round is called by."""
        return self._state.number

    @property
    def setup(self) -> Setup:
        """What the round is to be."""
        return self._state.setup

    @property
    def language(self) -> str:
        """The language it was begun in."""
        return self._state.language

    @property
    def questions(self) -> int:
        """How many questions it has."""
        return self._state.made.questions

    def spent(self, number: int) -> float:
        """Seconds that were spent on a question that is closed."""
        return self._state.question(number).seconds

    @property
    def paused(self) -> bool:
        """Whether the clocks stand until `go_on`."""
        return self._state.paused

    @property
    def progress(self) -> Progress:
        """Where the round stands."""
        return self._asking.progress
