"""Sliders as rows: a name, its value, what it may be moved to, and where it began.

Promise: told by signs and words, never by colour alone; a typed number acts as it is typed.
Must not evaluate: who listens to `Moved` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click, Key
from textual.message import Message

from app.lab.sliders import Slider, unfinished
from app.lab.telling_sliders import ignored_words, outside_words, range_words
from app.tui.page import text_lines
from app.tui.widgets.laid import Laid, fitted, line, spread
from app.values import text_value

_TRACK = 20
_NAME_AT_MOST = 16
_DIGITS = frozenset("0123456789.-eE")
_TAKEN = frozenset("Lt")
"""Letters that act on every screen."""


class SliderPanel(Laid, can_focus=True):
    """Rows of sliders, one of them selected."""

    @dataclass
    class Moved(Message):
        """A slider stands at another value."""

        slider: Slider

    @dataclass
    class Left(Message):
        """The person is done here: the input takes the keys."""

    def __init__(self) -> None:
        super().__init__(id="sliders")
        self._sliders: Sequence[Slider] = ()
        self.cursor = 0
        self.typed = ""
        self.ignored = ""
        self.drawn = True
        self.note = ""

    def show(self, sliders: Sequence[Slider], *, drawn: bool, note: str = "") -> None:
        """Show these; `drawn`: they are an item's draw. `note` is the key of a remark."""
        self._sliders, self.drawn, self.note = tuple(sliders), drawn, note
        self.cursor = min(self.cursor, max(0, len(self._sliders) - 1))
        self.relay()

    @property
    def selected(self) -> Slider | None:
        """The slider under the cursor."""
        return self._sliders[self.cursor] if self._sliders else None

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The mark of the selected row shows only with the focus."""
        self.typed = self.ignored = ""
        self.relay()

    # Keys

    def pick(self, step: int) -> None:
        """Select another row."""
        self.typed = self.ignored = ""
        self.cursor = (self.cursor + step) % max(1, len(self._sliders))
        self.relay()

    def slide(self, step: int) -> None:
        """Move the selected slider."""
        self.typed = self.ignored = ""
        if self.selected is not None:
            self._moved(self.selected.moved(step))

    def back(self) -> None:
        """The selected slider to where it began."""
        self.typed = self.ignored = ""
        if self.selected is not None:
            self._moved(self.selected.back())

    def _moved(self, slider: Slider) -> None:
        self.post_message(self.Moved(slider))

    async def _on_key(self, event: Key) -> None:
        char = event.character or ""
        handled = True
        if event.key in ("tab", "shift+tab"):
            self.pick(1 if event.key == "tab" else -1)
        elif event.key == "backspace":
            self._type(self.typed[:-1])
        elif char in _DIGITS and len(char) == 1 and (self.typed or char not in "0eE"):
            self._type(self.typed + char)
        elif char.isalpha() and char not in _TAKEN and self._jump(char):
            pass
        else:
            handled = False
        if handled:
            event.stop()
            event.prevent_default()

    def _type(self, text: str) -> None:
        slider = self.selected
        if slider is None:
            return
        moved = slider.typed(text) if text else slider.back()
        if moved is None and not unfinished(slider, text):
            self.ignored = text
        else:
            self.typed, self.ignored = text, ""
        if moved is not None:
            self._moved(moved)
        self.relay()

    def _jump(self, char: str) -> bool:
        """To the next slider whose name begins with that letter."""
        count = len(self._sliders)
        for step in range(1, count + 1):
            place = (self.cursor + step) % count
            if self._sliders[place].name.casefold().startswith(char.casefold()):
                self.typed = self.ignored = ""
                self.cursor = place
                self.relay()
                return True
        return False

    def on_click(self, event: Click) -> None:
        """A click selects a row."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 < offset.y <= len(self._sliders):
            self.cursor = offset.y - 1
            self.relay()

    # Lines

    def lay(self, width: int) -> list[Content]:
        """A heading, then a row a slider."""
        if not self._sliders:
            return []
        say = self.say
        title = say("lab.slider.title" if self.drawn else "lab.slider.title-own")
        legend = say("lab.slider.drawn" if self.drawn else "lab.slider.first")
        if self.note:
            legend = say(self.note)
        names = min(max(cell_len(slider.name) for slider in self._sliders), _NAME_AT_MOST)
        head = spread(
            line((title, "$muted")), line((legend, "$warning" if self.note else "$muted")), width
        )
        rows = [head]
        for n, slider in enumerate(self._sliders):
            here = self.has_focus and n == self.cursor
            mark = line(("▸ " if here else "  ", "bold $accent"))
            name = line((fitted(slider.name, names), "bold" if here else "$code"))
            room = width - names - 5
            rows.append(line(mark, name, "   ", self._body(slider, here, room)))
        if remark := self._remark():
            told = text_lines(remark, width - 2, say.language, "$warning")
            rows += [line("  ", row) for row in told]
        return [*rows, Content("")]

    def _remark(self) -> str:
        """What was typed to no effect, else a value that is measured but not drawn."""
        selected = self.selected
        if selected is not None and self.ignored:
            return ignored_words(selected, self.ignored, self.say)
        beyond = (slider for slider in (selected, *self._sliders) if slider and not slider.allowed)
        return next((outside_words(one, self.say, drawn=self.drawn) for one in beyond), "")

    def _body(self, slider: Slider, here: bool, room: int) -> Content:
        typed = self.typed if here else ""
        if slider.choices:
            body = _choices(slider, typed, here)
            if body.cell_length <= room:
                return body
        return _track(slider, typed, here, room, self._range(slider))

    def _range(self, slider: Slider) -> str:
        if slider.choices:
            return f"{text_value(slider.choices[0])} … {text_value(slider.choices[-1])}"
        return range_words(slider, self.say)


def _now(text: str, here: bool) -> tuple[str, str]:
    return f"[{text}]", "bold $accent" if here else "bold"


def _choices(slider: Slider, typed: str, here: bool) -> Content:
    pieces: list[tuple[str, str]] = []
    shown = typed or text_value(slider.value)
    met = False
    for choice in slider.choices:
        now = choice == slider.value and isinstance(choice, bool) == isinstance(slider.value, bool)
        first = "°" if slider.at(choice).changed is False else ""
        text = text_value(choice)
        if now:
            met = True
            pieces.append(_now(text, here))
            pieces.append((f"{first or ' '} ", "$muted"))
        else:
            pieces.append((f" {text}{first or ' '}", "$muted"))
            pieces.append((" ", ""))
    if not met:
        pieces += [_now(shown, here), ("  ", "")]
    return line(*pieces).rstrip()


def _track(slider: Slider, typed: str, here: bool, room: int, words: str) -> Content:
    value = typed or text_value(slider.value)
    first = "°" if not slider.changed else ""
    places = min(_TRACK, max(6, room - cell_len(words) - 14))
    now = round(slider.share * (places - 1))
    began = round(slider.original_share * (places - 1))
    track = ["─"] * places
    track[began] = "°" if began != now else track[began]
    track[now] = "●"
    head = line(_now(value, here), (first, "$muted"))
    gap = " " * max(1, 11 - head.cell_length)
    body = line(head, gap, ("".join(track), "$accent" if here else "$muted"))
    if body.cell_length + 2 + cell_len(words) <= room:
        body = line(body, "  ", (words, "$muted"))
    return body
