"""From home to the items and back: the query a person left is there when they return.

Promise: imported with the first look at the items. Must not find or act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.browse.browser import Sorting
from app.tui.screens.browse import BrowseScreen

if TYPE_CHECKING:
    from app.tui.app import Gradus


class Browsing:
    """The browser's screens on the app's stack."""

    def __init__(self, app: Gradus) -> None:
        self._app = app
        self._text = ""
        self._sorting = Sorting()

    def open(self) -> None:
        """The items, as they were left."""
        screen = BrowseScreen(self._text, self._sorting)

        def left(_: None) -> None:
            self._text, self._sorting = screen.text, screen.sorting
            self._app.refresh_home()

        self._app.push_screen(screen, left)
