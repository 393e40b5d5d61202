"""The app: paints the home screen from a glance, then opens the study loop behind it.

Promise: nothing heavy is imported before the first frame; store, packs and engine open in the
desk's thread; no traceback reaches a person. Must not know what an item is.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import App
from textual.command import CommandPalette
from textual.events import Event, Key, MouseDown, Paste
from textual.worker import WorkerFailed

from app.locale import Locale
from app.paths import Paths
from app.settings import Settings
from app.study.clock import Clock
from app.tui import first_look, themes
from app.tui.apart import apart
from app.tui.ascii import PlainGlyphs, terminal_has_unicode
from app.tui.comfort import Comfort
from app.tui.commands import Command, bindings
from app.tui.desk import Desk
from app.tui.first_look import Look
from app.tui.messages import EngineChanged
from app.tui.problems import record, sentence
from app.tui.screens.home import HomeScreen
from app.tui.screens.page import EVERYWHERE, Page
from app.tui.today import Today, from_glance
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from app.drill.setup import Setup
    from app.lab.session import LabSession
    from app.study.choice import Choice
    from app.study.views import Shown, Summary
    from app.tui.drilling import Drilling
    from app.tui.screens.study import StudyScreen
    from engine.client import EngineClient
    from engine.protocol import EngineEvent

_FEW_COLOURS = ("standard", "windows", None)
_OWN = [
    command._replace(action=command.action.removeprefix("app."), words=command.name)
    for command in (*EVERYWHERE, Command("app.quit", (), twin="ctrl+q", words="quit-anywhere"))
]


class Gradus(App[None]):
    """Gradus in the terminal."""

    TITLE = "Gradus"
    CSS_PATH = "styles/gradus.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = bindings(_OWN)

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        *,
        clock: Clock | None = None,
        study_at_once: bool = False,
        choice: Choice | None = None,
        lab: str | None = None,
        lab_seed: int = 0,
        drill: Setup | int | None = None,
        few_colours: bool | None = None,
        engine: EngineClient | None = None,
        seed: int | None = None,
        look: Look | None = None,
        welcome: bool = False,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.clock = clock or Clock.from_environment()
        self.say = Locale(settings.language)
        self.desk = Desk(paths, settings, self.clock, self._engine_event, engine=engine, seed=seed)
        self.device = "" if settings.device == "auto" else settings.device
        self.trouble: BaseException | None = None
        self.failure = ""
        """What to say of the error that ended the app."""
        self._at_once = study_at_once
        self._choice = choice
        self._lab_at_once = lab
        self._lab_seed = lab_seed
        self._lab: LabSession | None = None
        self._drill_at_once = drill
        self._drilling: Drilling | None = None
        self._look = look or partial(first_look.look, paths, settings, self.clock)
        self._studying: StudyScreen | None = None
        super().__init__(ansi_color=None)
        for theme in themes.THEMES:
            self.register_theme(theme)
        few = few_colours
        if few is None:
            few = "NO_COLOR" in os.environ or self.console.color_system in _FEW_COLOURS
        if few:
            self.theme = themes.TERMINAL.name
        else:
            self._begin_with(settings.theme)
        if not terminal_has_unicode():
            self._filters.append(PlainGlyphs())
        self.comfort = Comfort(self, _OWN, welcome=welcome)

    # The first frame and what follows it

    def _begin_with(self, name: str) -> None:
        """What setting `theme` does, but for parsing every style a second time before a frame."""
        self.set_reactive(App.theme, name)
        self.add_class(f"-theme-{name}", update=False)
        self.set_class(self.current_theme.dark, "-dark-mode", update=False)
        self.set_class(not self.current_theme.dark, "-light-mode", update=False)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> HomeScreen:
        """Home from a glance, the only screen: an empty one below it would be laid out too."""
        return HomeScreen(self._glance(), self._date())

    def on_mount(self) -> None:
        """Everything but home waits until it is painted."""
        self.call_after_refresh(self._after_first_frame)

    def _after_first_frame(self) -> None:
        gc.enable()
        gc.freeze()  # what the first frame needed stays: looking through it again finds nothing
        if self._lab_at_once is not None:
            self.lab(self._lab_at_once)  # its engine comes before what the study loop needs
        self.open_desk()
        self.comfort.begin()
        if self._at_once:
            self.study(self._choice)
        if isinstance(self._drill_at_once, int):
            self.drilling.resume(self._drill_at_once)
        elif self._drill_at_once is not None:
            self.drilling.begin(self._drill_at_once)

    def _glance(self) -> Today:
        seen = self._look()
        return Today() if seen is None else from_glance(seen)

    def _date(self) -> date:
        return date.fromordinal(self.clock.day(self.clock.now()))

    def open_desk(self) -> None:
        """Open the study loop, or try again."""
        apart(self, self._open_desk, "open", exclusive=True)

    async def _open_desk(self) -> None:
        try:
            await self.desk.study()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # told on the home screen, which offers to try again
            self.trouble = error
            words = error
            self.home.query_one(Notice).tell(
                lambda: sentence(words, self.say, self.paths.app_log), Tone.PROBLEM
            )
            self.home.redraw()
            return
        self.trouble = None
        self.home.query_one(Notice).clear()
        if self.screen is self.home:  # a session that began at once is not kept waiting for it
            await self._refresh_home()

    async def _refresh_home(self) -> None:
        from app.tui.today import from_overview

        study = await self.desk.study()
        overview = await self.desk.do(study.overview)
        assert self.desk.library is not None
        self.home.show(from_overview(overview), self._date())
        self.comfort.retitle()

    @property
    def home(self) -> HomeScreen:
        """The screen at the bottom."""
        return next(s for s in self.screen_stack if isinstance(s, HomeScreen))

    # Studying

    @property
    def paused(self) -> bool:
        """Whether a session waits to be resumed."""
        return self._studying is not None and self._studying.shown is not None

    def study(self, what: str | Choice | None = None) -> None:
        """Resume the session on that topic or choice (or on everything), or begin one."""
        from app.tui.screens.study import StudyScreen

        known = self._studying
        if known is not None and (known.what != what or known.finished):
            self._drop_study()
            known = None
        if known is None:
            known = StudyScreen(what)
            self._studying = known
            self.install_screen(known, "study")
        self.push_screen("study")

    def _drop_study(self) -> None:
        if self._studying is not None:
            screen, self._studying = self._studying, None
            self.uninstall_screen("study")
            if screen.is_mounted and screen not in self.screen_stack:
                self.call_later(screen.remove)

    def leave_study(self) -> None:
        """Home; the session waits as it stands."""
        self.pop_screen()
        if self._studying is not None and self._studying.finished:
            self._drop_study()
        self.refresh_home()

    def refresh_home(self) -> None:
        """Count again, behind the screens."""
        apart(self, self._refresh_home, "home", exclusive=True)

    def undo_last(self) -> None:
        """From home: in the waiting session if there is one, else in the log."""
        if self.paused and self._studying is not None:
            self.study(self._studying.what)
            self._studying.action_undo()
        else:
            apart(self, self._undo, "home", exclusive=True)

    async def _undo(self) -> None:
        notice = self.home.query_one(Notice)
        try:
            study = await self.desk.study()
            undone = await self.desk.do(study.undo)
            await self._refresh_home()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # told on the home screen
            words = error
            notice.tell(lambda: sentence(words, self.say, self.paths.app_log), Tone.PROBLEM)
            return
        from app.tui.turning import tell

        await tell(notice, self, undone)

    def show_summary(self, summary: Summary) -> None:
        """The end of the session, over the study screen."""
        from app.tui.screens.summary import SummaryScreen

        def done(result: str | None) -> None:
            studying = self._studying
            if result == "undo" and studying is not None:
                studying.finished = False
                studying.action_undo()
                return
            self.leave_study()

        self.push_screen(SummaryScreen(summary), done)

    def show_measurement(self, shown: Shown) -> None:
        """Every figure of that item, measured again."""
        from app.tui.screens.measure import MeasureScreen

        self.push_screen(MeasureScreen(shown))

    def lab(self, text: str = "") -> None:
        """The lab as it was left; `text` is evaluated at once."""
        from app.lab.session import LabSession
        from app.tui.screens.lab import LabScreen

        if self._lab is None:
            self._lab = LabSession(seed=self._lab_seed, device=self.settings.device)
        self.push_screen(LabScreen(self._lab, text=text))

    def what_if(self, shown: Shown) -> None:
        """The lab with that item's draw filled in."""
        from app.lab.whatif import from_item
        from app.tui.screens.lab import LabScreen

        self.push_screen(LabScreen(from_item(shown.prepared), title=shown.topic_title))

    @property
    def drilling(self) -> Drilling:
        """Interview drills."""
        if self._drilling is None:
            from app.tui.drilling import Drilling

            self._drilling = Drilling(self)
        return self._drilling

    def mistake_title(self, item: str, mistake: str) -> str:
        """A mistake's name as its pack writes it; empty if no pack names it."""
        library = self.desk.library
        if library is None:
            return ""
        from app.study.mistakes import mistake_title

        return mistake_title(library, item, mistake, self.say.language)

    # Everywhere

    async def on_event(self, event: Event) -> None:
        """What was told in passing goes with the next thing a person does."""
        if isinstance(event, Key) and not event.is_forwarded:
            page = self.screen
            if isinstance(page, Page) and page.catches(event):
                return
        if isinstance(event, Key | MouseDown | Paste) and not event.is_forwarded:
            for notice in self.screen.query(Notice):
                notice.clear(Tone.NOTE, Tone.DONE)
        await super().on_event(event)

    def action_switch_language(self) -> None:
        """Everything in the other language, in place."""
        language = "en" if self.say.language == "zh" else "zh"
        self.comfort.adopt(replace(self.settings, language=language))

    def action_switch_theme(self) -> None:
        """Dark and light change places."""
        self.comfort.use_theme(themes.following(self.theme))

    def action_help(self) -> None:
        """The keys that work on this screen."""
        from app.tui.screens.help import HelpScreen

        page = self.screen
        if isinstance(page, Page) and not isinstance(page, HelpScreen):
            self.push_screen(HelpScreen(page.available(), typing=page.typing))

    def action_help_quit(self) -> None:
        """Ctrl+c: how to leave, instead of nothing."""
        screen = self.screen
        where = "study" if screen is self._studying else "home"
        if not isinstance(screen, CommandPalette):
            for notice in screen.query(Notice):
                notice.tell(lambda: self.say(f"tui.{where}.leave-how"))

    def action_command_palette(self) -> None:
        """Everything by name."""
        from app.tui.palette import GradusCommands

        if not isinstance(self.screen, CommandPalette):
            words = self.say("tui.palette.search")
            self.push_screen(CommandPalette([GradusCommands], placeholder=words))

    # The engine

    def _engine_event(self, event: EngineEvent) -> None:
        """Called from the engine's thread."""
        if self.is_running:
            self.post_message(EngineChanged(event))

    @on(EngineChanged)
    def _engine_changed(self, message: EngineChanged) -> None:
        if message.event.state == "restarted" and isinstance(self.screen, Page):
            for notice in self.screen.query(Notice):
                notice.tell(lambda: self.say("tui.engine.restarted"))

    # The end

    def on_unmount(self) -> None:
        """Close what the desk opened; nobody waits for a measurement any more."""
        if self._studying is not None:
            self._studying.cancel()
        if self._drilling is not None:
            self._drilling.cancel()
        self.comfort.untitle()
        self.desk.close()

    def _fatal_error(self) -> None:
        """One sentence instead of a traceback, which goes to the log file."""
        error: BaseException | None = self._exception
        if isinstance(error, WorkerFailed):
            error = error.error
        if error is not None and not self.failure:
            record(error, self.paths.app_log)
            kind = type(error).__name__
            self.failure = self.say("cli.unexpected", kind=kind, log=self.paths.app_log)
        self.panic()

    def run_through(self) -> int:
        """Run to the end; returns the exit code. What ended the app too early is said once the
        terminal is its own again: Textual would break the line where no word ends, and count
        what else failed on the way out."""
        self.run()
        if self.failure:
            sys.stderr.write(self.failure + "\n")
        return self.return_code or 0
