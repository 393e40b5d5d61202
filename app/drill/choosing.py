"""Which question comes next.

Promise: `next` is a pure function of the packs, the set-up, the luck and the answers before, so a
round is told again by asking again. With a seed it looks at how many answers there were and at
nothing else: everyone gets the same round. Without one, a question's difficulty follows the
estimate of ability (`app.drill.ability`): in the topics asked least, the item whose difficulty is
nearest to it, where an answer tells most. Must not measure or store.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.drill.ability import difficulty, estimate, estimate_in_topic
from app.drill.setup import Setup, by_name, eligible
from app.drill.styles import RULES
from content.compiled import ItemIndex, PackLibrary
from content.manifest import Manifest
from content.pack import Exercise, split_item_name

NEXT, ISOLATES = "next", "isolates"
_LOOKED_AT = 40
"""Candidates compared for one question, drawn by luck: so two rounds differ."""
_UNDECLARED = 1 / 3
"""How often a right answer is followed up where its item declares no follow-up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a round."""

    number: int
    """From 1."""
    name: str
    """The item's full name."""
    seed: int
    """Of its draw."""
    follows: int | None = None
    """The question that led to it."""
    because: str = ""
    """NEXT: the next step up. ISOLATES: it takes a mistake apart. Empty: on its own."""


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a question. `right` is None where it was skipped or its time ran out."""

    asked: Asked
    right: bool | None
    credit: float
    mistake: str | None = None


class Chooser:
    """Chooses the questions of one round."""

    def __init__(self, library: PackLibrary, setup: Setup, luck: int) -> None:
        """`luck` is the set-up's seed, or any number that is kept with the round."""
        self._library = library
        self._setup = setup
        self._luck = luck
        self._follow_ups = 0 if setup.items else RULES[setup.style].follow_ups
        self._known = by_name(library)
        self._eligible = eligible(library, setup)
        # An interviewer's next question may leave the topic, but not what the round is made of.
        self._may_follow = frozenset(
            entry.name for entry in eligible(library, replace(setup, topics=()))
        )
        self._manifests: dict[str, Manifest] = {m.id: m for m in library.manifests()}

    @property
    def eligible(self) -> tuple[ItemIndex, ...]:
        """Every item the round may ask, in teaching order."""
        return self._eligible

    @property
    def questions(self) -> int:
        """How many questions the round has: fewer than wanted where the packs hold fewer."""
        return min(self._setup.questions, len(self._eligible))

    def next(self, given: Sequence[Given]) -> Asked | None:
        """The question after these; None when the round has all its questions."""
        number = len(given) + 1
        if number > self.questions:
            return None
        if self._setup.seed is not None:
            name, follows, because = self._plan[number - 1]
            return Asked(number, name, self._seed(number, name), follows, because)
        before = {one.asked.name for one in given}
        chance = self._chance("choice", number)
        followed = self._follow_up(given, before, chance) if given else None
        name, because = followed or (self._fitting(given, before, chance), "")
        follows = given[-1].asked.number if because else None
        return Asked(number, name, self._seed(number, name), follows, because)

    @cached_property
    def _plan(self) -> list[tuple[str, int | None, str]]:
        """A seeded round: from easy to hard, with follow-ups that no answer changes."""
        chance = self._chance("plan", 0)
        fresh = _one_topic_at_a_time(self._eligible, chance)
        order = sorted(fresh[: self.questions], key=lambda entry: entry.level)
        plan: list[tuple[str, int | None, str]] = []
        used: set[str] = set()
        for entry in (*order, *fresh[self.questions :]):
            if len(plan) >= self.questions:
                break
            if entry.name in used:
                continue
            used.add(entry.name)
            plan.append((entry.name, None, ""))
            main = len(plan)
            for name in self._steps_up(entry)[: self._follow_ups]:
                if name not in used and len(plan) < self.questions and chance.random() < 0.5:
                    used.add(name)
                    plan.append((name, main, NEXT))
        return plan

    def _follow_up(
        self, given: Sequence[Given], before: set[str], chance: random.Random
    ) -> tuple[str, str] | None:
        """What an interviewer asks next about the same thing; None: something else."""
        last = given[-1]
        chain = 0
        for one in reversed(given):
            if not one.asked.because:
                break
            chain += 1
        if last.right is None or chain >= self._follow_ups:
            return None
        here = self._known.get(last.asked.name)
        if here is None:
            return None
        if last.right:
            return self._step_up(here, before, chance)
        return self._isolating(here, last.mistake, before)

    def _step_up(
        self, here: ItemIndex, before: set[str], chance: random.Random
    ) -> tuple[str, str] | None:
        for name in self._steps_up(here):
            if name not in before:
                return name, NEXT
        if chance.random() >= _UNDECLARED:
            return None
        harder = [
            entry
            for entry in self._eligible
            if entry.topic == here.topic
            and entry.pack == here.pack
            and entry.name not in before
            and difficulty(entry) > difficulty(here)
        ]
        return (min(harder, key=_hardness).name, NEXT) if harder else None

    def _isolating(
        self, here: ItemIndex, mistake: str | None, before: set[str]
    ) -> tuple[str, str] | None:
        easier = [
            entry
            for entry in (self._known[name] for name in self._declared(here.name))
            if entry.name not in before and difficulty(entry) < difficulty(here)
        ]
        mending = self._mending(here.pack, mistake)
        if mending is not None:
            easier += [
                entry
                for entry in self._known.values()
                if (entry.pack, entry.topic) == mending
                and entry.name in self._may_follow
                and entry.name not in before
                and difficulty(entry) <= difficulty(here)
            ]
        return (min(easier, key=_hardness).name, ISOLATES) if easier else None

    def _mending(self, pack: str, mistake: str | None) -> tuple[str, str] | None:
        """The topic that mends a mistake: (pack, topic)."""
        if mistake is None or pack not in self._manifests:
            return None
        found = self._manifests[pack].mistakes.get(mistake)
        if found is None or found.topic is None:
            return None
        other, colon, topic = found.topic.partition(":")
        return (other, topic) if colon else (pack, found.topic)

    def _fitting(self, given: Sequence[Given], before: set[str], chance: random.Random) -> str:
        """Of the topics asked least, the item that tells most about what is not known yet."""
        answers = [
            (one, self._known[one.asked.name])
            for one in given
            if one.right is not None and one.asked.name in self._known
        ]
        overall = [(difficulty(entry), one.credit) for one, entry in answers]
        asked = Counter(
            (entry.pack, entry.topic)
            for one in given
            if (entry := self._known.get(one.asked.name)) is not None
        )
        left = [entry for entry in self._eligible if entry.name not in before]
        fewest = min(asked[entry.pack, entry.topic] for entry in left)
        open_ = [entry for entry in left if asked[entry.pack, entry.topic] == fewest]
        looked_at = chance.sample(open_, min(_LOOKED_AT, len(open_)))
        anywhere = estimate(overall)
        able: dict[tuple[str, str], float] = {}

        def distance(entry: ItemIndex) -> float:
            topic = (entry.pack, entry.topic)
            if topic not in able:
                own = [
                    (difficulty(e), one.credit) for one, e in answers if (e.pack, e.topic) == topic
                ]
                found = estimate_in_topic(overall, own) if own else anywhere
                able[topic] = found.value
            return abs(difficulty(entry) - able[topic])

        return min(looked_at, key=distance).name

    def _steps_up(self, here: ItemIndex) -> list[str]:
        """The declared follow-ups that are no easier by level."""
        names = self._declared(here.name)
        return [name for name in names if self._known[name].level >= here.level]

    def _declared(self, name: str) -> list[str]:
        """The follow-ups an item declares, by full name, those that the round may ask."""
        try:
            _, item = self._library.item(name)
        except KeyError:
            return []
        if not isinstance(item, Exercise):
            return []
        pack, topic, _ = split_item_name(name)
        names = (_full(pack, topic, one) for one in item.then)
        return [name for name in names if name in self._may_follow]

    def _seed(self, number: int, name: str) -> int:
        return self._chance(name, number).getrandbits(31)

    def _chance(self, what: str, number: int) -> random.Random:
        return random.Random(f"{self._luck}:{number}:{what}")  # noqa: S311


def _full(pack: str, topic: str, written: str) -> str:
    """The full name of a follow-up written as `id`, `topic/id` or `pack:topic/id`."""
    if ":" in written:
        return written
    return f"{pack}:{written}" if "/" in written else f"{pack}:{topic}/{written}"


def _hardness(entry: ItemIndex) -> tuple[float, int]:
    return difficulty(entry), entry.position


def _one_topic_at_a_time(entries: Iterable[ItemIndex], chance: random.Random) -> list[ItemIndex]:
    """In random order, no topic a second time before every topic came once."""
    shuffled = list(entries)
    chance.shuffle(shuffled)
    turns: Counter[tuple[str, str]] = Counter()

    def numbered() -> Iterator[tuple[int, ItemIndex]]:
        for entry in shuffled:
            turns[entry.pack, entry.topic] += 1
            yield turns[entry.pack, entry.topic], entry

    return [entry for _, entry in sorted(numbered(), key=lambda pair: pair[0])]
