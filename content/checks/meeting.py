"""Which mistakes apply on which draws, and where they meet.

Promise: one rule: a mistake applies where its `when` holds and its value differs from the truth.
Must not report anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from content.pack import Exercise
from content.prepare import Draw, Prepared
from engine.closeness import same_value
from engine.protocol import Failure, Skipped
from engine.values import Value


@dataclass(slots=True)
class Met:
    """What happened to an exercise's mistakes, by their index, over its draws.

    `pairs` are different mistakes that gave the same answer, with each draw and that answer;
    `twice` are two values under one id, with the first draw that shows it.
    """

    draws: int = 0
    applied: set[int] = field(default_factory=set)
    pairs: dict[tuple[int, int], list[tuple[Draw, Value]]] = field(default_factory=dict)
    twice: dict[tuple[int, int], Draw] = field(default_factory=dict)


def met(prepared: Iterable[Prepared], exercise: Exercise) -> Met:
    """Looks at every draw on which everything could be measured."""
    found = Met()
    for one in prepared:
        if one.failures:
            continue
        found.draws += 1
        applying = list(_applying(one, exercise))
        found.applied.update(n for n, _ in applying)
        for at, (later, value) in enumerate(applying):
            for earlier, other in applying[:at]:
                same_id = exercise.mistakes[earlier].id == exercise.mistakes[later].id
                same = same_value(value, other, one.truth)
                if same and not same_id:
                    found.pairs.setdefault((earlier, later), []).append((one.draw, value))
                elif same_id and not same:
                    found.twice.setdefault((earlier, later), one.draw)
    return found


def _applying(prepared: Prepared, exercise: Exercise) -> Iterator[tuple[int, Value]]:
    truth = prepared.truth
    for n in range(len(exercise.mistakes)):
        value = prepared.values[f"mistakes.{n}"]
        if not isinstance(value, Failure | Skipped) and not same_value(value, truth.value, truth):
            yield n, value
