"""The sheet that holds question, answer and verdict, and scrolls where they are longer.

Promise: the arrows scroll unless the page says that they move among points. Must not hold state
of the study.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.containers import VerticalScroll


class Sheet(VerticalScroll):
    """A page of text with the focus."""

    def __init__(self, arrows_scroll: Callable[[], bool]) -> None:
        super().__init__(id="sheet")
        self._arrows_scroll = arrows_scroll

    def watch_has_focus(self, _has_focus: bool) -> None:
        """It looks the same with the focus: its styles and those of all it holds, a tenth of the
        time from Enter to verdict, are not looked up again."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Leave the arrows to the page where it has another use for them."""
        return action not in ("scroll_up", "scroll_down") or self._arrows_scroll()
