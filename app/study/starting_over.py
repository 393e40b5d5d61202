"""Items that are to be learned anew: a reset stands in the log, nothing is deleted.

Promise: one transaction and one action; every review stays in the log and in the history, those
before the reset build no memory, and the items are new again. Must not choose the items.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable

from app.progress.events import EventKind, NewEvent, new_id
from app.progress.store import Store
from app.study.clock import Clock, milliseconds


def remembered(store: Store, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the items (full names) of which there is a memory."""
    with store.reading():
        keys = store.items.keys(names)
        return tuple(name for name, key in keys.items() if store.memories.get(key) is not None)


def start_over(
    store: Store, clock: Clock, names: Iterable[str], ids: Callable[[], str] | None = None
) -> int:
    """Make these items new again; how many items it was. `ids` gives the events' ids."""
    now = clock.now()
    at, day = milliseconds(now), clock.day(now)
    fresh_id = ids or (lambda: new_id(at, secrets.randbits))
    with store.transaction():
        keys = store.items.keys(names)
        wanted = {name: key for name, key in keys.items() if store.memories.get(key) is not None}
        act = fresh_id() if len(wanted) > 1 else None
        for name, key in wanted.items():
            store.log.append(
                NewEvent(fresh_id(), at, day, EventKind.RESET, item=name, payload="{}", act=act)
            )
            store.memories.put(key, None)
    return len(wanted)
