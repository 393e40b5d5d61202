"""What a learner says of an item, apart from answers, and what that amounts to.

Promise: pure. The newest word in force decides, each kind for itself; a payload that cannot be
read says nothing. Must not read a database or a clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.progress.events import FLAGS, PLAIN, EventKind, Order, Standing, Turns


@dataclass(frozen=True, slots=True)
class Said:
    """An event of a kind in `SAID`."""

    order: Order
    kind: EventKind
    payload: str | None


def payload_of(kind: EventKind, standing: Standing) -> str:
    """What an event of that kind says where an item is to stand so."""
    values: dict[EventKind, dict[str, object]] = {
        EventKind.SUSPEND: {"on": standing.suspended},
        EventKind.BURY: {"until": standing.buried_until},
        EventKind.FLAG: {"flag": standing.flag},
        EventKind.NOTE: {"text": standing.note},
    }
    return json.dumps(values[kind], ensure_ascii=False)


def standing_of(said: Iterable[Said], turns: Turns) -> Standing:
    """What everything said of one item amounts to."""
    standing = PLAIN
    for one in sorted(said, key=lambda word: word.order.key()):
        if turns.in_force(one.order.id):
            standing = _after(standing, one)
    return standing


def _after(standing: Standing, said: Said) -> Standing:
    try:
        values = json.loads(said.payload or "{}")
        match said.kind:
            case EventKind.SUSPEND:
                return replace(standing, suspended=bool(values["on"]))
            case EventKind.BURY:
                return replace(standing, buried_until=max(0, int(values["until"])))
            case EventKind.FLAG:
                flag = int(values["flag"])
                return replace(standing, flag=flag if 0 <= flag <= FLAGS else 0)
            case _:
                return replace(standing, note=str(values["text"]))
    except (ValueError, TypeError, KeyError):
        return standing
