"""What measuring an item takes: its texts, its expressions, and the one job of a draw.

Promise: one job measures everything an item needs (truth, formula, mistakes, every figure in
every language, a formula's hidden draws). Must not draw and must not render.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.hidden import hidden_draws
from content.pack import Card, Exercise, Item, Step, Text, texts_by_language
from content.text import TextError, figures_in
from engine.protocol import Job, Measure, Rerun
from engine.values import Scalar

Draw = tuple[tuple[str, Scalar], ...]

_SECONDS = 10.0


def item_texts(item: Item) -> Iterator[tuple[str, Text, str | None]]:
    """Every text a learner may read: (where it stands, text, condition under which it shows)."""
    if isinstance(item, Card):
        yield "front", item.front, None
        yield "back", item.back, None
    else:
        yield "question", item.question, None
        for n, option in enumerate(item.options):
            yield f"options.{n}.text", option.text, None
            if option.why is not None:
                yield f"options.{n}.why", option.why, None
        if item.steps is not None and not isinstance(item.steps, tuple):
            yield "steps", item.steps, None
        for n, step in enumerate(item.steps if isinstance(item.steps, tuple) else ()):
            if step.label is not None:
                yield f"steps.{n}.label", step.label, None
        for n, point in enumerate(item.points):
            yield f"points.{n}", point, None
        for n, mistake in enumerate(item.mistakes):
            # The condition of a tensor's mistake is about inputs, which no text can name.
            yield f"mistakes.{n}.why", mistake.why, None if item.inputs else mistake.when
    for n, hint in enumerate(item.hints):
        yield f"hints.{n}", hint, None


def _figure_sources(text: Text) -> Iterator[str]:
    for form in texts_by_language(text).values():
        try:
            yield from (figure.source for figure in figures_in(form))
        except TextError:
            continue  # reported by the check; the text then shows as it stands


def _measures(item: Item) -> Iterator[Measure]:
    if isinstance(item, Exercise):
        if item.measure is not None:
            yield Measure("measure", item.measure)
        if item.solution is not None:
            yield Measure("solution", item.solution)
        for n, mistake in enumerate(() if item.inputs else item.mistakes):
            yield Measure(f"mistakes.{n}", mistake.value, mistake.when)
        for n, option in enumerate(item.options):
            if isinstance(option.right, str):
                yield Measure(f"options.{n}", option.right)
        for n, step in enumerate(item.steps if isinstance(item.steps, tuple) else ()):
            if isinstance(step, Step):
                yield Measure(f"steps.{n}", step.show)
    for where, text, when in item_texts(item):
        prefix = where.removesuffix(".why") if when is not None else "text"
        for source in _figure_sources(text):
            yield Measure(f"{prefix}:{source}", source, when)


def job_for(
    item: Item,
    seed: int,
    drawn: Draw = (),
    *,
    device: str = "auto",
    trace: bool = True,
    hidden: bool = True,
) -> Job:
    """The one job that measures everything about this draw; with `hidden` draws a formula too can
    be judged."""
    measures = {measure.key: measure for measure in _measures(item)}
    reruns: tuple[Rerun, ...] = ()
    if hidden and isinstance(item, Exercise) and item.kind == "formula":
        again = tuple(m for m in measures.values() if _told_of_a_formula(m.key, item))
        reruns = tuple(Rerun(draw, again) for draw in hidden_draws(item, drawn))
    return Job(
        measures=tuple(measures.values()),
        names=drawn,
        lets=tuple(item.let.items()),
        seed=seed,
        device=device,
        seconds=_SECONDS,
        trace=trace,
        reruns=reruns,
    )


def _told_of_a_formula(key: str, item: Exercise) -> bool:
    """Whether a measure is asked for on every hidden draw: the truth, and what mistakes give and
    say."""
    if key.startswith("text:"):
        source = key.removeprefix("text:")
        return any(source in _figure_sources(mistake.why) for mistake in item.mistakes)
    return key == "measure" or key.startswith("mistakes.")
