"""What a round came to, and three things to do next.

Promise: everything it says comes from the report; each of the three is one key away. Must not
count anything itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from app.drill.telling import round_title
from app.tui.commands import SCROLL, Command, bindings
from app.tui.screens.calling import CallingPage
from app.tui.screens.drill_report_text import report_lines
from app.tui.screens.overlay import BACK
from app.tui.screens.page import band
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, line
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from app.drill.views import Advice, Report


class ReportView(Laid):
    """The report's lines."""

    def __init__(self, page: DrillReportScreen) -> None:
        super().__init__(id="text")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """Empty until the report is there."""
        found = self._page.report
        return [] if found is None else report_lines(found, self.say, width)


class DrillReportScreen(CallingPage):
    """A round's report."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("questions", ("enter",), words="drill-questions", weight=8),
        Command("follow", ("1", "2", "3"), words="drill-follow", numbered=True, weight=9),
        Command("export", ("x",), words="drill-export", weight=5),
        Command("retry", ("enter",), weight=9),
    )
    LAST: ClassVar[tuple[Command, ...]] = (SCROLL, BACK)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, number: int, report: Report | None = None) -> None:
        super().__init__()
        self._number = number
        self.report = report

    def compose(self) -> ComposeResult:
        """Header, the report, footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet"), Vertical(id="column"):
            yield ReportView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Read the round, if it is not at hand."""
        super().on_mount()
        self.set_focus(self.query_one("#sheet"))
        if self.report is None:
            self._go(self._load())

    async def _load(self) -> None:
        from app.drill.report import report

        study = await self.gradus.desk.study()
        self.report = await self._call("tui.drill.reporting", lambda: report(study, self._number))
        for laid in self.query(Laid):
            laid.relay()
        self.refooter()

    def _header(self, _width: int) -> tuple[Content, Content]:
        found, say = self.report, self.say
        title = line((say("tui.drill.report"), "bold"))
        if found is None:
            return title, Content("")
        named = round_title(found.title, found.setup, say)
        day = say.date(found.begun.date())
        return line(title, (f" · {named}", "bold")), line((day, "$muted"))

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What can be done next."""
        return () if self.report is None else self.report.advice

    def allows(self, action: str) -> bool:
        """What there is to go to."""
        name = action.partition("(")[0]
        if name == "retry":
            return self.report is None and not self._busy
        if name == "questions":
            return self.report is not None and bool(self.report.results)
        if name == "follow":
            return bool(self.advice)
        return name != "export" or self.report is not None

    def available(self) -> tuple[Command, ...]:
        """As many digits as there is advice."""
        return tuple(
            command._replace(keys=tuple("123"[: len(self.advice)]))
            if command.action == "follow"
            else command
            for command in super().available()
        )

    # Actions

    def action_questions(self) -> None:
        """Go through the questions."""
        if self.report is not None:
            self.gradus.drilling.result(self.report, 0)

    def action_retry(self) -> None:
        """Read once more."""
        self._go(self._load())

    def action_follow(self, digit: int) -> None:
        """Do one of the three."""
        if not 1 <= digit <= len(self.advice):
            return
        chosen = self.advice[digit - 1]
        if chosen.kind == "study_topic":
            self.gradus.drilling.study(chosen.target)
        elif chosen.kind == "repeat":
            from app.drill.setup import Setup
            from app.drill.styles import Style

            again = Setup(
                questions=len(chosen.items),
                minutes=max(5, 3 * chosen.minutes),
                style=Style.WHITEBOARD,
                items=chosen.items,
            )
            self.gradus.drilling.begin(again)
        else:
            self._go(self._read(chosen.target))

    async def _read(self, name: str) -> None:
        from app.study.ahead import Ahead, Ask
        from app.tui.screens.reading import ReadScreen
        from engine.protocol import Failure

        study = await self.gradus.desk.study()
        ahead = Ahead(study.engine, study.library)
        found = await self._call("tui.study.measuring", lambda: ahead.get(Ask(name, name, 0)))
        if isinstance(found, Failure):
            from engine.messages import describe

            failure = found
            self._notice.tell(lambda: describe(failure, self.say.language), Tone.PROBLEM)
            return
        self.app.push_screen(ReadScreen(found))

    def action_export(self) -> None:
        """Write the report as a web page and as Markdown."""
        self._go(self._export())

    async def _export(self) -> None:
        from app.drill.exporting import export

        found = self.report
        assert found is not None
        folder, language = self.gradus.paths.reports, self.say.language
        written = await self._call("tui.drill.reporting", lambda: export(found, folder, language))
        self._notice.tell(lambda: self.say("tui.drill.exported", path=str(written)), Tone.DONE)

    def action_back(self) -> None:
        """To the list of rounds, or home."""
        self.gradus.drilling.leave()
