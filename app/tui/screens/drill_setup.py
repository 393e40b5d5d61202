"""Putting a round together: what, how hard, in which style, how long, with which seed.

Promise: up and down choose a line, left and right change it, digits type a seed; Enter begins.
Must not begin a round for which the packs hold nothing: it says so.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click, Key

from app.drill.setup import Setup, eligible
from app.drill.styles import Style
from app.tui.commands import Command, bindings
from app.tui.screens.calling import CallingPage
from app.tui.screens.page import band
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, fitted, line
from app.tui.widgets.notice import Notice
from content.pack import Text, in_language

if TYPE_CHECKING:
    from collections.abc import Sequence

Value = TypeVar("Value")
_LINES = ("topics", "levels", "style", "questions", "minutes", "seed")
_LEVELS: tuple[tuple[int, ...], ...] = ((), (1,), (1, 2), (2,), (2, 3), (3,))
_STYLES = tuple(Style)
_MOST_QUESTIONS, _MOST_MINUTES = 60, 120
_SEED_DIGITS = 9


class SetupView(Laid):
    """One line for each thing that can be set, and what the style means."""

    def __init__(self, page: DrillSetupScreen) -> None:
        super().__init__(id="set-up")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """Name and value; the one under the cursor between arrows."""
        from app.tui.page import text_lines

        page, say = self._page, self.say
        rows = []
        for n, name in enumerate(_LINES):
            here = n == page.cursor
            arrows = ("‹ ", " ›") if here else ("  ", "  ")
            value = page.value(name)
            rows.append(
                line(
                    ("▸ " if here else "  ", "$accent"),
                    (fitted(say(f"tui.drill.set.{name}"), 14), "$muted"),
                    (arrows[0], "$accent"),
                    (fitted(value, max(0, width - 20)).rstrip(), "bold" if here else ""),
                    (arrows[1], "$accent"),
                )
            )
        words = say(f"drill.style.{page.setup.style}.about")
        rows += [Content(""), *text_lines(words, width, say.language, "$muted")]
        note = "tui.drill.seeded" if page.setup.seed is not None else "tui.drill.adapts"
        rows += text_lines(say(note), width, say.language, "$muted")
        if page.count is not None:
            few = page.count < page.setup.questions
            key = "tui.drill.few" if few else "tui.drill.items"
            style = "$warning" if few else "$muted"
            rows += text_lines(say(key, n=page.count), width, say.language, style)
        return rows

    def on_click(self, event: Click) -> None:
        """A click moves to a line; on the line it changes the value."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(_LINES):
            self._page.clicked(offset.y)


class DrillSetupScreen(CallingPage):
    """A round of one's own."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("begin", ("enter",), words="drill-begin", weight=9),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="drill-down", weight=4),
        Command("change(-1)", ("left", "h"), words="drill-less", weight=0),
        Command("change(1)", ("right", "l"), words="drill-change", weight=6),
    )
    LAST: ClassVar[tuple[Command, ...]] = (Command("back", ("escape",), weight=9),)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, setup: Setup | None) -> None:
        super().__init__()
        self.setup = replace(setup, drill="") if setup is not None else Setup()
        self.cursor = 0
        self.count: int | None = None
        """Items that fit, once they were counted."""
        self._chapters: list[tuple[tuple[str, ...], Text]] = [(self.setup.topics, "")]

    def compose(self) -> ComposeResult:
        """Header, lines, footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet"), Vertical(id="column"):
            yield SetupView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Find the chapters of the packs."""
        super().on_mount()
        self._go(self._load())

    async def _load(self) -> None:
        study = await self.gradus.desk.study()
        manifests = study.library.manifests()
        own = [(self.setup.topics, "")] if self.setup.topics else []
        self._chapters = [
            ((), ""),
            *own,
            *(
                ((f"{manifest.id}:{chapter.id}",), chapter.title)
                for manifest in manifests
                for chapter in manifest.chapters
            ),
        ]
        await self._recount()

    async def _recount(self) -> None:
        study = await self.gradus.desk.study()
        while True:  # the arrows may have gone on meanwhile
            setup = self.setup
            found = await self._call("tui.study.opening", partial(eligible, study.library, setup))
            if (setup.topics, setup.levels) == (self.setup.topics, self.setup.levels):
                break
        self.count = len(found)
        self._relay()

    def _header(self, _width: int) -> tuple[Content, Content]:
        return line((self.say("tui.drill.own"), "bold")), Content("")

    def value(self, name: str) -> str:
        """A line's value in words."""
        say, setup = self.say, self.setup
        if name == "topics":
            title = next((t for topics, t in self._chapters if topics == setup.topics), "")
            if title:
                return in_language(title, say.language)
            return ", ".join(setup.topics) or say("tui.drill.everything")
        if name == "levels":
            levels = "–".join(
                str(n) for n in dict.fromkeys((*setup.levels[:1], *setup.levels[-1:]))
            )
            return levels or say("tui.drill.every-level")
        if name == "style":
            return say(f"drill.style.{setup.style}")
        if name == "questions":
            return str(setup.questions)
        if name == "minutes":
            return say("drill.minutes", n=setup.minutes)
        return say("tui.drill.no-seed") if setup.seed is None else str(setup.seed)

    # Actions

    def action_move(self, step: int) -> None:
        """Another line."""
        self.cursor = (self.cursor + step) % len(_LINES)
        self._relay()

    def action_change(self, step: int) -> None:
        """The line's next or previous value."""
        setup, name = self.setup, _LINES[self.cursor]
        if name == "topics":
            known = [topics for topics, _ in self._chapters]
            self.setup = replace(setup, topics=_next(known, setup.topics, step))
        elif name == "levels":
            self.setup = replace(setup, levels=_next(_LEVELS, setup.levels, step))
        elif name == "style":
            self.setup = replace(setup, style=_next(_STYLES, setup.style, step))
        elif name == "questions":
            wanted = max(1, min(_MOST_QUESTIONS, setup.questions + step))
            self.setup = replace(setup, questions=wanted)
        elif name == "minutes":
            wanted = max(5, min(_MOST_MINUTES, setup.minutes // 5 * 5 + 5 * step))
            self.setup = replace(setup, minutes=wanted)
        else:
            seed = (-1 if setup.seed is None else setup.seed) + step
            self.setup = replace(setup, seed=None if seed < 0 else seed)
        self._changed()

    def on_key(self, event: Key) -> None:
        """Digits and backspace type the seed."""
        if _LINES[self.cursor] != "seed":
            return
        typed = "" if self.setup.seed is None else str(self.setup.seed)
        if event.character is not None and event.character in "0123456789":
            typed = (typed + event.character)[:_SEED_DIGITS]
        elif event.key == "backspace":
            typed = typed[:-1]
        else:
            return
        event.stop()
        self.setup = replace(self.setup, seed=int(typed) if typed else None)
        self._relay()

    def clicked(self, row: int) -> None:
        """As the arrow keys."""
        if row == self.cursor:
            self.action_change(1)
        else:
            self.cursor = row
            self._relay()

    def action_begin(self) -> None:
        """Begin the round, if there is anything to ask."""
        if self.count == 0:
            self._notice.tell(lambda: self.say("tui.drill.nothing-fits"))
        else:
            self.gradus.drilling.begin(self.setup)

    def action_back(self) -> None:
        """The list."""
        self.dismiss(None)

    def _changed(self) -> None:
        self._relay()
        if _LINES[self.cursor] in ("topics", "levels"):
            self.count = None
            self._go(self._recount())

    def _relay(self) -> None:
        self.query_one(SetupView).relay()


def _next(known: Sequence[Value], value: Value, step: int) -> Value:
    """The value so many places on, round and round."""
    at = known.index(value) if value in known else 0
    return known[(at + step) % len(known)]
