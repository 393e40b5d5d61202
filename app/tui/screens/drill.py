"""A round on screen: one question after the other, two clocks, no rating.

Promise: what was typed stays on the screen until the answer is saved; esc stops the clocks and
leaves, the round waits as it stands; a covered question shows nothing of itself. Must not judge,
choose or save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from app.drill.views import Changed, NotMeasured, Over, Question
from app.tui.commands import SCROLL, Command, bindings
from app.tui.screens import drill_page as page
from app.tui.screens.choosing import Phase
from app.tui.screens.drill_answering import DrillAnswering
from app.tui.screens.drill_view import as_shown
from app.tui.screens.item_page import completions, fill_hints
from app.tui.screens.page import band
from app.tui.screens.round_page import OPEN
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.document import DocumentView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.options import OptionsView
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.round_side import RoundSide
from app.tui.widgets.sheet import Sheet
from app.tui.widgets.trace import TraceView
from engine.programs import PROGRAM_KINDS

if TYPE_CHECKING:
    from textual.timer import Timer

    from app.drill.setup import Setup

_ASKED_FOR = 8.0
"""Seconds in which the end must be asked for again."""
_ALLOWED: dict[str, tuple[Phase, ...]] = {
    "reveal": (Phase.FRONT,),
    "keep": (Phase.FRONT,),
    "check": (Phase.QUESTION, Phase.POINTS),
    "sure": (Phase.QUESTION,),
    "unsure": (Phase.QUESTION,),
    "next_item": (Phase.JUDGED,),
    "retry": (Phase.FAILED, Phase.WAITING),
    "go_on": (Phase.PAUSED,),
    "known": (Phase.BACK,),
    "tick": (Phase.POINTS,),
    "move": (Phase.POINTS,),
    "tick_here": (Phase.POINTS,),
    "hint": (Phase.FRONT, Phase.QUESTION),
    "skip": (*OPEN, Phase.FAILED),
    "flag": (*OPEN, Phase.JUDGED),
    "go_back": (*OPEN, Phase.JUDGED),
    "pause": OPEN,
    "finish": (*OPEN, Phase.JUDGED, Phase.PAUSED, Phase.FAILED),
}


class DrillScreen(DrillAnswering):
    """One round."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("reveal", ("enter",), weight=9),
        Command("keep", ("enter",), words="drill-keep", weight=9),
        Command("check", ("enter",), weight=9),
        Command("next_item", ("enter", "space"), words="next", weight=9),
        Command("retry", ("enter",), weight=9),
        Command("go_on", ("enter", "space"), words="drill-go-on", weight=9),
        Command("known", ("1", "2", "3"), words="drill-known", numbered=True, weight=9),
        Command("tick", tuple("123456789"), numbered=True, weight=8),
        Command("tick_here", ("space",), weight=0),
        Command("move(-1)", ("up",), weight=0),
        Command("move(1)", ("down",), weight=0),
        Command("hint", (), twin="f2", weight=6),
        Command("flag", (), twin="f3", words="drill-flag", weight=3),
        Command("skip", (), twin="f4", words="drill-skip", weight=6),
        Command("sure", (), twin="f5", words="drill-sure", weight=5),
        Command("unsure", (), twin="f6", words="drill-unsure", weight=5),
        Command("go_back", (), twin="f7", words="drill-go-back", weight=4),
        Command("pause", (), twin="f8", words="drill-pause", weight=4),
        Command("finish", (), twin="f9", words="drill-finish", weight=2),
    )
    LAST: ClassVar[tuple[Command, ...]] = (SCROLL, Command("leave", ("escape",), weight=9))
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, setup: Setup | None, number: int | None = None) -> None:
        """A new round of that set-up, or the stored one of that number."""
        super().__init__(setup, number)
        self.failed: NotMeasured | None = None
        self.changed: Changed | None = None
        self.flagged = False
        self.closed = False
        """The question's time ran out before it was answered."""
        self._asked_to_finish: Timer | None = None

    def compose(self) -> ComposeResult:
        """Header; the sheet with what is asked; the footer."""
        yield band(HeaderLine(lambda width: page.header(self, width)))
        with Horizontal(id="body"):
            with Sheet(lambda: self.phase is not Phase.POINTS), Vertical(id="column"):
                yield DocumentView(id="lead")
                yield DocumentView(id="question")
                yield OptionsView()
                yield DocumentView(id="program-note")
                with Horizontal(id="answer-row"):
                    yield Static("▏", id="answer-mark", markup=False)
                    yield AnswerField()
                yield DocumentView(id="hints")
                yield OutcomeView()
                yield TraceView(id="trace-below")
            with VerticalScroll(id="side", can_focus=False):
                yield RoundSide(lambda: page.title(self))
                yield TraceView(id="trace-side")
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Begin or resume."""
        super().on_mount()
        self._enter(Phase.WAITING)
        self._go(self._advance())

    # What applies

    def allows(self, action: str) -> bool:
        """By phase and by the round's rules."""
        name = action.partition("(")[0]
        phases = _ALLOWED.get(name)
        if phases is not None and self.phase not in phases:
            return False
        if name == "retry" and self.phase is Phase.WAITING:
            return not self._busy
        if name in ("reveal", "keep"):
            return self.at_once is (name == "reveal")
        if name == "hint":
            return page.hint_count(self) > self.hints
        if name == "go_back":
            return bool(self.skipped)
        return True

    # From question to question

    async def _advance(self) -> None:
        drill = await self._open()
        if drill.changed is not None:
            self.changed = drill.changed
            self._enter(Phase.PAUSED)
            return
        await self._show(await self._call("tui.study.measuring", drill.next))

    async def _show(self, found: Question | NotMeasured | Over) -> None:
        self._notice.clear()
        if isinstance(found, Question):
            self.show_question(found)
        elif isinstance(found, NotMeasured):
            self.question, self.shown, self.failed = None, None, found
            self._enter(Phase.FAILED)
        elif found.reason != "left":
            await self._report()

    async def _report(self) -> None:
        drill = await self._open()
        told = await self._call("tui.drill.reporting", drill.end)
        self.over = True
        self.gradus.drilling.report(told.number, told)

    def show_question(self, question: Question) -> None:
        """Set a question on the page."""
        again = self.question is not None and self.question.number == question.number
        self.question, self.shown, self.failed = question, as_shown(question, question.total), None
        self.judged, self.hints, self.closed = None, 0, False
        self.flagged = question.number in question.progress.flagged
        self.time, self.said = question.time, question.said
        shown = self.shown
        program = shown is not None and question.kind in PROGRAM_KINDS
        if not again:
            self._answer.value = ""
            self._answer.on_option = False
        self.set_class(program, "-program")
        if shown is not None and program:
            self._code_field().names = lambda: completions(shown)
        if question.stage == "tick":
            self._enter(Phase.BACK if question.kind == "card" else Phase.POINTS)
        else:
            self._enter(Phase.FRONT if question.concept else Phase.QUESTION)

    def time_is_over(self) -> None:
        """The right answer is told."""
        self.closed = True
        self._enter(Phase.JUDGED)

    def ask_to_read(self) -> None:
        """What the field holds could not be read."""
        page.fill_outcome(self)

    def _enter(self, phase: Phase) -> None:
        self._ask_no_more()
        self.phase = phase
        page.fill(self)
        field = phase in (Phase.QUESTION, Phase.FRONT)
        judged = phase is Phase.JUDGED and self.question is not None and not self.question.concept
        self.set_class(field or judged, "-field")
        self._give_keys(field=field)
        if phase in (Phase.JUDGED, Phase.BACK):
            self.call_after_refresh(self._see_outcome)
        else:
            self.query_one("#sheet").scroll_home(animate=False)
        self.refooter()

    # Actions

    def action_next_item(self) -> None:
        """The next question."""
        self._go(self._advance())

    def action_retry(self) -> None:
        """Measure once more, or try to open once more."""
        self._go(self._advance())

    def action_skip(self) -> None:
        """Leave the question; it comes back at the end."""
        self._go(self._skip())

    async def _skip(self) -> None:
        drill = await self._open()
        await self._call("tui.study.saving", drill.skip)
        await self._advance()

    def action_go_back(self) -> None:
        """To the first question that was skipped."""
        if self.skipped:
            self._go(self._go_back(self.skipped[0]))

    async def _go_back(self, number: int) -> None:
        drill = await self._open()
        await self._show(await self._call("tui.study.measuring", lambda: drill.go(number)))

    def action_flag(self) -> None:
        """Mark the question, to find it in the report."""
        self._go(self._flag())

    async def _flag(self) -> None:
        drill = await self._open()
        self.flagged = await self._call("tui.study.saving", drill.flag)
        self.query_one(HeaderLine).relay()
        page.fill_side(self)

    def action_hint(self) -> None:
        """One hint more."""
        self.hints += 1
        fill_hints(self)
        self.refooter()

    def action_pause(self) -> None:
        """Stop the clocks and cover the question."""
        self._go(self._pause())

    async def _pause(self) -> None:
        drill = await self._open()
        await self._call("tui.study.saving", drill.pause)
        self._enter(Phase.PAUSED)

    def action_go_on(self) -> None:
        """After a pause, or in spite of a pack that changed."""
        self._go(self._go_on())

    async def _go_on(self) -> None:
        drill = await self._open()
        if self.changed is not None:
            await self._call("tui.study.saving", drill.accept)
            self.changed = None
        else:
            await self._call("tui.study.saving", drill.go_on)
        await self._advance()

    def action_finish(self) -> None:
        """End the round here; asked twice, for what is left then counts as not known."""
        if self._asked_to_finish is not None:
            self._ask_no_more()
            self._go(self._report())
            return
        self._asked_to_finish = self.set_timer(_ASKED_FOR, self._ask_no_more)
        self._notice.tell(
            lambda: self.say("tui.drill.finish-again", finish=self.key_of("drill-finish")),
            Tone.WAIT,
        )

    def _ask_no_more(self) -> None:
        """The end was asked for once, and something else was done or nothing for a while."""
        if self._asked_to_finish is not None:
            self._asked_to_finish.stop()
            self._asked_to_finish = None
            self._notice.clear(Tone.WAIT)
            page.fill_notice(self)
