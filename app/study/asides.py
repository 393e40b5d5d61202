"""What a learner does in a sitting besides answering: undo, redo, bury, suspend, flag, note.

Promise: each is one action in the log, and the item on screen follows it. Must not judge or save
answers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from app.progress.events import Acted, EventKind
from app.study.actions import undone
from app.study.ahead import Ahead, Ask, BrokenOff
from app.study.current import Current
from app.study.fresh import FreshDraws
from app.study.journal import Journal
from app.study.leeches import Leech, leech
from app.study.picking import Picker
from app.study.queue import Planned
from app.study.recorded import draw_from_json
from app.study.tally import Tally
from app.study.views import Finished, NotMeasured, Rating, Shown, Turned

if TYPE_CHECKING:
    from app.study.session import Study


class Asides(ABC):
    """The part of a sitting that is not answering."""

    _study: Study
    _journal: Journal
    _ahead: Ahead
    _fresh: FreshDraws
    _picker: Picker
    _tally: Tally
    _asks: dict[int, Ask]
    _current: Current | None

    @abstractmethod
    def next(self) -> Shown | NotMeasured | Finished:
        """The next item."""

    @abstractmethod
    def _show(self, current: Current) -> Shown | NotMeasured:
        """Measure and show it."""

    @abstractmethod
    def _on_screen(self) -> tuple[Current, Shown]:
        """The item on screen. Raises RuntimeError where there is none."""

    def undo(self) -> Turned | None:
        """Take back the newest action, also one of an earlier session. An answer's item is shown
        again, an exercise with the same numbers; what was on screen unanswered comes after it.

        None if there is nothing to take back.
        """
        action = self._study.actions.undo()
        told = undone(action)
        if told is None:
            return None
        last, current = action[0], self._current
        if last.kind in (EventKind.FLAG, EventKind.NOTE):
            return Turned(told, self._stood_anew())
        if current is not None and not (current.answered or current.again):
            self._picker.put_back(current.planned)
        self._picker.taken(last.item)
        if last.kind is not EventKind.REVIEW:
            self._current = None
            self._come_back(action)
            return Turned(told, None)
        self._tally.remove(last.event)
        ask = Ask(self._journal.new_id(), last.name, last.seed, draw_from_json(last.draw))
        self._asks[last.item] = ask
        if ask.draw:
            self._fresh.shown(last.name, ask.draw)
        self._current = Current(ask, Planned(last.item, last.name, 0, "", False))
        try:
            shown = self._show(self._current)
        except (BrokenOff, KeyError):
            self._current = None
            return Turned(told, None)
        return Turned(told, shown if isinstance(shown, Shown) else None)

    def redo(self) -> Turned | None:
        """Bring back what was undone last. None if there is nothing, or something new was done."""
        action = self._study.actions.redo()
        told = undone(action)
        if told is None:
            return None
        if action[0].kind in (EventKind.FLAG, EventKind.NOTE):
            return Turned(told, self._stood_anew())
        current = self._current
        for one in action:
            if one.kind is EventKind.REVIEW:
                self._tally.restore(one.event)
            self._picker.taken(one.item)
            if current is not None and current.planned.item == one.item:
                self._drop()
        if action[0].kind is EventKind.RESET:
            self._come_back(action)
        return Turned(told, None)

    def bury(self) -> None:
        """Put the item on screen off until tomorrow."""
        self._study.actions.bury([self._on_screen()[1].name])
        self._drop()

    def suspend(self) -> None:
        """Bring the item on screen no more."""
        self._study.actions.suspend([self._on_screen()[1].name])
        self._drop()

    def flag(self, flag: int) -> Shown:
        """Give the item on screen that flag, 0 for none. Raises ValueError."""
        self._study.actions.flag([self._on_screen()[1].name], flag)
        return self._stood_anew() or self._on_screen()[1]

    def note(self, text: str) -> Shown:
        """Keep the learner's own words on the item on screen; empty removes them."""
        self._study.actions.note(self._on_screen()[1].name, text)
        return self._stood_anew() or self._on_screen()[1]

    def leech(self) -> Leech | None:
        """What the answer just saved makes worth telling of its item."""
        current = self._current
        if current is None or current.shown is None or current.rating is not Rating.AGAIN:
            return None
        return leech(self._study, current.shown.name)

    def reread(self) -> Shown | NotMeasured | Finished:
        """The item on screen from its pack as the pack is now, with the same numbers if it still
        can; answered or not, it is asked again."""
        current = self._current
        if current is not None and not current.answered:
            self._ahead.forget(current.ask.review)
            current.shown = None
        return self.next()

    def _drop(self) -> None:
        """The item on screen does not come now; what was answered is only left."""
        current = self._current
        if current is not None and not current.answered:
            self._current = None
            self._ahead.forget(current.ask.review)
            self._asks.pop(current.planned.item, None)
            self._picker.taken(current.planned.item)

    def _come_back(self, action: tuple[Acted, ...]) -> None:
        """A single item that may come again comes next, where it is due or new."""
        if len(action) == 1:
            one = action[0]
            new = self._journal.memory(one.item) is None
            self._picker.put_back(Planned(one.item, one.name, 0, "", new))

    def _stood_anew(self) -> Shown | None:
        """The item on screen as it stands now."""
        current = self._current
        if current is None or current.shown is None:
            return None
        standing = self._study.standing(current.shown.name)
        current.shown = replace(current.shown, standing=standing)
        return current.shown
