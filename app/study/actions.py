"""What a learner does besides answering: suspend, bury, flag, note, reset, undo, redo.

Promise: each call is one transaction and one action, however many items it is about: an undo takes
it back whole. What changes nothing is no action. Caches are what the log says afterwards. Raises
`StoreProblem` with nothing written. Must not choose the items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.progress.events import (
    FLAGS,
    PLAIN,
    SAID,
    Acted,
    EventKind,
    NewEvent,
    Standing,
    Undone,
)
from app.progress.saying import payload_of
from app.progress.store import Store
from app.study.clock import Clock, milliseconds
from app.study.starting_over import start_over

Replay = Callable[[Iterable[int]], None]
"""Writes the memories of items anew from the log."""


class Actions:
    """One learner's actions."""

    def __init__(
        self, store: Store, clock: Clock, new_id: Callable[[], str], replay: Replay
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._replay = replay
        self._awake_on: int | None = None

    def standing(self, name: str) -> Standing:
        """How the item of that name stands."""
        with self._store.reading():
            key = self._store.items.key(name)
            return PLAIN if key is None else self._store.standings.get(key)

    def suspend(self, names: Iterable[str], *, on: bool = True) -> int:
        """Bring these items no more, or again; how many it was."""
        return self._say(EventKind.SUSPEND, names, lambda old: replace(old, suspended=on))

    def bury(self, names: Iterable[str], until: int | None = None) -> int:
        """Bring these items again on that study day, by default tomorrow; how many it was."""
        day = self._clock.today() + 1 if until is None else until
        return self._say(EventKind.BURY, names, lambda old: replace(old, buried_until=day))

    def unbury(self, names: Iterable[str]) -> int:
        """Bring these items at once where they were put off; how many it was."""
        today = self._clock.today()

        def awake(old: Standing) -> Standing:
            return replace(old, buried_until=0) if old.buried_until > today else old

        return self._say(EventKind.BURY, names, awake)

    def flag(self, names: Iterable[str], flag: int) -> int:
        """Give these items that flag, 0 for none; how many it was. Raises ValueError."""
        if not 0 <= flag <= FLAGS:
            raise ValueError(f"there is no flag {flag}")
        return self._say(EventKind.FLAG, names, lambda old: replace(old, flag=flag))

    def note(self, name: str, text: str) -> bool:
        """Keep the learner's own words on an item; empty removes them. Whether that was new."""
        words = text.strip()
        return bool(self._say(EventKind.NOTE, [name], lambda old: replace(old, note=words)))

    def reset(self, names: Iterable[str]) -> int:
        """Make these items new again; how many it was."""
        return start_over(self._store, self._clock, names, self._new_id)

    def undo(self) -> tuple[Acted, ...]:
        """Take back the newest action in force; what it was, empty if there was none."""
        return self._turn(EventKind.UNDO, self._store.turning.newest)

    def redo(self) -> tuple[Acted, ...]:
        """Bring back what was undone last; empty where nothing was, or something new was done."""
        return self._turn(EventKind.REDO, self._store.turning.undone)

    def undoable(self) -> bool:
        """Whether there is something to take back."""
        with self._store.reading():
            return bool(self._store.turning.newest())

    def redoable(self) -> bool:
        """Whether there is something to bring back."""
        with self._store.reading():
            return bool(self._store.turning.undone())

    def wake(self, *, anew: bool = False) -> None:
        """Bring back what was buried until today, once a day; writes only what changes."""
        day = self._clock.today()
        if day == self._awake_on and not anew:
            return
        with self._store.reading():
            overslept = self._store.awake.overslept(day)
        if overslept:
            with self._store.transaction():
                self._store.awake.follow(self._store.awake.overslept(day), day)
        self._awake_on = day

    def _say(
        self, kind: EventKind, names: Iterable[str], wanted: Callable[[Standing], Standing]
    ) -> int:
        at, day = self._moment()
        store = self._store
        with store.transaction():
            keys = store.items.keys(names)
            known = store.standings.of([*keys.values()])
            after = {name: wanted(known.get(key, PLAIN)) for name, key in keys.items()}
            changed = {
                name: standing
                for name, standing in after.items()
                if standing != known.get(keys[name], PLAIN)
            }
            act = self._new_id() if len(changed) > 1 else None
            for name, standing in changed.items():
                payload = payload_of(kind, standing)
                store.log.append(
                    NewEvent(self._new_id(), at, day, kind, item=name, payload=payload, act=act)
                )
            store.standings.put({keys[name]: standing for name, standing in changed.items()})
            if kind in (EventKind.SUSPEND, EventKind.BURY):
                store.awake.follow([keys[name] for name in changed], day)
        return len(changed)

    def _turn(self, kind: EventKind, find: Callable[[], tuple[Acted, ...]]) -> tuple[Acted, ...]:
        at, day = self._moment()
        with self._store.transaction():
            action = find()
            act = self._new_id() if len(action) > 1 else None
            for one in action:
                self._store.log.append(
                    NewEvent(self._new_id(), at, day, kind, target=one.event, act=act)
                )
            said = sorted({one.item for one in action if one.kind in SAID})
            self.replay_standings(said, day)
            self._replay(sorted({one.item for one in action if one.kind not in SAID}))
        return action

    def replay_standings(self, items: list[int], day: int) -> None:
        """Write anew how these items stand. Needs a transaction."""
        self._store.standings.put(self._store.standings.replayed(items))
        self._store.awake.follow(items, day)

    def _moment(self) -> tuple[int, int]:
        now = self._clock.now()
        return milliseconds(now), self._clock.day(now)


def undone(action: tuple[Acted, ...]) -> Undone | None:
    """An action as it is told; None where there was none."""
    if not action:
        return None
    return Undone(action[0].kind, tuple(dict.fromkeys(one.name for one in action)))
