"""What every screen has: commands that apply now, a footer that shows them, two languages.

Promise: bindings, footer, palette and help derive from `KEYS`; `allows` alone decides what
applies. A language or theme switch redraws in place and touches no typed text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import on
from textual.containers import Horizontal
from textual.events import DescendantBlur, DescendantFocus, ScreenResume
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from app.tui.commands import Command, rebound, remapped
from app.tui.messages import CommandChosen
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.laid import Laid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.binding import BindingsMap
    from textual.events import Key

    from app.locale import Locale
    from app.tui.app import Gradus

Result = TypeVar("Result")

EVERYWHERE = (
    Command("app.switch_language", ("L",), twin="ctrl+l", words="language", weight=7),
    Command("app.switch_theme", ("t",), twin="ctrl+t", words="theme", weight=0),
    Command("app.command_palette", (), twin="ctrl+p", words="palette", weight=0),
    Command("app.help", ("question_mark",), twin="f1", weight=10),
)
"""Commands of every screen; bound by the app."""


def band(widget: Widget) -> Horizontal:
    """The widget in the middle of the screen's width."""
    return Horizontal(widget, classes="band")


class Page(Screen[Result]):
    """A screen of Gradus."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012
    KEYS: ClassVar[tuple[Command, ...]] = ()
    LAST: ClassVar[tuple[Command, ...]] = ()
    """Shown after the commands of every screen: leave, quit."""
    _unchosen: BindingsMap | None = None
    """The bindings as the class has them."""
    _bound_for: Mapping[str, str] | None = None
    _drawn_in = ""

    @property
    def gradus(self) -> Gradus:
        """The app."""
        return cast("Gradus", self.app)

    @property
    def say(self) -> Locale:
        """The language of the moment."""
        return self.gradus.say

    @property
    def typing(self) -> bool:
        """Whether letters go to a field."""
        return isinstance(self.focused, Input) or getattr(self.focused, "takes_letters", False)

    def catches(self, event: Key) -> bool:  # noqa: ARG002
        """Whether the page takes this key before any command does: it asked for one."""
        return False

    def allows(self, action: str) -> bool:  # noqa: ARG002
        """Whether that action applies now."""
        return True

    def available(self) -> tuple[Command, ...]:
        """The commands that apply now, in the footer's order."""
        ordered = (*self.KEYS, *EVERYWHERE, *self.LAST)
        keys = self.gradus.settings.keys
        return tuple(remapped(command, keys) for command in ordered if self.allows(command.action))

    def key_of(self, name: str) -> str:
        """How the key of that command is shown now; empty where the screen has none."""
        keys = self.gradus.settings.keys
        for command in (*self.KEYS, *EVERYWHERE, *self.LAST):
            if command.id == name:
                return remapped(command, keys).key(typing=self.typing) or ""
        return ""

    def rebind(self) -> None:
        """Listen to the keys that are chosen now."""
        keys = self.gradus.settings.keys
        if self._bound_for is keys:
            return
        self._unchosen = self._unchosen or self._bindings
        self._bindings = rebound(self._unchosen, (*self.KEYS, *self.LAST), keys)
        self._bound_for = keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Refuse what does not apply; the key is then free for what does."""
        return self.allows(action)

    def refooter(self) -> None:
        """Show what can be pressed now."""
        for footer in self.query(CommandFooter):
            footer.show(self.available(), typing=self.typing)

    def redraw(self) -> None:
        """Lay everything out anew in the language of the moment."""
        self._drawn_in = self.say.language
        for laid in self.query(Laid):
            laid.relay()
        self.refooter()

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _focus_moved(self) -> None:
        self.refooter()

    @on(CommandChosen)
    async def _chosen(self, message: CommandChosen) -> None:
        message.stop()
        action = message.action
        if action == "rate":
            return
        await self.run_action(action)

    def on_mount(self) -> None:
        """Show the footer of the first state."""
        self._drawn_in = self.say.language
        self.rebind()
        self.refooter()

    @on(ScreenResume)
    def _resumed(self) -> None:
        """Language and keys may be others since."""
        if not self.is_mounted:
            return
        self.rebind()
        if self._drawn_in != self.say.language:
            self.redraw()
