"""What stands on the study page in each phase.

Promise: functions from the screen's state to its widgets; called again they show the same. Must
not change the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app.own_words import own_words
from app.tui.flags import flag_mark
from app.tui.screens.item_page import (
    fill_hints,
    fill_note,
    fill_options,
    own_step,
    tell_failure,
)
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.bars import progress_pips
from app.tui.widgets.document import DocumentView
from app.tui.widgets.laid import APART, line
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.ratings import RatingBar
from app.tui.widgets.side import SideView
from app.tui.widgets.trace import TraceView
from content.pack import Card, in_language
from content.text import render
from engine.programs import PROGRAM_KINDS

if TYPE_CHECKING:
    from app.study.views import Shown
    from app.tui.screens.study import StudyScreen


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
        if screen.shown.resting:
            state, short = say("tui.study.resting"), say("tui.study.practice-short")
        elif screen.shown.practice:
            state, short = say("tui.study.practice"), say("tui.study.practice-short")
        elif screen.shown.early:
            state = say("tui.study.early")
        elif screen.shown.returning:
            state = say("tui.study.returning")
        elif screen.shown.is_new:
            state = say("tui.study.new")
    title = in_language(found.topic_title, say.language)
    counted_before = screen.shown is not None and (screen.shown.practice or screen.shown.returning)
    done = found.number - (0 if counted_before or screen.phase == "judged" else 1)
    counted = say("tui.study.position", number=found.number, total=found.total)
    end = line((f"{counted}  ", "$muted"), progress_pips(done, found.total))
    flag = Content("") if screen.shown is None else flag_mark(screen.shown.standing.flag, say)
    if flag:
        end = line(flag, "  ", end)
    left = line((title, "bold"))
    for words in ((kind, level, state), (kind, state), (kind, short or state), (short or kind,)):
        rest = "".join(f" · {word}" for word in words if word)
        fuller = line((title, "bold"), (rest, "$muted"))
        if fuller.cell_length <= width - end.cell_length - APART:
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
    fill_standing(screen)
    fill_options(screen)
    fill_note(screen)
    fill_hints(screen)
    fill_outcome(screen)
    fill_ratings(screen)
    _fill_failure(screen)
    answered = screen.phase in ("back", "judged")
    screen.query_one(SideView).show(shown, answered=answered)


def fill_standing(screen: StudyScreen) -> None:
    """The flag in the header, the learner's own note under what was known."""
    screen.query_one("#header").relay()  # type: ignore[attr-defined]
    shown, view = screen.shown, screen.query_one("#own-note", DocumentView)
    if shown is None or not shown.standing.note or screen.phase not in ("back", "judged"):
        view.show(None)
        return
    note = shown.standing.note
    view.show(
        lambda language: own_words(note, language),
        lead=lambda: line((screen.say("tui.keeping.own-note"), "$accent")),
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
        view.show(traced, own_step, told=told)


def fill_ratings(screen: StudyScreen) -> None:
    """The four ratings, where one can be given."""
    bar, shown, judged = screen.query_one(RatingBar), screen.shown, screen.judged
    if shown is not None and screen.phase == "back":
        asked = "how-well-practised" if shown.practice else "how-well"
        bar.show(
            lambda: screen.say(f"tui.study.{asked}"), shown.intervals, timed=not shown.practice
        )
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
    failed = screen.failed
    if failed is not None and screen.phase == "failed":
        tell_failure(screen, failed.name, failed.failure)
