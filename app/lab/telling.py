"""A training run in words: how far it is, how it went.

Promise: the same words on every surface. Must not draw and must not style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.values import RunValue

if TYPE_CHECKING:
    from app.lab.session import Entry
    from app.locale import Locale


def progress_words(entry: Entry, say: Locale) -> str:
    """`step 40 of 200, loss 0.43`, after the name of the run where it has one."""
    loss = f"{entry.points[-1][1]:.4g}" if entry.points else "-"
    words = say("lab.step", step=say.number(entry.step), steps=say.number(entry.steps), loss=loss)
    own = ("", entry.name, *(measure.key for measure in entry.measures))
    return words if entry.under_way in own else say("lab.run.of", name=entry.under_way, told=words)


def runs_told(value: object, say: Locale, names: tuple[str, ...] = ()) -> list[str]:
    """How a training run went, in a line or two; of several, each after its label; empty for
    anything that is no run."""
    from content.text.pictures import labels_of, runs_in

    runs = runs_in(value)
    if len(runs) < 2:
        return [words for run in runs for words in _run_words(run, say)]
    told = []
    for label, run in zip(labels_of(runs, names), runs, strict=True):
        words = say("lab.run.and").join(_run_words(run, say))
        told.append(say("lab.run.of", name=label, told=words))
    return told


def _run_words(run: RunValue, say: Locale) -> list[str]:
    """How a training run went, in a line or two."""
    parts = []
    if run.steps:
        parts.append(
            say(
                "lab.run.loss",
                steps=say.number(run.steps[-1]),
                first=f"{run.losses[0]:.4g}",
                last=f"{run.losses[-1]:.4g}",
            )
        )
    if run.validation_losses:
        first, last = f"{run.validation_losses[0]:.4g}", f"{run.validation_losses[-1]:.4g}"
        parts.append(say("lab.run.validation", first=first, last=last))
    shares = run.validation_accuracies or run.accuracies
    if shares:
        parts.append(say("lab.run.accuracy", value=f"{shares[-1]:.3g}"))
    words = [" · ".join(parts)] if parts else []
    if run.ended:
        key = "lab.run.ended" if run.ended_where else "lab.run.ended-nowhere"
        words.append(say(key, what=run.ended, step=run.ended_at, where=run.ended_where))
    return words
