"""The first run: language, minutes a day, the keys; then a card and an exercise to try.

Promise: shown over home, which is painted first; nothing of the sample is saved. Esc skips it,
and it does not come again. Must not be in the way of anything: where the sample cannot be
measured, Enter goes on all the same.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from app.locale import LANGUAGES
from app.tui.commands import Command, bindings
from app.tui.screens.calling import CallingPage
from app.tui.screens.page import band
from app.tui.screens.welcome_page import CHOICES, ChoiceView
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.document import DocumentView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.ratings import RatingBar

if TYPE_CHECKING:
    from app.study.session import Study
    from app.study.views import Judged, Shown
    from engine.client import EngineClient
    from engine.protocol import Job, Outcome

Step = Literal["choose", "front", "back", "question", "judged"]
_MINUTES = (0, 5, 10, 15, 20, 30, 45, 60, 90)
_FIRST = 15
_SEED = 7
_PLACES = {"choose": 1, "front": 2, "back": 2, "question": 3, "judged": 3}


class WelcomeScreen(CallingPage):
    """What a person meets first."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("reveal", ("enter", "space"), weight=9),
        Command("check", ("enter",), weight=9),
        Command("go_on", ("enter",), words="welcome-go-on", weight=9),
        Command("rate", ("1", "2", "3", "4"), numbered=True, weight=6),
        Command("change(1)", ("right", "l"), words="settings-next", weight=7),
        Command("change(-1)", ("left", "h"), words="settings-before", weight=0),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="settings-down", weight=5),
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        Command("skip", ("escape",), words="welcome-skip", weight=9),
    )
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self) -> None:
        super().__init__()
        self.step: Step = "choose"
        self.cursor = 0
        self.minutes = _FIRST
        self.shown: Shown | None = None
        self.judged: Judged | None = None

    def compose(self) -> ComposeResult:
        """Header; what is chosen or asked; what it comes to; footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet", can_focus=False), Vertical(id="column"):
            yield ChoiceView(self)
            yield DocumentView(id="question")
            with Horizontal(id="answer-row"):
                yield Static("▏", id="answer-mark", markup=False)
                yield AnswerField()
            yield OutcomeView()
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
            yield RatingBar()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """The field takes no key before its question."""
        self.query_one(AnswerField).disabled = True
        super().on_mount()

    def _header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        place = self.say("settings.place", n=_PLACES[self.step], total=3)
        return line((self.say(f"welcome.title.{self.step}"), "bold")), line((place, "$muted"))

    def allows(self, action: str) -> bool:
        """By step."""
        name = action.partition("(")[0]
        waiting = self.step != "choose" and self.shown is None
        if name == "go_on":
            return self.step in ("choose", "judged") or waiting
        if name in ("change", "move"):
            return self.step == "choose"
        wanted = {"reveal": "front", "check": "question", "rate": "back"}
        return self.step == wanted[name] and not waiting if name in wanted else True

    # What is chosen

    def action_move(self, step: int) -> None:
        """Language or minutes."""
        self.cursor = (self.cursor + step) % len(CHOICES)
        self.redraw()

    def action_change(self, step: int) -> None:
        """Another language, more or fewer minutes."""
        if CHOICES[self.cursor] == "language":
            known = LANGUAGES.index(self.say.language)
            language = LANGUAGES[(known + step) % len(LANGUAGES)]
            self.gradus.comfort.adopt(replace(self.gradus.settings, language=language))
        else:
            at = _MINUTES.index(self.minutes)
            self.minutes = _MINUTES[max(0, min(len(_MINUTES) - 1, at + step))]
        self.redraw()

    def clicked(self, row: int) -> None:
        """A click chooses a line; on the line it changes it."""
        if row == self.cursor:
            self.action_change(1)
        else:
            self.action_move(row - self.cursor)

    # What is tried

    def action_go_on(self) -> None:
        """The next thing to see."""
        if self.step == "judged":
            self._end()
            return
        if self.step == "choose":
            self.gradus.comfort.adopt(
                replace(
                    self.gradus.settings,
                    minutes_per_day=self.minutes,
                    new_from_minutes=self.minutes > 0,
                )
            )
        if self.step == "question":
            self._end()
        else:
            self._go(self._try("front" if self.step == "choose" else "question"))

    async def _try(self, step: Step) -> None:
        from app.study.sample import CARD, EXERCISE, sample
        from app.study.views import Shown
        from engine.messages import describe

        self.shown = self.judged = None
        self._enter(step)
        study = await self._opened()
        engine = await self.gradus.desk.ready_engine()
        name = CARD if step == "front" else EXERCISE
        found = await self._call(
            "tui.study.measuring",
            partial(
                sample, study.library, name, _SEED, partial(_run, engine), self.gradus.clock.now()
            ),
        )
        if not isinstance(found, Shown):
            failure = found
            self._notice.tell(
                lambda: (
                    self.say("tui.study.not-measured", item=name)
                    + describe(failure, self.say.language)
                ),
                Tone.PROBLEM,
            )
            return
        self.shown = found
        self._enter(step)

    async def _opened(self) -> Study:
        timer = self.set_timer(
            0.2, lambda: self._notice.tell(lambda: self.say("tui.study.opening"), Tone.WAIT)
        )
        try:
            return await self.gradus.desk.study()
        finally:
            timer.stop()
            self._notice.clear(Tone.WAIT)

    def _enter(self, step: Step) -> None:
        self.step = step
        shown, field = self.shown, self.query_one(AnswerField)
        document = None
        if shown is not None:
            prepared = shown.prepared
            document = prepared.front if shown.kind == "card" else prepared.question
        self.query_one("#question", DocumentView).show(document)
        told = shown if step in ("back", "judged") else None
        self.query_one(OutcomeView).show(told, self.judged, field.value)
        ratings = self.query_one(RatingBar)
        if step == "back" and shown is not None:
            ratings.show(lambda: self.say("tui.study.how-well"), shown.intervals)
        else:
            ratings.clear()
        asked = step == "question" and shown is not None
        self.set_class(asked or step == "judged", "-field")
        field.disabled = not asked
        self.set_focus(field if asked else None)
        if step in ("back", "question", "judged") and shown is not None:
            self._notice.tell(lambda: self.say(f"welcome.note.{step}"))
        self.redraw()

    def action_reveal(self) -> None:
        """The card's back."""
        self._enter("back")

    def action_rate(self, digit: int) -> None:  # noqa: ARG002
        """As in studying, but nothing is kept."""
        self._go(self._try("question"))

    @on(RatingBar.Picked)
    def _rating_clicked(self, message: RatingBar.Picked) -> None:
        self.action_rate(int(message.rating))

    @on(AnswerField.Submitted)
    def action_check(self) -> None:
        """Judge what was typed."""
        typed = self.query_one(AnswerField).value
        if self.step != "question" or self.shown is None:
            return
        if not typed.strip():
            self._notice.tell(lambda: self.say("welcome.type-first"))
            return
        self._go(self._judge(typed))

    async def _judge(self, typed: str) -> None:
        from app.study.sample import sample_judged

        shown = self.shown
        assert shown is not None
        engine = await self.gradus.desk.ready_engine()
        self.judged = await self._call(
            "tui.study.judging", partial(sample_judged, shown, typed, partial(_run, engine))
        )
        if self.judged.proposal is None:
            self.query_one(OutcomeView).show(shown, self.judged, typed)
        else:
            self._enter("judged")

    # The end

    def action_skip(self) -> None:
        """Home, for ever."""
        self._end()

    def _end(self) -> None:
        self.gradus.comfort.adopt(self.gradus.settings)  # a file of settings: no welcome again
        self.dismiss(None)


def _run(engine: EngineClient, job: Job) -> Outcome:
    return engine.submit(job).result()
