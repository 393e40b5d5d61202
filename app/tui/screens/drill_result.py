"""One question of a report: what was asked, answered and true, and how it is worked out.

Promise: the left and right arrows go through the round. Must not judge anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from app.drill.telling import duration_words, outcome_words
from app.tui.commands import SCROLL, Command, bindings
from app.tui.screens.drill_report_text import outcome_mark
from app.tui.screens.drill_view import as_judged, as_shown
from app.tui.screens.item_page import option_marks, own_step
from app.tui.screens.overlay import BACK
from app.tui.screens.page import Page, band
from app.tui.widgets.document import DocumentView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, line
from app.tui.widgets.options import OptionsView
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.trace import TraceView
from content.pack import in_language

if TYPE_CHECKING:
    from app.drill.views import Report, Result


class GivenView(Laid):
    """What was answered, in which time; the stored words where nothing can be measured again."""

    def __init__(self, page: DrillResultScreen) -> None:
        super().__init__(id="given")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """A line or a few."""
        from app.tui.page import text_lines

        result, say = self._page.result, self.say
        glyph, style = outcome_mark(result.outcome)
        time = say(
            "drill.report.took",
            seconds=duration_words(result.seconds),
            expected=duration_words(result.expected_seconds),
        )
        parts = [(time, "$muted")]
        if result.verdict is None:  # else the verdict stands below
            told = f"{glyph} {outcome_words(result, say)}"
            parts = [(told, f"bold {style}"), (f" · {time}", "$muted")]
        if result.sure is not None:
            parts.append(
                (
                    " · " + say("drill.sure" if result.sure else "drill.unsure"),
                    "$muted",
                )
            )
        if result.hints:
            parts.append((" · " + say("drill.report.hints", n=result.hints), "$muted"))
        if result.flagged:
            parts.append(("  ⚑", "$warning"))
        rows = [Content(""), line(*parts)]
        if result.said:
            rows += text_lines(f"{say('drill.report.said')} {result.said}", width, say.language)
        if result.typed and result.kind != "card" and not self._page.marked:
            label = "ticked" if result.kind == "self" else "typed"
            rows += text_lines(
                f"{say(f'drill.report.{label}')} {result.typed}", width, say.language
            )
        if result.prepared is None:
            truth = in_language(result.truth, say.language) if result.truth else ""
            if truth:
                rows += text_lines(f"{say('drill.report.truth')} {truth}", width, say.language)
            rows += text_lines(say("drill.report.changed"), width, say.language, "$muted")
        return rows


class DrillResultScreen(Page[None]):
    """A question looked at again."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("turn(1)", ("right", "enter", "space"), words="drill-next", weight=8),
        Command("turn(-1)", ("left",), words="drill-previous", weight=6),
        Command("measure", ("m",), weight=4),
    )
    LAST: ClassVar[tuple[Command, ...]] = (SCROLL, BACK)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, report: Report, at: int) -> None:
        super().__init__()
        self._report = report
        self._at = at

    @property
    def result(self) -> Result:
        """The question on screen."""
        return self._report.results[self._at]

    def compose(self) -> ComposeResult:
        """Header; question, what was given, outcome, trace; footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet"), Vertical(id="column"):
            yield DocumentView(id="question")
            yield OptionsView()
            yield GivenView(self)
            yield OutcomeView()
            yield TraceView(id="trace-below")
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """The first question."""
        super().on_mount()
        self.set_focus(self.query_one("#sheet"))
        self._fill()

    def _header(self, _width: int) -> tuple[Content, Content]:
        result, say = self.result, self.say
        title = in_language(result.topic_title, say.language)
        words = f" · {say(f'study.kind.{result.kind}')} · {say('tui.study.level', n=result.level)}"
        counted = say("tui.study.position", number=self._at + 1, total=len(self._report.results))
        return line((title, "bold"), (words, "$muted")), line((counted, "$muted"))

    def _fill(self) -> None:
        result = self.result
        shown = as_shown(result, len(self._report.results))
        question = self.query_one("#question", DocumentView)
        options, outcome = self.query_one(OptionsView), self.query_one(OutcomeView)
        options.show(None)
        outcome.show(None, None)
        traced = None
        if shown is None:
            question.show(None)
        elif shown.kind == "card":
            question.show(shown.prepared.front)
            outcome.show(shown, None)
        else:
            question.show(shown.prepared.question)
            self._fill_options(options)
            if result.verdict is not None:
                outcome.show(shown, as_judged(result.verdict), result.typed)
                traced = shown.prepared.measured
        for view in self.query(TraceView):
            view.show(traced, own_step)
        for laid in (self.query_one(HeaderLine), self.query_one(GivenView)):
            laid.relay()
        self.query_one("#sheet").scroll_home(animate=False)
        self.refooter()

    @property
    def marked(self) -> bool:
        """Whether what was chosen or ticked is seen among the options."""
        return bool(self.query_one(OptionsView).count) and self.result.verdict is not None

    def _fill_options(self, options: OptionsView) -> None:
        """Options with the right ones and the chosen wrong ones; points with the ticked ones."""
        result = self.result
        assert result.prepared is not None
        exercise = result.prepared.exercise
        ticked = () if result.verdict is None else result.verdict.ticked
        chosen = frozenset(n - 1 for n in ticked)
        if result.kind == "self":
            count = len(exercise.points)
            options.show(result.prepared.points, count, several=True, numbered=True)
            options.choose(chosen)
        elif result.kind in ("choice", "several"):
            count = len(exercise.options)
            options.show(result.prepared.options, count, several=result.kind == "several")
            options.choose(chosen)
            options.mark(option_marks(result.prepared.truth.options, chosen))

    def allows(self, action: str) -> bool:
        """Only where there is another question, or something to measure."""
        if action.startswith("turn"):
            return len(self._report.results) > 1
        prepared = self.result.prepared
        return action != "measure" or (prepared is not None and bool(prepared.job.measures))

    def action_turn(self, step: int) -> None:
        """Another question."""
        self._at = (self._at + step) % len(self._report.results)
        self._fill()

    def action_measure(self) -> None:
        """Run every figure of this question again."""
        shown = as_shown(self.result, len(self._report.results))
        if shown is not None:
            self.gradus.show_measurement(shown)

    def action_back(self) -> None:
        """The report."""
        self.dismiss(None)
