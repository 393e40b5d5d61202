"""New numbers that are new: no draw comes twice in a sitting while there are others.

Promise: an item's seed comes from its review's id, so a review can be told again from the log.
Must not measure.
"""

from __future__ import annotations

from app.study.ahead import Ask
from app.study.journal import Journal
from content.compiled import PackLibrary
from content.pack import Card
from content.prepare import Draw, draw_item
from engine.expression import Refused

_TRIES = 20
"""Ids tried for a draw not yet shown; more would cost a frame where nearly all are used up."""


class FreshDraws:
    """Asks for items under numbers this sitting has not shown, as far as there are any."""

    def __init__(self, journal: Journal, library: PackLibrary) -> None:
        self._journal = journal
        self._library = library
        self._seen: dict[str, list[Draw]] = {}

    def ask(self, name: str) -> Ask:
        """The item with a new review's id and the seed that follows from it. Raises KeyError."""
        _, item = self._library.item(name)
        first = self._new(name)
        if isinstance(item, Card) or not item.draw:
            return first
        seen = self._seen.setdefault(name, [])
        spare, spare_draw = first, None
        for ask in (first, *(self._new(name) for _ in range(_TRIES))):
            try:
                draw = draw_item(name, item, ask.seed)
            except Refused:
                return ask  # the failure is told where the item is shown
            if draw not in seen:
                seen.append(draw)
                return ask
            if draw != seen[-1]:
                spare, spare_draw = ask, draw
        if spare_draw is not None:
            seen.append(spare_draw)
        return spare

    def shown(self, name: str, draw: Draw) -> None:
        """Numbers that came back on screen by an undo count as shown."""
        self._seen.setdefault(name, []).append(draw)

    def _new(self, name: str) -> Ask:
        review = self._journal.new_id()
        return Ask(review, name, seed_of(review))


def seed_of(review: str) -> int:
    """The seed of a draw, from the random end of its review's id."""
    return int(review[-8:], 16) & 0x7FFFFFFF
