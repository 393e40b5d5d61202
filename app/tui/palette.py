"""The command palette: what applies on the screen below it, in the language of the moment.

Promise: derives from the screen's commands; adds themes and languages by name. Must not list keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from app.tui.screens.page import Page
from app.tui.themes import THEMES
from app.tui.widgets.laid import fitted, line

if TYPE_CHECKING:
    from app.tui.app import Gradus

_KEY = 5
_NOT_HERE = frozenset({"app.command_palette", "move(-1)", "move(1)", "tick_here"})


class GradusCommands(Provider):
    """Commands of the screen, themes, languages."""

    def _entries(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        app = cast("Gradus", self.app)
        page = self.screen
        if isinstance(page, Page):
            for command in page.available():
                if command.action not in _NOT_HERE and not (command.numbered or command.inborn):
                    run = partial(page.run_action, command.action)
                    yield app.say(command.help), command.key(typing=page.typing) or "", run
        for theme in THEMES:
            if theme.name != app.theme:
                yield (
                    app.say(f"tui.theme.{theme.name}"),
                    "",
                    partial(app.comfort.use_theme, theme.name),
                )

    async def discover(self) -> Hits:
        """Everything that applies."""
        for words, key, run in self._entries():
            yield DiscoveryHit(_entry(Content(words), key), run, text=words)

    async def search(self, query: str) -> Hits:
        """What matches."""
        matcher = self.matcher(query)
        found = False
        for words, key, run in self._entries():
            score = matcher.match(words)
            if score > 0:
                found = True
                yield Hit(score, _entry(matcher.highlight(words), key), run, text=words)
        if not found:
            words = cast("Gradus", self.app).say("tui.palette.nothing")
            yield Hit(0.01, line((words, "$muted")), lambda: None, text=words)


def _entry(words: Content, key: str) -> Content:
    return line((fitted(key, _KEY), "$muted"), words)
