"""A long series of points kept short: evenly thinned, the newest always there.

Promise: never more than `most` points, however many are added; the first and the newest are kept,
the others lie at even distances. Must not interpret what it keeps.
"""

from __future__ import annotations

from typing import Generic, TypeVar

Point = TypeVar("Point")


class Thinned(Generic[Point]):
    """Points in the order in which they were added."""

    def __init__(self, most: int) -> None:
        """Room for that many points, at least 4."""
        self._most = max(4, most)
        self._kept: list[Point] = []
        self._newest: list[Point] = []
        self._every = 1
        self._added = 0

    def add(self, point: Point) -> None:
        """One more; of those before it every second goes once there are too many."""
        self._newest.clear()
        if len(self._kept) == self._most:
            del self._kept[1::2]
            self._every *= 2
        even = self._added % self._every == 0
        (self._kept if even else self._newest).append(point)
        self._added += 1

    def take(self) -> tuple[Point, ...]:
        """What is kept, and begin anew."""
        points = self.points
        self._kept, self._newest = [], []
        self._every, self._added = 1, 0
        return points

    @property
    def points(self) -> tuple[Point, ...]:
        """What is kept, the newest last."""
        return (*self._kept, *self._newest)

    def __len__(self) -> int:
        return len(self._kept) + len(self._newest)
