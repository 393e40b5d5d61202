"""The study screen: a card revealed and rated, an exercise answered and judged.

Promise: what was typed stays on the screen until the answer is saved; every call of the study
loop runs off the event loop, tells what it waits for after 200 ms and can be cancelled; a
language switch redraws from the same state. Must not judge, schedule or save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Click
from textual.widgets import Static

from app.lab.whatif import can_vary
from app.study.views import Finished, NotMeasured, Shown
from app.tui.commands import SCROLL, Command, bindings
from app.tui.screens import study_page as page
from app.tui.screens.choosing import Phase
from app.tui.screens.item_page import completions, fill_hints
from app.tui.screens.keeping import KEEPING
from app.tui.screens.page import band
from app.tui.screens.rating import RatingPage
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.document import DocumentView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.notice import Notice
from app.tui.widgets.options import OptionsView
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.ratings import RatingBar
from app.tui.widgets.sheet import Sheet
from app.tui.widgets.side import SideView
from app.tui.widgets.trace import TraceView
from app.tui.widgets.training import RunView
from engine.programs import PROGRAM_KINDS, RUN_KINDS

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from app.study.choice import Choice

_ALLOWED: dict[str, tuple[Phase, ...]] = {
    "reveal": (Phase.FRONT,),
    "check": (Phase.QUESTION, Phase.POINTS),
    "next_item": (Phase.JUDGED,),
    "retry": (Phase.FAILED, Phase.WAITING),
    "rate": (Phase.BACK, Phase.JUDGED),
    **dict.fromkeys(("tick", "move", "tick_here"), (Phase.POINTS,)),
    "hint": (Phase.FRONT, Phase.QUESTION),
    "new_numbers": (Phase.JUDGED,),
    "measure": (Phase.BACK, Phase.JUDGED),
    "what_if": (Phase.BACK, Phase.JUDGED),
    "stop_run": (Phase.JUDGED,),
    "skip": (Phase.FRONT, Phase.QUESTION, Phase.POINTS, Phase.FAILED),
}


class StudyScreen(RatingPage):
    """One session on screen."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("reveal", ("enter", "space"), weight=9),
        Command("check", ("enter",), weight=9),
        Command("next_item", ("enter", "space"), words="next", weight=9),
        Command("retry", ("enter",), weight=9),
        Command("rate", ("1", "2", "3", "4"), numbered=True, weight=4),
        Command("tick", tuple("123456789"), numbered=True, weight=8),
        Command("tick_here", ("space",), weight=0),
        Command("move(-1)", ("up",), weight=0),
        Command("move(1)", ("down",), weight=0),
        Command("hint", (), twin="f2", weight=6),
        Command("new_numbers", ("r",), weight=6),
        Command("measure", ("m",), weight=4),
        Command("what_if", ("w",), weight=6),
        Command("stop_run", ("x",), weight=6),
        Command("skip", (), twin="f4", weight=1),
        *KEEPING,
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        SCROLL,
        Command("leave", ("escape",), weight=9),
    )
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, what: str | Choice | None = None) -> None:
        super().__init__(what)
        self.failed: NotMeasured | None = None
        self._started = 0.0

    def compose(self) -> ComposeResult:
        """Header; the sheet with, on wide screens, a side; what is asked; the footer."""
        yield band(HeaderLine(lambda width: page.header(self, width)))
        with Horizontal(id="body"):
            with Sheet(lambda: self.phase is not Phase.POINTS), Vertical(id="column"):
                yield DocumentView(id="question")
                yield OptionsView()
                yield DocumentView(id="program-note")
                with Horizontal(id="answer-row"):
                    yield Static("▏", id="answer-mark", markup=False)
                    yield AnswerField()
                yield DocumentView(id="hints")
                yield OutcomeView()
                yield DocumentView(id="own-note")
                yield RunView()
                yield TraceView(id="trace-below")
            with VerticalScroll(id="side", can_focus=False):
                yield SideView()
                yield TraceView(id="trace-side")
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
            yield RatingBar()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Ask for the first item."""
        super().on_mount()
        self._enter(Phase.WAITING)
        self._go(self._advance())

    # What applies

    def allows(self, action: str) -> bool:
        """By phase; hints and figures only where there are any."""
        name = action.partition("(")[0]
        phases = _ALLOWED.get(name)
        if phases is not None and self.phase not in phases:
            return False
        if name == "stop_run":
            return self.query_one(RunView).running
        if name == "what_if":
            return self.shown is not None and can_vary(self.shown.prepared)
        if name == "measure":
            return self.shown is not None and bool(self.shown.prepared.job.measures)
        if name == "retry" and self.phase is Phase.WAITING:
            return not self._busy
        if name == "hint":
            return page.hint_count(self.shown) > self.hints
        if name == "new_numbers":
            return page.has_draw(self.shown)
        return super().allows(action)

    # From item to item

    async def _advance(self) -> None:
        session = await self._begin()
        if self.shown is not None and await self._tell_leech(session):
            return
        found = await self._call("tui.study.measuring", session.next)
        self._notice.clear()
        self._show(found)

    def _show(self, found: Shown | NotMeasured | Finished | None) -> None:
        if isinstance(found, Shown):
            self.show_item(found)
        elif isinstance(found, NotMeasured):
            self.shown, self.failed = None, found
            self._enter(Phase.FAILED)
        elif isinstance(found, Finished) and not self.finished:
            self.finished = True
            if self.is_current:
                self.gradus.show_summary(found.summary)

    # Phases

    def show_item(self, shown: Shown) -> None:
        """Set an item on the page."""
        self.shown, self.failed, self.judged, self.rating = shown, None, None, None
        self.hints, self.finished = 0, False
        program = shown.kind in PROGRAM_KINDS
        self._answer.value = ""
        self._answer.on_option = False
        self.set_class(program, "-program")
        if program:
            self._code_field().names = lambda: completions(shown)
        self._started = self.gradus.clock.monotonic()
        fronted = shown.kind in ("card", "self")
        self._enter(Phase.FRONT if fronted else Phase.QUESTION)

    def stand(self, shown: Shown) -> None:
        """The same item, flagged or noted otherwise."""
        self.shown = shown
        page.fill_standing(self)

    def show_rating(self) -> None:
        """What the exercise counts as now."""
        page.fill_ratings(self)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        page.fill(self)
        field = phase is Phase.QUESTION
        self.set_class(field or self._answered_by_typing(), "-field")
        self._give_keys(field=field)
        if phase in (Phase.FRONT, Phase.QUESTION, Phase.FAILED):
            self.query_one("#sheet").scroll_home(animate=False)
        elif phase in (Phase.JUDGED, Phase.BACK):
            self.call_after_refresh(self._see_outcome)
        self._run_after_answer()
        self.refooter()

    def _run_after_answer(self) -> None:
        """Begin the item's training run behind its verdict; anywhere else there is none."""
        source = None
        if self.phase is Phase.JUDGED and self.shown is not None:
            source = self.shown.prepared.exercise.run
        view = self.query_one(RunView)
        if source is not None and self.shown is not None:
            view.begin(self.shown.prepared, source)
        else:
            view.end()

    def _move_on(self, work: Coroutine[None, None, None]) -> None:
        """To another item: the engine is wanted for that, not for the run of this one."""
        self.query_one(RunView).end()
        self._go(work)

    def _answered_by_typing(self) -> bool:
        return self.phase is Phase.JUDGED and self.shown is not None and self.shown.kind != "self"

    # Actions

    def action_reveal(self) -> None:
        """Show a card's back, or the points of an explanation."""
        if self.shown is None or self._busy:
            return
        self._seconds = self.gradus.clock.monotonic() - self._started
        self._enter(Phase.POINTS if self.shown.kind == "self" else Phase.BACK)

    def on_code_field_submitted(self) -> None:
        """Enter in the field for programs."""
        self.action_check()

    @on(AnswerField.Submitted)
    def action_check(self) -> None:
        """Judge what was typed or ticked."""
        if self.phase is Phase.QUESTION:
            typed = self._answer.value
            if not typed.strip():
                hinted = "-hint" if self.allows("hint") else ""
                self._notice.tell(
                    lambda: self.say(
                        f"tui.study.type-first{hinted}",
                        skip=self.key_of("skip"),
                        hint=self.key_of("hint"),
                    )
                )
                return
            self._seconds = self.gradus.clock.monotonic() - self._started
            self._go(self._judge(typed))
        elif self.phase is Phase.POINTS:
            ticked = " ".join(str(n + 1) for n in sorted(self._options.chosen))
            self._go(self._judge(ticked or "0"))

    async def _judge(self, typed: str) -> None:
        session = await self._begin()
        wait = "running" if self.shown is not None and self.shown.kind in RUN_KINDS else "judging"
        judged = await self._call(
            f"tui.study.{wait}",
            lambda: session.answer(typed, hints=self.hints, seconds=self._seconds),
        )
        self._notice.clear()
        self.judged = judged
        if str(judged.verdict.kind) == "unreadable":
            page.fill_outcome(self)
            return
        if judged.event is not None:
            self.undoable, self.redoable = True, False
        self.rating = judged.proposal
        self._enter(Phase.JUDGED)

    def action_next_item(self) -> None:
        """The next item."""
        self._move_on(self._advance())

    def action_retry(self) -> None:
        """Measure once more."""
        self._go(self._advance())

    def action_hint(self) -> None:
        """One hint more."""
        self.hints += 1
        fill_hints(self)
        self.refooter()

    def action_stop_run(self) -> None:
        """Stop the run that goes on after the answer."""
        self.query_one(RunView).stop()

    @on(RunView.Ended)
    def _run_ended(self) -> None:
        self.refooter()

    def action_leave(self) -> None:
        """Back; the session waits as it stands. A program that is running is called off first."""
        if self._busy and self._session is not None and self._session.withdraw():
            return
        if self._busy and self._session is not None:
            self.cancel()
        self.query_one(RunView).end()
        self.gradus.leave_study()

    # The mouse

    def on_click(self, event: Click) -> None:
        """A click on a card's front turns it; while a question waits, the field keeps the keys."""
        if self.phase is Phase.QUESTION:
            self.set_focus(self._answer)
        if self.phase is Phase.FRONT and self.query_one("#sheet").region.contains(
            event.screen_x, event.screen_y
        ):
            self.action_reveal()
