"""From an item and a seed to what a learner meets: draw, one job, rendered texts, the truth.

Promise: one job measures everything an item needs (truth, formula, mistakes, every figure in
every language), so a language switch measures nothing. `pack check` and the study loop use this
very code, so a check proves what the learner will see. Must not talk to the engine itself.

Values are measured in the exercise's own `unit`: with `unit: MiB` the expression yields MiB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from content.jobs import Draw, item_texts, job_for
from content.pack import (
    Card,
    Exercise,
    Item,
    Option,
    Text,
    Tolerance,
    in_language,
    texts_by_language,
)
from content.text import Document, plain, render
from engine.draw import draw
from engine.expression import filled
from engine.protocol import Failure, Job, Measured, Skipped, Trace
from engine.values import TensorValue, Value
from engine.verdict import Choice, HiddenDraw, KnownMistake, Truth, applicable

__all__ = [
    "STUDIED_KINDS",
    "Draw",
    "Prepared",
    "SolutionLine",
    "WorkedSolution",
    "draw_item",
    "item_texts",
    "job_for",
    "kind_of",
]

STUDIED_KINDS = frozenset(
    {"card", "number", "shape", "choice", "several", "term", "self", "formula", "layer", "tensor"}
)
"""Kinds the study loop can show and judge."""

Values = Mapping[str, Value | Failure | Skipped]


def draw_item(name: str, item: Item, seed: int) -> Draw:
    """The drawn values of `item` under `seed`; empty for cards and fixed exercises.

    Raises `engine.expression.Refused` where `where` cannot be met.
    """
    if isinstance(item, Card) or not item.draw:
        return ()
    return tuple(draw(name, seed, item.draw, item.where).items())


def kind_of(item: Item) -> str:
    """ "card", or the exercise's kind."""
    return "card" if isinstance(item, Card) else item.kind


@dataclass(frozen=True, slots=True)
class SolutionLine:
    """One line of a worked solution: `3 · 3 · 64`, 576, what it counts."""

    expression: str
    value: Value
    label: Document


@dataclass(frozen=True, slots=True)
class WorkedSolution:
    """How the answer comes about.

    `text` is the author's prose; `formula` the solution as written, `filled_in` with this draw's
    numbers; `stated` is the formula's value and `measured` the engine's.
    """

    text: Document
    lines: tuple[SolutionLine, ...]
    formula: str
    filled_in: str
    stated: Value
    measured: Value


@dataclass(frozen=True)
class Prepared:
    """An item under one draw, measured; texts in every language on demand."""

    name: str
    topic_title: Text
    item: Item
    seed: int
    draw: Draw
    job: Job
    measured: Measured

    @cached_property
    def values(self) -> Mapping[str, Value | Failure | Skipped]:
        """What was measured, by measure key."""
        return {
            measure.key: value
            for measure, value in zip(self.job.measures, self.measured.values, strict=True)
        }

    @cached_property
    def _figures(self) -> Mapping[str, Value | Failure | Skipped]:
        return {k.removeprefix("text:"): v for k, v in self.values.items() if k.startswith("text:")}

    @property
    def trace(self) -> Trace | None:
        """Named steps and the per-layer table."""
        return self.measured.trace

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Everything that could not be measured; empty for a sound item."""
        return tuple(v for v in self.measured.values if isinstance(v, Failure))

    @property
    def exercise(self) -> Exercise:
        """The item as an exercise; TypeError for a card."""
        if isinstance(self.item, Card):
            raise TypeError(f"{self.name} is a card")
        return self.item

    def _render(self, text: Text, language: str) -> Document:
        return render(in_language(text, language), self._figures, language)

    def front(self, language: str) -> Document:
        """A card's question."""
        return self._render(self._card.front, language)

    def back(self, language: str) -> Document:
        """A card's answer."""
        return self._render(self._card.back, language)

    @property
    def _card(self) -> Card:
        if not isinstance(self.item, Card):
            raise TypeError(f"{self.name} is no card")
        return self.item

    def question(self, language: str) -> Document:
        """An exercise's question, or a card's front."""
        if isinstance(self.item, Card):
            return self.front(language)
        return self._render(self.item.question, language)

    def hints(self, language: str) -> tuple[Document, ...]:
        """From a question back to the formula with one piece missing."""
        return tuple(self._render(hint, language) for hint in self.item.hints)

    def options(self, language: str) -> tuple[Document, ...]:
        """The answers to choose from, in this draw's order."""
        return tuple(self._render(option.text, language) for _, option in self._options)

    @cached_property
    def _options(self) -> tuple[tuple[int, Option], ...]:
        """Options with their places in the pack, in an order of the seed's own.

        A place in a list must not give an answer away, nor be learned in its stead.
        """
        placed = list(enumerate(self.exercise.options))
        placed.sort(key=lambda one: sha256(f"{self.name} {self.seed} {one[0]}".encode()).digest())
        return tuple(placed)

    def points(self, language: str) -> tuple[Document, ...]:
        """The key points of a `self` exercise."""
        return tuple(self._render(point, language) for point in self.exercise.points)

    def why(self, mistake: str, language: str, at: int | None = None) -> Document:
        """What the learner did, with this draw's numbers or with those of the hidden draw `at`;
        empty if the mistake has no text."""
        values = self.values if at is None else {**self.values, **self._hidden_values[at][1]}
        for n, known in enumerate(self.exercise.mistakes):
            prefix = f"mistakes.{n}"
            if known.id == mistake and not isinstance(values.get(prefix), Skipped):
                figures = {
                    key.removeprefix(start): value
                    for start in ("text:", f"{prefix}:")
                    for key, value in values.items()
                    if key.startswith(start)
                }
                return render(in_language(known.why, language), figures, language)
        for option in self.exercise.options:
            if option.mistake == mistake and option.why is not None:
                return self._render(option.why, language)
        return ()

    def option_why(self, option: int, language: str) -> Document:
        """The author's word on the option at that place in `options`; empty if there is none."""
        why = self._options[option][1].why
        return () if why is None else self._render(why, language)

    @cached_property
    def truth(self) -> Truth:
        """What an answer is judged against; its mistakes are those that apply and differ."""
        exercise = self.exercise
        value = self._measured_value()
        tolerance = exercise.tolerance
        both = tolerance if isinstance(tolerance, Tolerance) else None
        truth = Truth(
            kind=exercise.kind,
            value=value,
            tolerance=both.relative if both else _relative(tolerance),
            absolute=both.absolute if both else 0.0,
            exact=exercise.exact,
            unit=exercise.unit,
            dtype=value.dtype if isinstance(value, TensorValue) else None,
            mistakes=self._known_mistakes(),
            options=self._choices(),
            accept=tuple(f for text in exercise.accept for f in texts_by_language(text).values()),
            points=len(exercise.points),
            hidden=self._hidden() if exercise.kind == "formula" else (),
            program=(exercise.solution if exercise.kind == "formula" else exercise.example) or "",
        )
        return replace(truth, mistakes=applicable(truth))

    def _measured_value(self) -> Value:
        found = self.values.get("measure", self.values.get("solution"))
        return None if isinstance(found, Failure | Skipped) else found

    def _known_mistakes(self) -> tuple[KnownMistake, ...]:
        return tuple(known for known in self._mistakes_in(self.values) if known is not None)

    def _mistakes_in(self, values: Values) -> tuple[KnownMistake | None, ...]:
        """The mistakes in the exercise's order; None for one that does not apply."""
        known: list[KnownMistake | None] = []
        for n, mistake in enumerate(self.exercise.mistakes):
            value = values.get(f"mistakes.{n}", Skipped())
            if isinstance(value, Failure | Skipped):
                known.append(None)
            else:
                known.append(KnownMistake(mistake.id, value))
        return tuple(known)

    @cached_property
    def _hidden_values(self) -> tuple[tuple[Draw, Values], ...]:
        """What a formula is held against; a draw that could not be measured proves nothing."""
        sets = [(self.draw, self.values)]
        if self.job.reruns:
            sets = [
                (rerun.names, dict(zip((m.key for m in rerun.measures), values, strict=True)))
                for rerun, values in zip(self.job.reruns, self.measured.reruns, strict=True)
            ]
        return tuple(one for one in sets if not isinstance(one[1].get("measure"), Failure))

    def _hidden(self) -> tuple[HiddenDraw, ...]:
        return tuple(self.hidden_draw(names, values) for names, values in self._hidden_values)

    def hidden_draw(self, names: Draw, values: Values) -> HiddenDraw:
        """One draw a formula is held against."""
        return HiddenDraw(names, _value(values.get("measure")), self._mistakes_in(values))

    def _choices(self) -> tuple[Choice, ...]:
        choices = []
        for n, option in self._options:
            right = self.values[f"options.{n}"] if isinstance(option.right, str) else option.right
            texts = tuple(
                plain(render(form, self._figures, language or "en"), language or "en")
                for language, form in texts_by_language(option.text).items()
            )
            right = right.data if isinstance(right, TensorValue) else right
            choices.append(Choice(texts, right is True, option.mistake))
        return tuple(choices)

    def solution(self, language: str) -> WorkedSolution:
        """The worked solution of this draw."""
        exercise, names = self.exercise, dict(self.draw)
        steps = exercise.steps
        lines = []
        for n, step in enumerate(steps if isinstance(steps, tuple) else ()):
            value = self.values[f"steps.{n}"]
            label = self._render(step.label, language) if step.label is not None else ()
            shown = filled(step.show, names, exercise.let, pytorch=False)
            lines.append(SolutionLine(shown, _value(value), label))
        formula = exercise.solution or ""
        return WorkedSolution(
            text=self._render(steps, language)
            if steps is not None and not isinstance(steps, tuple)
            else (),
            lines=tuple(lines),
            formula=filled(formula, {}, pytorch=False) if _readable(formula) else "",
            filled_in=filled(formula, names, pytorch=False) if formula else "",
            stated=_value(self.values.get("solution")),
            measured=_value(self.values.get("measure")),
        )


def _value(found: Value | Failure | Skipped) -> Value:
    return None if isinstance(found, Failure | Skipped) else found


def _readable(formula: str) -> bool:
    """A formula of one case, or of two, reads well; more cases are clearer with numbers in."""
    return bool(formula) and formula.count(" if ") <= 1


def _relative(tolerance: float | Tolerance | None) -> float | None:
    return None if tolerance is None or isinstance(tolerance, Tolerance) else float(tolerance)
