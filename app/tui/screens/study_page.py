"""What stands on the study page in each phase.

Promise: functions from the screen's state to its widgets; called again they show the same. Must
not change the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app import program_text
from app.locale import Locale, listed_names
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.bars import progress_pips
from app.tui.widgets.document import DocumentView
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.options import OptionsView
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.ratings import RatingBar
from app.tui.widgets.side import SideView
from app.tui.widgets.trace import TraceView
from content.pack import Card, in_language
from content.text import Paragraph, Span, render
from engine.programs import PROGRAM_KINDS
from engine.protocol import TraceStep

if TYPE_CHECKING:
    from app.study.views import Shown
    from app.tui.screens.study import StudyScreen
    from content.text import Document


def hint_count(shown: Shown | None) -> int:
    """How many hints the item has."""
    return 0 if shown is None else len(shown.prepared.item.hints)


def has_draw(shown: Shown | None) -> bool:
    """Whether the item can come with other numbers."""
    return (
        shown is not None
        and not isinstance(shown.prepared.item, Card)
        and bool(shown.prepared.draw)
    )


def header(screen: StudyScreen, width: int) -> tuple[Content, Content]:
    """`Parameters · exercise · level 1` and `8 of 31 · ▰▰▱▱▱▱▱▱▱▱`; the least word goes first,
    that nothing is scheduled goes last."""
    say, found = screen.say, screen.shown or screen.failed
    if found is None:
        return line(("Gradus", "bold $accent")), Content("")
    kind, level, state, short = say(f"study.kind.{found.kind}"), "", "", ""
    if screen.shown is not None:
        if found.kind != "card":
            level = say("tui.study.level", n=screen.shown.level)
        if screen.shown.practice:
            state, short = say("tui.study.practice"), say("tui.study.practice-short")
        elif screen.shown.returning:
            state = say("tui.study.returning")
        elif screen.shown.is_new:
            state = say("tui.study.new")
    title = in_language(found.topic_title, say.language)
    counted_before = screen.shown is not None and (screen.shown.practice or screen.shown.returning)
    done = found.number - (0 if counted_before or screen.phase == "judged" else 1)
    counted = say("tui.study.position", number=found.number, total=found.total)
    end = line((f"{counted}  ", "$muted"), progress_pips(done, found.total))
    left = line((title, "bold"))
    for words in ((kind, level, state), (kind, state), (kind, short or state), (short or kind,)):
        rest = "".join(f" · {word}" for word in words if word)
        fuller = line((title, "bold"), (rest, "$muted"))
        if fuller.cell_length < width - end.cell_length:
            return fuller, end
    return left, end


def fill(screen: StudyScreen) -> None:
    """Everything, for the phase the screen is in."""
    shown = screen.shown
    question = screen.query_one("#question", DocumentView)
    if shown is not None and shown.kind == "card":
        question.show(shown.prepared.front)
    elif shown is None and screen.failed is not None and screen.failed.text is not None:
        text = screen.failed.text
        question.show(lambda language: render(in_language(text, language), {}, language))
    else:
        question.show(shown.prepared.question if shown is not None else None)
    screen.query_one("#header").relay()  # type: ignore[attr-defined]
    _fill_options(screen)
    _fill_note(screen)
    fill_hints(screen)
    fill_outcome(screen)
    fill_ratings(screen)
    _fill_failure(screen)
    answered = screen.phase in ("back", "judged")
    screen.query_one(SideView).show(shown, answered=answered)


def _fill_options(screen: StudyScreen) -> None:
    shown, options = screen.shown, screen.query_one(OptionsView)
    kind = "" if shown is None else shown.kind
    if shown is None:
        options.show(None)
    elif kind in ("choice", "several"):
        if screen.phase == "question":
            count = len(shown.prepared.exercise.options)
            options.show(shown.prepared.options, count, several=kind == "several")
        elif screen.phase == "judged":
            options.mark(_marks(screen))
    elif kind == "self" and screen.phase == "points":
        count = len(shown.prepared.exercise.points)
        options.show(shown.prepared.points, count, several=True, numbered=True)
    elif not (kind == "self" and screen.phase == "judged"):
        options.show(None)


def _marks(screen: StudyScreen) -> dict[int, tuple[str, str]]:
    """Right options as right, chosen wrong ones as wrong."""
    assert screen.shown is not None
    chosen = screen.query_one(OptionsView).chosen
    marks = {}
    for n, choice in enumerate(screen.shown.prepared.truth.options):
        if choice.right:
            marks[n] = ("✓", "$success")
        elif n in chosen:
            marks[n] = ("✗", "$error")
    return marks


def completions(shown: Shown) -> list[str]:
    """What the field for programs completes."""
    return program_text.completions(shown.prepared, listed_names())


def _fill_note(screen: StudyScreen) -> None:
    """What a program may be written with, while one is asked for."""
    view, shown = screen.query_one("#program-note", DocumentView), screen.shown
    if shown is None or shown.kind not in PROGRAM_KINDS or screen.phase != "question":
        view.show(None)
        return

    def document(language: str) -> Document:
        words = program_text.program_note(shown.prepared, Locale(language))
        return (Paragraph((Span(words, "emphasis"),)),)

    view.show(document, apart=True)


def fill_hints(screen: StudyScreen) -> None:
    """The hints given so far."""
    shown, given = screen.shown, screen.hints
    view = screen.query_one("#hints", DocumentView)
    if shown is None or not given:
        view.show(None)
        return

    def document(language: str) -> Document:
        return tuple(block for hint in shown.prepared.hints(language)[:given] for block in hint)

    view.show(
        document,
        lead=lambda: line((screen.say("tui.study.hint"), "$warning")),
        apart=True,
    )


def fill_outcome(screen: StudyScreen) -> None:
    """A card's back, or the verdict with the worked solution; and the trace."""
    shown, outcome = screen.shown, screen.query_one(OutcomeView)
    traced, told = None, False
    if shown is not None and screen.phase in ("back", "points", "judged"):
        typed = "" if shown.kind in PROGRAM_KINDS else screen.query_one(AnswerField).value
        outcome.show(shown, screen.judged, typed)
        if screen.phase == "judged":
            traced = shown.prepared.measured
            told = shown.prepared.solution(screen.say.language).measured is not None
    elif shown is not None and screen.judged is not None:
        outcome.show(shown, screen.judged)
    else:
        outcome.show(None, None)
    for view in screen.query(TraceView):
        view.show(traced, _own_step, told=told)


def _own_step(step: TraceStep) -> bool:
    """The author's bindings and the measurement; not every figure and every mistake."""
    return step.name == "measure" or (step.name.isidentifier() and step.name != "solution")


def fill_ratings(screen: StudyScreen) -> None:
    """The four ratings, where one can be given."""
    bar, shown, judged = screen.query_one(RatingBar), screen.shown, screen.judged
    if shown is not None and screen.phase == "back":
        bar.show(lambda: screen.say("tui.study.how-well"), shown.intervals)
    elif judged is not None and screen.phase == "judged" and screen.rating is not None:
        rating = screen.rating
        bar.show(
            lambda: screen.say(
                "tui.study.counts-as",
                digit=int(rating),
                rating=screen.say(f"study.rating.{int(rating)}"),
            ),
            judged.intervals,
            rating,
        )
    else:
        bar.clear()


def _fill_failure(screen: StudyScreen) -> None:
    failed, notice = screen.failed, screen.query_one(Notice)
    if failed is not None and screen.phase == "failed":
        from engine.messages import describe

        notice.tell(
            lambda: (
                screen.say("tui.study.not-measured", item=failed.name)
                + describe(failed.failure, screen.say.language)
                + screen.say("tui.study.not-measured-do")
            ),
            Tone.PROBLEM,
        )
