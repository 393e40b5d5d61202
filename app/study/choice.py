"""What a session is to bring, as a person chose it.

Promise: plain data that survives JSON, every filter narrows, an empty one leaves open what it
would narrow. Must not read packs, progress or a clock: days are counted back or ahead from
whenever the choice is used.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

_SETS = ("topics", "packs", "tags", "kinds", "levels")


@dataclass(frozen=True, slots=True)
class Choice:
    """What to study. Without any filter it is everything due and new, as always."""

    topics: frozenset[str] = frozenset()
    """Packs, chapters, topics or beginnings of topics: `cnn`, `foundations:loss`, `act.relu`."""
    packs: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    """"card" or kinds of exercises."""
    levels: frozenset[int] = frozenset()
    weak: bool = False
    """Only weak spots: forgotten after they were learned, or wrong twice lately, and not yet held
    for three weeks."""
    mistaken_since: int | None = None
    """Only what was answered wrongly in so many study days, today among them: 7 is a week."""
    ahead_days: int = 0
    """Also what falls due within so many days: a review like any other, only early."""
    beyond: bool = False
    """Whether today's limits of new and due items do not hold."""
    names: frozenset[str] | None = None
    """Only these items, by full name: each comes, whether due or not, whatever the limits."""
    query: str | None = None
    """What was searched for to find `names`: told to the person, not searched again."""
    minutes: int | None = None
    limit: int | None = None
    """Answers at most."""

    @property
    def narrows(self) -> bool:
        """Whether anything is left out, or brought that would not come by itself."""
        plain = replace(self, minutes=None, limit=None, query=None)
        return plain != Choice()

    @property
    def repeats(self) -> bool:
        """Whether it asks for items that may not be due: those are practice."""
        return self.weak or self.mistaken_since is not None or self.names is not None

    @property
    def unlimited(self) -> bool:
        """Whether the day's limits do not hold."""
        return self.beyond or self.names is not None

    def to_json(self) -> str:
        """As `from_json` reads it."""
        stored: dict[str, Any] = asdict(self)
        for name in _SETS:
            stored[name] = sorted(stored[name])
        stored["names"] = None if self.names is None else sorted(self.names)
        return json.dumps(stored, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Choice:
        """What `to_json` wrote. Raises ValueError."""
        try:
            stored: dict[str, Any] = json.loads(text)
            for name in _SETS:
                stored[name] = frozenset(stored.get(name, ()))
            names = stored.get("names")
            stored["names"] = None if names is None else frozenset(names)
            choice = cls(**stored)
            words = choice.topics | choice.packs | choice.tags | choice.kinds
            if not all(isinstance(word, str) for word in words | (choice.names or frozenset())):
                raise ValueError(text)
            _require(choice)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(text) from error
        return choice


def _require(choice: Choice) -> None:
    """Raises ValueError where a number is none that could have been chosen."""
    numbers = (choice.mistaken_since, choice.ahead_days, choice.minutes, choice.limit)
    if any(n is not None and (type(n) is not int or n < 0) for n in numbers):
        raise ValueError(choice)
    if not all(type(level) is int for level in choice.levels):
        raise ValueError(choice)
    if type(choice.weak) is not bool or type(choice.beyond) is not bool:
        raise ValueError(choice)
    if choice.query is not None and not isinstance(choice.query, str):
        raise ValueError(choice)
