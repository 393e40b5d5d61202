"""What a person chose, put into effect: language, colours, keys, motion, title, a day's load.

Promise: one way in (`adopt`), which saves and changes what is on screen at once; what takes
effect only at the next start is named in `LATER`. Before the first frame it does next to nothing.
Must not know how settings are edited.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import constants

from app.locale import Locale
from app.settings import save
from app.tui import themes
from app.tui.commands import rebound
from app.tui.problems import record
from app.tui.screens.home import HomeScreen
from app.tui.screens.page import Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.settings import Settings
    from app.tui.app import Gradus
    from app.tui.commands import Command

LATER = frozenset({"desired_retention", "device", "plain", "plain_keyboard"})
"""Settings that take effect when Gradus is opened again."""
_LIMITS = (
    *("new_per_day", "new_from_minutes", "minutes_per_day", "reviews_per_day", "easy_days"),
    *("days_off", "spread_days", "spread_from", "goal_date", "goal_name", "goal_topics"),
)
"""Settings that decide what a day brings."""
_PUSH, _POP = "\x1b[22;2t", "\x1b[23;2t"
"""Terminals that know these keep the title they had, and give it back."""


class Comfort:
    """The settings of a running app."""

    def __init__(self, app: Gradus, everywhere: Sequence[Command], *, welcome: bool) -> None:
        self._app = app
        self._everywhere = everywhere
        self._unchosen = app._bindings
        self._welcome = welcome
        self._title: str | None = None
        self.motion()
        self.rebind()

    # After the first frame

    def begin(self) -> None:
        """The title, and the welcome of a person who is here for the first time."""
        self.retitle()
        if self._welcome:
            self.welcome()

    def welcome(self) -> None:
        """Greet who never answered anything."""
        from app.progress.beginning import answered_before

        if not answered_before(self._app.paths.database):
            from app.tui.screens.welcome import WelcomeScreen

            self._app.push_screen(WelcomeScreen(), lambda _: self._app.refresh_home())

    def settings(self) -> None:
        """The settings, over home."""
        from app.tui.screens.settings import SettingsScreen

        self._app.push_screen(SettingsScreen(), lambda _: self._app.refresh_home())

    # Settings

    def adopt(self, settings: Settings) -> OSError | None:
        """These settings from now on; what kept them from being saved, if anything did."""
        app, before = self._app, self._app.settings
        app.settings = settings
        problem = None
        try:
            save(settings, app.paths.settings)
        except OSError as error:
            record(error, app.paths.app_log)
            problem = error
        if settings.language != app.say.language:
            app.say = Locale(settings.language)
            self.redraw()
        if settings.theme != before.theme:
            self.recolour(settings.theme)
        if settings.keys != before.keys:
            self.rebind()
        if settings.reduced_motion != before.reduced_motion:
            self.motion()
        if any(getattr(settings, name) != getattr(before, name) for name in _LIMITS):
            app.desk.adopt(settings)
        self.retitle()
        return problem

    def redraw(self) -> None:
        """Every page of the stack in the language and the colours of the moment."""
        for screen in self._app.screen_stack:
            if isinstance(screen, Page):
                screen.redraw()

    def recolour(self, theme: str) -> None:
        """Show that theme; where the terminal has few colours, its own stay."""
        if self._app.theme != themes.TERMINAL.name:
            self._app.theme = theme
            self.redraw()

    def use_theme(self, name: str) -> None:
        """Show that theme, whatever the terminal can do, and remember it as far as it is one."""
        self._app.theme = name
        self.redraw()
        if name != themes.TERMINAL.name:
            self.adopt(replace(self._app.settings, theme=name))

    def rebind(self) -> None:
        """Listen to the keys that are chosen now."""
        app = self._app
        app._bindings = rebound(self._unchosen, self._everywhere, app.settings.keys)
        if app.is_running:
            for screen in app.screen_stack:
                if isinstance(screen, Page):
                    screen.rebind()
                    screen.refooter()

    def motion(self) -> None:
        """Whether anything moves in steps."""
        if self._app.settings.reduced_motion:
            self._app.animation_level = "none"
        else:
            self._app.animation_level = constants.TEXTUAL_ANIMATIONS

    # The terminal's title

    def retitle(self) -> None:
        """Tell the terminal how many items are due."""
        app = self._app
        if not app.settings.terminal_title:
            self.untitle()
            return
        home = next((one for one in app.screen_stack if isinstance(one, HomeScreen)), None)
        due = 0 if home is None else home.today.due
        words = app.say("tui.title.due", n=due) if due else app.say("tui.title.none")
        if words == self._title:
            return
        first = _PUSH if self._title is None else ""
        self._title = words
        self._write(f"{first}{titled(words)}")

    def untitle(self) -> None:
        """Give the terminal back the title it had."""
        if self._title is not None:
            self._title = None
            self._write(titled("") + _POP)

    def _write(self, text: str) -> None:
        driver = self._app._driver
        if driver is not None and not self._app.is_web:
            driver.write(text)


def titled(words: str) -> str:
    """The sequence that sets a terminal's title; nothing in the words can end or extend it."""
    plain = "".join(char if char.isprintable() else " " for char in words)
    return f"\x1b]2;{plain}\x07"
