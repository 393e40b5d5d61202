"""Statistics, a page for each picture: what was done, what is remembered, what is coming.

Promise: figures are counted in the desk's thread and given up when they are no longer wanted; what
was counted is kept while the screen stands, so that going back and forth waits for nothing. Every
number is defined on its own page. Must not count or draw itself.
"""

from __future__ import annotations

from asyncio import CancelledError
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click

from app.statistics.exporting import as_page, page_path, write_page
from app.statistics.figure import range_words
from app.statistics.gathering import Kind, Statistics, StoppedError
from app.statistics.periods import Period
from app.tui.apart import apart
from app.tui.commands import SCROLL, Command, bindings
from app.tui.problems import sentence
from app.tui.screens.calling import PATIENCE
from app.tui.screens.overlay import BACK
from app.tui.screens.page import Page, band
from app.tui.screens.stats_page import page_lines, tab_lines
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, line
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from app.statistics.results import Result

KINDS = tuple(Kind)
PERIODS = tuple(Period)
_Key = tuple[Kind, Period, str | None]


class TabsView(Laid):
    """The pictures' names with their digits; a click shows one."""

    def __init__(self, page: StatsScreen) -> None:
        super().__init__(id="tabs")
        self._page = page
        self._places: list[tuple[int, int, int]] = []

    def lay(self, width: int) -> list[Content]:
        """One line or two."""
        rows, self._places = tab_lines(self._page.at, self.say, width)
        return [*rows, Content("")]

    def on_click(self, event: Click) -> None:
        """As its digit."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for at, (row, first, end) in enumerate(self._places):
            if row == offset.y and first <= offset.x < end:
                self._page.action_show(at + 1)


class FigureView(Laid):
    """The picture that is shown."""

    def __init__(self, page: StatsScreen) -> None:
        super().__init__(id="text")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """Nothing while it is being counted."""
        result = self._page.result
        if result is None:
            return []
        return page_lines(result, self.say, width, self._page.size.height)


class StatsScreen(Page[None]):
    """One picture at a time."""

    DEFAULT_CSS = """
    StatsScreen #header, StatsScreen #footer, StatsScreen #dock { max-width: 80; }
    StatsScreen #tabs { max-width: 80; padding: 0 2; }
    """
    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("turn(-1)", ("left", "h"), words="stats-previous", weight=0),
        Command("turn(1)", ("right", "l"), words="stats-next", weight=6),
        Command("show", tuple("123456789"), words="stats-show", numbered=True, weight=6),
        Command("period", ("p",), words="stats-period", weight=8),
        Command("topic", ("f",), words="stats-topic", weight=4),
        Command("export", ("x",), words="stats-export", weight=5),
        Command("retry", ("r",), words="stats-retry", weight=9),
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        SCROLL,
        Command("all_topics", ("escape",), words="stats-all-topics", weight=9),
        BACK,
    )
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, topic: str | None = None) -> None:
        """`topic` (`pack:topic`) is the one that `f` offers first."""
        super().__init__()
        self.at = 0
        self.period = Period.YEAR
        self._offered = topic
        self._topic: str | None = None
        self._known: dict[_Key, Result] = {}
        self._statistics: Statistics | None = None
        self._wanted: object = None
        self._failed = False

    def compose(self) -> ComposeResult:
        """Header, names, the picture, footer."""
        yield band(HeaderLine(self._header))
        yield band(TabsView(self))
        with VerticalScroll(id="sheet"), Vertical(id="column"):
            yield FigureView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Count the first picture."""
        super().on_mount()
        self.set_focus(self.query_one("#sheet"))
        self._show()

    def on_unmount(self) -> None:
        """Nobody waits any more."""
        self._wanted = None

    @property
    def key(self) -> _Key:
        """What is shown."""
        return KINDS[self.at], self.period, self._topic

    @property
    def result(self) -> Result | None:
        """What it came to; None while it is being counted."""
        return self._known.get(self.key)

    def _header(self, _width: int) -> tuple[Content, Content]:
        say, kind = self.say, KINDS[self.at]
        left = line((say("stats.title"), "bold"), (f" · {say(f'stats.kind.{kind}')}", "bold"))
        if self.result is None:
            return left, Content("")
        return left, line((range_words(kind, self.result.asked, say), "$muted"))

    def allows(self, action: str) -> bool:
        """What there is to do."""
        name = action.partition("(")[0]
        if name in ("all_topics", "back"):
            return (self._topic is None) is (name == "back")
        if name == "retry":
            return self._failed
        if name == "period":
            return KINDS[self.at] not in (Kind.MASTERY, Kind.STABILITY)
        return True

    def redraw(self) -> None:
        """Another language, the same numbers."""
        super().redraw()
        for laid in self.query(Laid):
            laid.relay()

    # Counting

    def _show(self) -> None:
        """Show what is known, else count it; what was being counted is given up."""
        self._failed = False
        self._wanted = wanted = object()
        for laid in self.query(Laid):
            laid.relay()
        self.query_one(Notice).clear()
        self.query_one("#sheet", VerticalScroll).scroll_home(animate=False)
        self.refooter()
        if self.result is None:
            apart(self, partial(self._count, self.key, wanted), "stats", exclusive=True)

    async def _count(self, key: _Key, wanted: object) -> None:
        notice = self.query_one(Notice)
        timer = self.set_timer(
            PATIENCE, lambda: notice.tell(lambda: self.say("tui.stats.counting"), Tone.WAIT)
        )
        try:
            self._known[key] = await self._gathered(key, wanted)
        except (StoppedError, CancelledError):
            return
        except Exception as error:  # every failure becomes words; the screen stays
            words = error
            self._failed = True
            notice.tell(lambda: sentence(words, self.say, self.gradus.paths.app_log), Tone.PROBLEM)
        finally:
            timer.stop()
            notice.clear(Tone.WAIT)
        if self._wanted is wanted:
            for laid in self.query(Laid):
                laid.relay()
            self.refooter()

    async def _gathered(self, key: _Key, wanted: object) -> Result:
        study = await self.gradus.desk.study()
        if self._statistics is None:
            self._statistics = Statistics(study)
        statistics = self._statistics
        return await self.gradus.desk.do(
            lambda: statistics.gather(*key, stop=lambda: self._wanted is not wanted)
        )

    # Actions

    def action_turn(self, step: int) -> None:
        """The picture beside it."""
        self.at = (self.at + step) % len(KINDS)
        self._show()

    def action_show(self, number: int) -> None:
        """The picture of that digit."""
        self.at = number - 1
        self._show()

    def action_period(self) -> None:
        """A longer time; after all of it the shortest."""
        self.period = PERIODS[(PERIODS.index(self.period) + 1) % len(PERIODS)]
        self._show()

    def action_topic(self) -> None:
        """One topic, chosen from all."""
        apart(self, self._choose_topic, "stats-topics", exclusive=True)

    async def _choose_topic(self) -> None:
        from app.tui.screens.stats_topics import choosing_topic

        notice = self.query_one(Notice)
        try:
            study = await self.gradus.desk.study()
            topics = await self.gradus.desk.do(study.library.topics)
        except Exception as error:  # as above
            words = error
            notice.tell(lambda: sentence(words, self.say, self.gradus.paths.app_log), Tone.PROBLEM)
            return
        if self.is_current:
            first = self._topic or self._offered
            self.app.push_screen(choosing_topic(topics, first, self._limit_to, self.say))

    def _limit_to(self, topic: str) -> None:
        self._topic = self._offered = topic
        self._show()

    def action_all_topics(self) -> None:
        """The figures of all topics again."""
        self._topic = None
        self._show()

    def action_retry(self) -> None:
        """Count once more."""
        self._show()

    def action_export(self) -> None:
        """Write all pictures as one page."""
        self._wanted = wanted = object()
        apart(self, partial(self._export, wanted), "stats", exclusive=True)

    async def _export(self, wanted: object) -> None:
        notice = self.query_one(Notice)
        notice.tell(lambda: self.say("tui.stats.exporting"), Tone.WAIT)
        try:
            for kind in KINDS:
                key = (kind, self.period, self._topic)
                if key not in self._known:
                    self._known[key] = await self._gathered(key, wanted)
            results = [self._known[kind, self.period, self._topic] for kind in KINDS]
            study = await self.gradus.desk.study()
            path = page_path(
                self.gradus.paths.data / "statistics", study.clock.local(study.clock.now())
            )
            say, today = self.say, study.clock.today()
            await self.gradus.desk.do(lambda: write_page(path, as_page(results, today, say)))
        except (StoppedError, CancelledError):
            return
        except Exception as error:  # as above
            words = error
            notice.tell(lambda: sentence(words, self.say, self.gradus.paths.app_log), Tone.PROBLEM)
            return
        notice.tell(lambda: self.say("tui.stats.exported", path=str(path)), Tone.DONE)
        for laid in self.query(FigureView):
            laid.relay()

    def action_back(self) -> None:
        """Home."""
        self._wanted = None
        self.dismiss(None)
