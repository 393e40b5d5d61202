"""A session of the lab: names, entries and what depends on what.

Promise: each entry is one job holding only the bindings it needs; an outcome that is no longer
asked for changes nothing; a definition that fails leaves the name as it was. Must not talk to the
engine and must not wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.lab.sliders import Slider
from app.lab.statements import Statement
from engine.expression import (
    Refused,
    calls_in,
    evaluate_scalar,
    names_in,
    over_limit,
    refused,
)
from engine.protocol import Failure, Job, Measure, Measured, Outcome, Progress, Skipped
from engine.values import Scalar, Value

VALUE = "value"
"""The key of an entry's one measure."""
SECONDS = 600.0
"""Time limit of a job: a person watches it and may cancel it."""
MOST_NAMES = 200
MOST_POINTS = 1000
MOST_ENTRIES = 300
"""Older entries leave the transcript; their names stay."""

Points = list[tuple[int, float]]


@dataclass(eq=False, slots=True)
class Entry:
    """What was asked and what came of it.

    `measures` is one, but for an item's own entry. `was` is the value before a change of a name
    or slider it depends on. While it runs, `points` and `validation` grow.
    """

    number: int
    measures: tuple[Measure, ...]
    name: str | None = None
    item: bool = False
    running: bool = False
    replaced: bool = False
    depends: bool = False
    """Whether it uses names of the session."""
    outcome: Outcome | None = None
    was: Value | None = None
    drawn: Value | None = None
    """The value with every slider where it began."""
    points: Points = field(default_factory=list)
    validation: Points = field(default_factory=list)
    step: int = 0
    steps: int = 0
    note: str = ""
    run: int = 0
    under_way: str = ""
    """The key of what is measured now, and which run of it."""
    ticket: int = 0

    @property
    def source(self) -> str:
        """The expression."""
        return self.measures[0].source

    @property
    def text(self) -> str:
        """As it was typed."""
        return f"{self.name} = {self.source}" if self.name else self.source

    @property
    def value(self) -> Value | Failure | None:
        """The value, or why there is none; None also while nothing is known."""
        if not isinstance(self.outcome, Measured):
            return self.outcome
        value = self.outcome.values[0] if self.outcome.values else None
        return None if isinstance(value, Skipped) else value

    @property
    def failure(self) -> Failure | None:
        """Why there is no value, if so."""
        value = self.value
        return value if isinstance(value, Failure) else None

    @property
    def cancelled(self) -> bool:
        """Whether a person stopped it."""
        return self.failure is not None and self.failure.code == "cancelled"

    @property
    def seconds(self) -> float:
        """How long the engine took."""
        return self.outcome.seconds if isinstance(self.outcome, Measured) else 0.0


class LabSession:
    """Names, sliders and entries."""

    def __init__(self, *, seed: int = 0, device: str = "auto") -> None:
        self.seed = seed
        self.device = device
        self.entries: list[Entry] = []
        self.bindings: dict[str, str] = {}
        self.sliders: dict[str, Slider] = {}
        self.where: str | None = None
        """The condition an item's draw meets, if it has one."""
        self._numbers = 0
        self._pending: dict[int, tuple[str, str]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may be used."""
        return (*self.sliders, *self.bindings)

    @property
    def newest(self) -> int:
        """The number of the newest entry; 0 before the first."""
        return self._numbers

    @property
    def running(self) -> bool:
        """Whether any entry waits for its outcome."""
        return any(entry.running for entry in self.entries)

    # What is typed

    def add(self, statement: Statement) -> tuple[Entry, ...]:
        """A new entry; the entries to be asked for now, in order. Raises Refused."""
        name = statement.name
        if name is not None and name in self.sliders and statement.slider is None:
            constant = _constant(statement.source)
            if constant is not None:
                return self.slide(self.sliders[name].at(constant))
        if name is not None and name not in self.names and len(self.names) >= MOST_NAMES:
            raise over_limit("names-full", limit=MOST_NAMES).located(statement.text, name)
        if statement.slider is not None:
            return self._add_slider(statement.slider)
        if name is not None:
            self._refuse_circle(name, statement.source)
        entry = self._entry((Measure(VALUE, statement.source),), name)
        if name is not None:
            self._pending[entry.number] = (name, statement.source)
        return (entry,)

    def add_refused(self, text: str, refusal: Refused) -> Entry:
        """An entry for what could not even be read."""
        entry = self._entry((Measure(VALUE, text),), None)
        entry.outcome = refusal.failure(text)
        return entry

    def add_item(self, measures: Iterable[Measure]) -> Entry:
        """An item's own measures, as one entry."""
        entry = self._entry(tuple(measures), None)
        entry.item = True
        return entry

    def _entry(self, measures: tuple[Measure, ...], name: str | None) -> Entry:
        self._numbers += 1
        entry = Entry(self._numbers, measures, name)
        self.entries.append(entry)
        del self.entries[:-MOST_ENTRIES]
        return entry

    def _add_slider(self, slider: Slider) -> tuple[Entry, ...]:
        self.bindings.pop(slider.name, None)
        self._replace_entries(slider.name, None)
        self.sliders[slider.name] = slider
        return self._ask_dependents(slider.name)

    # Sliders

    def slide(self, slider: Slider) -> tuple[Entry, ...]:
        """Move a slider; the entries that depend on it, to be asked for anew."""
        before = self.sliders.get(slider.name)
        self.sliders[slider.name] = slider
        if before is not None and before.value == slider.value:
            return ()
        return tuple(self._dependents(slider.name))

    @property
    def moved(self) -> bool:
        """Whether any slider stands elsewhere than at first."""
        return any(slider.changed for slider in self.sliders.values())

    # Jobs and outcomes

    def ask(self, entry: Entry) -> tuple[int, Job]:
        """The job of an entry, and the ticket with which its outcome comes back."""
        entry.ticket += 1
        entry.running = True
        entry.points, entry.validation, entry.step, entry.steps = [], [], 0, 0
        entry.run, entry.under_way, entry.note = 0, "", ""
        needed = [name for name in self._closure(entry.measures) if name != entry.name]
        entry.depends = bool(needed)
        lets = [(name, self.bindings[name]) for name in needed if name in self.bindings]
        measures = entry.measures
        if entry.name is not None:
            # Bound under its own name, so that its random numbers are those of the binding.
            lets.append((entry.name, entry.source))
            measures = (Measure(VALUE, entry.name),)
        names = tuple((n, s.value) for n, s in self.sliders.items() if n in needed)
        job = Job(measures, names, tuple(lets), self.seed, self.device, seconds=SECONDS, trace=True)
        return entry.ticket, job

    def progressed(self, entry: Entry, ticket: int, word: Progress) -> bool:
        """Keep a word of progress; whether it is about what is asked for now."""
        if entry.ticket != ticket or not entry.running:
            return False
        if word.run != entry.run or word.key != entry.under_way:
            entry.run, entry.under_way = word.run, word.key
            entry.points, entry.validation = [], []
        entry.points = _thinned(entry.points + list(word.points))
        entry.validation = _thinned(entry.validation + list(word.validation))
        entry.step, entry.steps, entry.note = word.step, word.steps, word.note
        return True

    def settle(self, entry: Entry, ticket: int, outcome: Outcome) -> tuple[Entry, ...]:
        """Keep an outcome; the entries to be asked for next, because a name means another thing.

        An outcome that is no longer asked for is dropped.
        """
        if entry.ticket != ticket:
            return ()
        before = entry.value
        entry.running, entry.outcome = False, outcome
        self._compare(entry, before)
        pending = self._pending.pop(entry.number, None)
        if pending is None or entry.failure is not None:
            return ()
        name, source = pending
        self.sliders.pop(name, None)
        self.bindings.pop(name, None)
        self.bindings[name] = source
        self._replace_entries(name, entry)
        return self._ask_dependents(name, but=entry)

    def _compare(self, entry: Entry, before: Value | Failure | None) -> None:
        value = entry.value
        if isinstance(value, Failure):
            return
        used = {*self._closure(entry.measures)}
        slid = [s for name, s in self.sliders.items() if name in used]
        if not any(slider.changed for slider in slid):
            entry.drawn = value
        if slid:
            entry.was = entry.drawn if entry.drawn != value else None
        elif not isinstance(before, Failure) and before is not None and before != value:
            entry.was = before

    def _ask_dependents(self, name: str, but: Entry | None = None) -> tuple[Entry, ...]:
        return tuple(entry for entry in self._dependents(name) if entry is not but)

    def _replace_entries(self, name: str, by: Entry | None) -> None:
        for entry in self.entries:
            if entry.name == name and entry is not by:
                entry.replaced = True
                entry.ticket += 1
                entry.running = False
                self._pending.pop(entry.number, None)

    # What depends on what

    def _dependents(self, name: str) -> Iterator[Entry]:
        for entry in self.entries:
            if not entry.replaced and name in self._closure(entry.measures):
                yield entry

    def _closure(self, measures: Iterable[Measure]) -> dict[str, None]:
        """Every name the measures depend on, those that others need before them."""
        found: dict[str, None] = {}
        open_names: set[str] = set()

        def visit(source: str) -> None:
            for name in sorted(_used(source)):
                if name in found or name in open_names:
                    continue
                if name in self.bindings:
                    open_names.add(name)
                    visit(self.bindings[name])
                    found[name] = None
                elif name in self.sliders:
                    found[name] = None

        for measure in measures:
            visit(measure.source)
        return found

    def _refuse_circle(self, name: str, source: str) -> None:
        path = self._path(name, source, frozenset())
        if path is not None:
            words = " → ".join((name, *path))
            raise refused("circular-binding", name=name, path=words).located(source, name)

    def _path(self, name: str, source: str, seen: frozenset[str]) -> tuple[str, ...] | None:
        """From an expression back to a name by way of bindings; None if it does not lead there."""
        used = _used(source)
        if name in used:
            return (name,)
        for other in sorted(used):
            if other in self.bindings and other not in seen:
                path = self._path(name, self.bindings[other], seen | {other})
                if path is not None:
                    return (other, *path)
        return None

    def meets_condition(self) -> bool:
        """Whether the item would draw these values together."""
        if self.where is None:
            return True
        names = {name: slider.value for name, slider in self.sliders.items()}
        try:
            return bool(evaluate_scalar(self.where, names))
        except Refused:
            return False


def _thinned(points: Points) -> Points:
    """At most so many points, the first and the last among them."""
    while len(points) > MOST_POINTS:
        points = [*points[:-1:2], points[-1]]
    return points


def _used(source: str) -> frozenset[str]:
    try:
        return names_in(source) | calls_in(source)
    except Refused:
        return frozenset()


def _constant(source: str) -> Scalar | None:
    """The plain number, text or truth value that a source is; None if it is anything else."""
    from engine.expression import evaluate_scalar

    if _used(source):
        return None
    try:
        value = evaluate_scalar(source, {})
    except Refused:
        return None
    return None if isinstance(value, tuple) else value
