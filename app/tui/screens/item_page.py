"""What an item looks like on a page, whoever asks it: options, notes, hints.

Promise: functions from a page's state to its widgets; called again they show the same. Must not
change the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import program_text
from app.locale import Locale, listed_names
from app.tui.widgets.document import DocumentView
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.options import OptionsView
from content.text import Paragraph, Span
from engine.programs import PROGRAM_KINDS
from engine.protocol import TraceStep

if TYPE_CHECKING:
    from app.study.views import Shown
    from app.tui.screens.choosing import ChoosingPage
    from content.text import Document
    from engine.protocol import Failure
    from engine.truth import Choice


def fill_options(screen: ChoosingPage) -> None:
    """Options to choose from, points to tick; marked once they were judged."""
    shown, options = screen.shown, screen.query_one(OptionsView)
    kind = "" if shown is None else shown.kind
    if shown is None or screen.phase == "paused":
        options.show(None)
    elif kind in ("choice", "several"):
        if screen.phase == "question":
            count = len(shown.prepared.exercise.options)
            options.show(shown.prepared.options, count, several=kind == "several")
        elif screen.phase == "judged":
            options.mark(option_marks(shown.prepared.truth.options, options.chosen))
    elif kind == "self" and screen.phase == "points":
        count = len(shown.prepared.exercise.points)
        options.show(shown.prepared.points, count, several=True, numbered=True)
    elif not (kind == "self" and screen.phase == "judged"):
        options.show(None)


def option_marks(options: tuple[Choice, ...], chosen: frozenset[int]) -> dict[int, tuple[str, str]]:
    """Right options as right, chosen wrong ones as wrong."""
    marks = {}
    for n, choice in enumerate(options):
        if choice.right:
            marks[n] = ("✓", "$success")
        elif n in chosen:
            marks[n] = ("✗", "$error")
    return marks


def completions(shown: Shown) -> list[str]:
    """What the field for programs completes."""
    return program_text.completions(shown.prepared, listed_names())


def fill_note(screen: ChoosingPage) -> None:
    """What a program may be written with, while one is asked for."""
    view, shown = screen.query_one("#program-note", DocumentView), screen.shown
    if shown is None or shown.kind not in PROGRAM_KINDS or screen.phase != "question":
        view.show(None)
        return

    def document(language: str) -> Document:
        words = program_text.program_note(shown.prepared, Locale(language))
        return (Paragraph((Span(words, "emphasis"),)),)

    view.show(document, apart=True)


def fill_hints(screen: ChoosingPage) -> None:
    """The hints given so far."""
    shown, given = screen.shown, screen.hints
    view = screen.query_one("#hints", DocumentView)
    if shown is None or not given or screen.phase == "paused":
        view.show(None)
        return

    def document(language: str) -> Document:
        return tuple(block for hint in shown.prepared.hints(language)[:given] for block in hint)

    view.show(
        document,
        lead=lambda: line((screen.say("tui.study.hint"), "$warning")),
        apart=True,
    )


def own_step(step: TraceStep) -> bool:
    """The author's bindings and the measurement; not every figure and every mistake."""
    return step.name == "measure" or (step.name.isidentifier() and step.name != "solution")


def tell_failure(screen: ChoosingPage, item: str, failure: Failure) -> None:
    """That the engine could not measure an item, why, and what to do."""
    from engine.messages import describe

    screen.query_one(Notice).tell(
        lambda: (
            screen.say("tui.study.not-measured", item=item)
            + describe(failure, screen.say.language)
            + screen.say(
                "tui.study.not-measured-do",
                skip=screen.key_of("skip") or screen.key_of("drill-skip"),
            )
        ),
        Tone.PROBLEM,
    )
