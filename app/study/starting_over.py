"""Items that are to be learned anew: their reviews are taken back, nothing is deleted.

Promise: one transaction; the log keeps every review, followed by an undo of it, and the items
are new again. Must not choose the items.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from app.progress.events import EventKind, NewEvent, new_id
from app.progress.store import Store
from app.study.clock import Clock, milliseconds


def remembered(store: Store, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the items (full names) of which there is a memory."""
    with store.reading():
        keys = ((name, store.items.key(name)) for name in names)
        return tuple(
            name for name, key in keys if key is not None and store.memories.get(key) is not None
        )


def start_over(store: Store, clock: Clock, names: Iterable[str]) -> int:
    """Take back all reviews of these items; how many items it was."""
    now = clock.now()
    at, day = milliseconds(now), clock.day(now)
    changed = 0
    with store.transaction():
        for name in names:
            key = store.items.key(name)
            if key is None or store.memories.get(key) is None:
                continue
            # The first review last: a redo then leads to a memory of that one alone.
            for review in reversed(store.log.reviews(key)):
                if review.in_force:
                    store.log.append(
                        NewEvent(
                            id=new_id(at, secrets.randbits),
                            at=at,
                            day=day,
                            kind=EventKind.UNDO,
                            target=review.order.id,
                        )
                    )
            store.memories.put(key, None)
            changed += 1
    return changed
