"""What stands on a drill's page in each phase.

Promise: functions from the screen's state to its widgets; called again they show the same. Must
not change the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app.drill.telling import changes_told, duration_words, lead_over, round_title
from app.tui.screens.item_page import (
    fill_hints,
    fill_note,
    fill_options,
    own_step,
    tell_failure,
)
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.document import DocumentView
from app.tui.widgets.laid import APART, line
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.round_side import RoundSide
from app.tui.widgets.trace import TraceView
from content.pack import in_language
from content.text import Paragraph, Span
from engine.programs import PROGRAM_KINDS

if TYPE_CHECKING:
    from app.study.views import Shown
    from app.tui.screens.drill import DrillScreen
    from content.text import Document

_TICKED = ("points", "back", "judged")


def hint_count(screen: DrillScreen) -> int:
    """How many hints may be asked for."""
    question = screen.question
    return len(question.prepared.item.hints) if question is not None and question.hints else 0


def header(screen: DrillScreen, width: int) -> tuple[Content, Content]:
    """`Parameters · exercise · level 1 ⚑` and `3 of 12 · 0:42 / 1:30 · 12:10 left`."""
    say, question = screen.say, screen.question
    found = question or screen.failed
    if found is None:
        return line((say("tui.drill.title"), "bold")), Content("")
    counted = say("tui.study.position", number=found.number, total=found.total)
    end = [(counted, "$muted")]
    if screen.time is not None and screen.phase != "paused":
        spent, allowed = screen.time.question_spent, screen.time.question_allowed
        late = bool(allowed) and spent > allowed
        clock = duration_words(spent) + (f" / {duration_words(allowed)}" if allowed else "")
        left = screen.time.round_allowed - screen.time.round_spent
        end += [
            (" · ", "$muted"),
            (f"{clock}!" if late else clock, "bold $error" if late else ""),
            (" · ", "$muted"),
            (say("tui.drill.left", time=duration_words(left)), "$error" if left <= 0 else "$muted"),
        ]
    right = line(*end)
    if screen.phase == "paused" or question is None:
        return line((say("tui.drill.title"), "bold")), right
    title = in_language(question.topic_title, say.language)
    words = [say(f"study.kind.{question.kind}"), say("tui.study.level", n=question.level)]
    flag = ("  ⚑", "$warning") if screen.flagged else ("", "")
    for rest in ("".join(f" · {word}" for word in words), f" · {words[0]}", ""):
        fuller = line((title, "bold"), (rest, "$muted"), flag)
        if fuller.cell_length <= width - right.cell_length - APART:
            return fuller, right
    return line((title, "bold"), flag), right


def title(screen: DrillScreen) -> str:
    """What the round is called."""
    if screen.round is None:
        return ""
    return round_title(screen.named, screen.round.setup, screen.say)


def fill_side(screen: DrillScreen) -> None:
    """Where the round stands."""
    found = screen.question or screen.failed
    side = screen.query_one(RoundSide)
    if screen.round is None or found is None:
        side.show(None, 0, 0)
    else:
        side.show(screen.round.progress, found.number, found.total)


def fill(screen: DrillScreen) -> None:
    """Everything, for the phase the screen is in."""
    shown = screen.shown
    question = screen.query_one("#question", DocumentView)
    covered = screen.phase == "paused"
    if shown is None or covered:
        question.show(None)
    elif shown.kind == "card":
        question.show(shown.prepared.front)
    else:
        question.show(shown.prepared.question)
    _fill_lead(screen, covered=covered)
    screen.query_one("#header").relay()  # type: ignore[attr-defined]
    fill_options(screen)
    fill_note(screen)
    fill_hints(screen)
    fill_outcome(screen)
    fill_notice(screen)
    fill_side(screen)


def _fill_lead(screen: DrillScreen, *, covered: bool) -> None:
    """What an interviewer says before the question; or why it is covered."""
    view = screen.query_one("#lead", DocumentView)
    if covered:
        view.show(lambda _language: _paragraphs(_covered(screen)))
        return
    told = bool(_lead(screen))
    view.set_class(told, "-apart")
    view.show((lambda _language: _paragraphs(_lead(screen))) if told else None)


def _lead(screen: DrillScreen) -> list[str]:
    """What stands over the question, in the language of the moment."""
    told: list[str] = []
    question = screen.question
    if question is None:
        return told
    if lead := lead_over(question, screen.say, told=screen.at_once):
        told.append(lead)
    if question.returning and question.stage == "ask":
        told.append(screen.say("drill.plain.returning"))
    if screen.phase == "front":
        told.append(screen.say("tui.drill.aloud"))
    if screen.phase in _TICKED and screen.said:
        told.append(screen.say("drill.plain.you-said", said=screen.said))
    return told


def _covered(screen: DrillScreen) -> list[str]:
    if screen.changed is not None:
        told = changes_told(screen.changed, screen.say)
        return [*told, screen.say("tui.drill.changed-do", finish=screen.key_of("drill-finish"))]
    return [screen.say("tui.drill.paused")]


def _paragraphs(texts: list[str]) -> Document:
    return tuple(Paragraph((Span(text, "emphasis"),)) for text in texts)


def fill_outcome(screen: DrillScreen) -> None:
    """A card's back, or the verdict with the worked solution; and the trace."""
    shown, outcome = screen.shown, screen.query_one(OutcomeView)
    traced, told = None, False
    if shown is None or screen.phase == "paused":
        outcome.show(None, None)
    elif screen.phase == "judged" and screen.judged is not None and shown.kind != "card":
        typed = "" if shown.kind in PROGRAM_KINDS else screen.query_one(AnswerField).value
        outcome.show(shown, screen.judged, typed)
        traced = shown.prepared.measured
        told = shown.prepared.solution(screen.say.language).measured is not None
    elif shown.kind == "card" and screen.phase in ("back", "judged"):
        outcome.show(shown, None)
    elif screen.judged is not None and screen.phase in ("question", "points"):
        outcome.show(shown, screen.judged)  # unreadable: said under the answer
    else:
        outcome.show(None, None)
    for view in screen.query(TraceView):
        view.show(traced, own_step, told=told)


def fill_notice(screen: DrillScreen) -> None:
    """What the phase itself has to say."""
    notice = screen.query_one(Notice)
    failed = screen.failed
    if screen.phase == "failed" and failed is not None:
        tell_failure(screen, failed.name, failed.failure)
    elif screen.phase == "judged" and screen.closed and screen.shown is not None:
        shown = screen.shown
        notice.tell(
            lambda: screen.say("tui.drill.closed", answer=_answer(shown, screen)), Tone.WAIT
        )
    elif screen.phase == "back":
        notice.tell(lambda: screen.say("tui.drill.known"), Tone.WAIT)


def _answer(shown: Shown, screen: DrillScreen) -> str:
    """The right answer, in a line."""
    from app.worked import right_options
    from content.text import plain
    from engine.verdict import canonical

    language = screen.say.language
    if shown.kind in ("choice", "several"):
        options = right_options(shown.prepared, language)
        return "; ".join(f"{letter}) {plain(text, language)}" for letter, text in options)
    if shown.kind in ("card", "self"):
        return "–"
    return canonical(shown.prepared.truth, language)
