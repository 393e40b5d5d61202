"""The preview of a pack: one item after the other under any draw, anew whenever a file is saved.

Promise: nothing is written and nothing counts; a broken file leaves the item as it was and says
what is wrong. Must not read files or measure itself (`app.previewing` does, in a thread).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual.content import Content

from app.previewing import Previewed, Slip, slips
from app.tui.apart import apart, opened_apart
from app.tui.commands import SCROLL, Command, bindings
from app.tui.problems import record
from app.tui.screens.overlay import ReadingPage
from app.tui.widgets.laid import line
from content.diagnostic import Diagnostic
from content.pack import Card, in_language
from content.prepare import Prepared
from engine.protocol import Failure

_LOOK_EVERY = 0.1
"""Seconds between looks at the files; a save shows within half a second."""
_DRAWS = 10
_QUIT = Command("app.quit", ("q",), words="quit", weight=9)


class PreviewScreen(ReadingPage[None]):
    """A pack's items as its author sees them."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("next_item", ("n",), words="preview-next", weight=9),
        Command("item_before", ("p",), words="preview-before", weight=7),
        Command("choose_item", ("slash",), words="preview-choose", weight=6),
        Command("to_changed", ("e",), words="preview-changed", weight=8),
        Command("other_draw", ("d",), words="preview-draw", weight=8),
        Command("draw_before", ("D",), words="preview-draw-before", weight=2),
        Command("next_mistake", ("m",), words="preview-mistake", weight=8),
        Command("next_language", ("g",), words="preview-language", weight=4),
        Command("prove", ("c",), words="preview-prove", weight=6),
    )
    LAST: ClassVar[tuple[Command, ...]] = (SCROLL, _QUIT)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.pack: Previewed | None = None
        self.item = ""
        self.seed = 0
        self.prepared: Prepared | None = None
        self.failure: Failure | None = None
        self.proved: tuple[Diagnostic, ...] | None = None
        self.proving = False
        self._slip = 0
        self._language = ""
        self._looking = False
        self._moved = False
        """Whether the person went to another item since an item was changed."""
        self._beside = False

    def on_mount(self) -> None:
        """Read the pack, then look at it again and again."""
        super().on_mount()
        apart(self, self._open, "open")

    async def _open(self) -> None:
        self.pack = await opened_apart(lambda: Previewed(self._path))
        self._settle()
        self.set_interval(_LOOK_EVERY, self._look)
        self._check()

    def _look(self) -> None:
        if not self._looking and self.pack is not None:
            self._looking = True
            apart(self, self._look_again, "look")

    async def _look_again(self) -> None:
        assert self.pack is not None
        try:
            if await asyncio.to_thread(self.pack.changed):
                self.proved = None
                if self.pack.edited not in ("", self.item) and not self._moved:
                    self._turn_to(self.pack.edited)
                else:
                    self._settle()
                self._moved = self._moved and not self.pack.edited
                self._check()
        except OSError as error:  # a file went while it was read: the next look tells
            record(error, self.gradus.paths.app_log)
        finally:
            self._looking = False

    def _settle(self) -> None:
        """Stay on the item if it is still there, else go to the first."""
        assert self.pack is not None
        names = self.pack.names
        if self.item not in names:
            self.item, self.prepared, self.failure = (names[0] if names else ""), None, None
        self._prepare()

    def _check(self) -> None:
        apart(self, self._find, "check", exclusive=True)

    async def _find(self) -> None:
        assert self.pack is not None
        await asyncio.to_thread(self.pack.check)
        self.relay()

    def _prepare(self) -> None:
        self.refooter()
        if self.item:
            apart(self, self._measure, "item", exclusive=True)
        else:
            self.relay()

    async def _measure(self) -> None:
        assert self.pack is not None
        name, seed = self.item, self.seed
        engine = await self.gradus.desk.ready_engine()
        found = await asyncio.to_thread(self.pack.prepare, name, seed, engine.measure)
        if (name, seed) != (self.item, self.seed):
            return
        self.failure = found if isinstance(found, Failure) else None
        self.prepared = found if isinstance(found, Prepared) else None
        self.relay()
        self.refooter()

    # What a person does

    def allows(self, action: str) -> bool:
        """Only what leads somewhere."""
        pack = self.pack
        match action:
            case "next_item" | "item_before":
                return pack is not None and len(pack.names) > 1
            case "choose_item":
                return pack is not None and len(pack.names) > 1
            case "to_changed":
                return pack is not None and pack.newest in pack.names and pack.newest != self.item
            case "other_draw":
                return self.prepared is not None and bool(self.prepared.draw)
            case "draw_before":
                return self.seed > 0
            case "next_mistake":
                return bool(self._slips())
            case "next_language":
                return pack is not None and len(pack.languages) > 1 and not self._beside
            case "prove":
                return bool(self.item) and not self.proving
        return True

    def action_next_item(self) -> None:
        """The next item, after the last the first."""
        self._go(1)

    def action_item_before(self) -> None:
        """The item before."""
        self._go(-1)

    def _go(self, by: int) -> None:
        assert self.pack is not None
        names = self.pack.names
        at = names.index(self.item) if self.item in names else 0
        self._moved = True
        self._turn_to(names[(at + by) % len(names)])

    def _turn_to(self, name: str) -> None:
        self.item, self.seed, self._slip, self.proved = name, 0, 0, None
        self.prepared = self.failure = None
        self.query_one("#sheet").scroll_home(animate=False)
        self._prepare()

    def action_choose_item(self) -> None:
        """Any item, by a part of its name."""
        from app.tui.screens.preview_choosing import choosing

        assert self.pack is not None
        self.app.push_screen(choosing(self.pack.names, self._choose, self.say))

    def _choose(self, name: str) -> None:
        self._moved = True
        self._turn_to(name)

    def action_to_changed(self) -> None:
        """The item that was changed last."""
        assert self.pack is not None
        self._choose(self.pack.newest)

    def action_other_draw(self) -> None:
        """Other numbers."""
        self.seed += 1
        self._prepare()

    def action_draw_before(self) -> None:
        """The numbers before."""
        self.seed -= 1
        self._prepare()

    def action_next_mistake(self) -> None:
        """The next mistake's explanation."""
        self._slip += 1
        self.relay()

    def action_next_language(self) -> None:
        """The pack's next language, where they do not stand side by side."""
        assert self.pack is not None
        languages = self.pack.languages
        self._language = languages[(languages.index(self._first()) + 1) % len(languages)]
        self.relay()

    def action_prove(self) -> None:
        """Measure this topic on a few draws."""
        apart(self, self._prove, "prove", exclusive=True)

    async def _prove(self) -> None:
        assert self.pack is not None
        self.proving = True
        self.relay()
        try:
            engine = await self.gradus.desk.ready_engine()
            name = self.item
            found = await asyncio.to_thread(self.pack.prove, name, engine.measure, _DRAWS)
            if name == self.item:
                self.proved = found
        finally:
            self.proving = False
            self.relay()
            self.refooter()

    # What is shown

    def _slips(self) -> tuple[Slip, ...]:
        return slips(self.prepared) if self.prepared is not None else ()

    def _first(self) -> str:
        """The language shown where there is room for one."""
        assert self.pack is not None
        for language in (self._language, self.say.language):
            if language in self.pack.languages:
                return language
        return self.pack.languages[0]

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """The pack, the item, where it stands; the draw."""
        if self.pack is None or not self.item:
            return line((str(self._path), "bold")), Content("")
        names = self.pack.names
        at = names.index(self.item) + 1
        title = in_language(self.pack.title, self.say.language)
        drawn = self.prepared.draw if self.prepared is not None else ()
        numbers = "  ".join(f"{name}={value}" for name, value in drawn)
        where = self.say("tui.preview.position", number=at, total=len(names))
        left = line((title, "bold"), (f" · {self.item.partition(':')[2]} · {where}", "$muted"))
        return left, line((numbers, "$figure"))

    def lay(self, width: int) -> list[Content]:
        """The item in its languages, and what is wrong with it."""
        from app.tui.page import text_lines
        from app.tui.screens.preview_page import columns_for, side_by_side, widths

        if self.pack is None:
            return text_lines(self.say("tui.preview.reading"), width, self.say.language, "$muted")
        all_languages = self.pack.languages
        beside = len(all_languages) if columns_for(width, len(all_languages)) else 1
        if self._beside != (beside > 1):
            self._beside = beside > 1
            self.call_after_refresh(self.refooter)
        languages = all_languages if beside > 1 else (self._first(),)
        three = columns_for(width, beside + 1)
        room = widths(width, beside + (1 if three else 0))
        parts = [
            self._item(language, cells) for language, cells in zip(languages, room, strict=False)
        ]
        old = []
        if self.item in self.pack.old:
            words = self.say("tui.preview.old")
            old = [*text_lines(words, width, self.say.language, "bold $mistake"), Content("")]
        if three:
            return [*old, *side_by_side([*parts, self._wrong(room[-1])], room)]
        below = self._wrong(width)
        rule = line(("─" * width, "$faint"))
        return [*old, *side_by_side(parts, room), Content(""), rule, *below]

    def _item(self, language: str, width: int) -> list[Content]:
        from app.tui.page import text_lines
        from app.tui.screens.preview_page import failure_lines, item_lines

        if self.failure is not None:
            return failure_lines([self.failure], language, self.say, width)
        if self.prepared is None:
            key = "measuring" if self.item else "empty"
            return text_lines(self.say(f"tui.preview.{key}"), width, self.say.language, "$muted")
        found = self._slips()
        slip = found[self._slip % len(found)] if found else None
        rows = item_lines(self.prepared, language, width, slip, self.say, self.app.size.height)
        failures = failure_lines(self.prepared.failures, language, self.say, width)
        return [*rows, Content(""), *failures] if failures else rows

    def _wrong(self, width: int) -> list[Content]:
        """What is wrong with this item, then whether anything is with others."""
        from app.tui.screens.preview_page import diagnostic_lines, elsewhere_lines
        from app.worked import worked

        assert self.pack is not None
        shown = self.prepared
        differs = (
            shown is not None
            and not isinstance(shown.item, Card)
            and not worked(shown, self.say.language).agrees
        )
        own = diagnostic_lines(self._diagnostics(), self.say, width, differs=differs)
        others = elsewhere_lines(self.pack.elsewhere(self.item), self.say, width)
        return [*self._state(width), *own, *others]

    def _state(self, width: int) -> list[Content]:
        from app.tui.page import text_lines

        say = self.say
        if self.proving:
            return text_lines(say("tui.preview.proving"), width, say.language, "$muted")
        if self.proved is not None:
            return text_lines(say("tui.preview.proved", n=_DRAWS), width, say.language, "$muted")
        return []

    def _diagnostics(self) -> tuple[Diagnostic, ...]:
        assert self.pack is not None
        if self.proved is None:
            return self.pack.about(self.item)
        own = self.item.partition(":")[2]
        return tuple(one for one in self.proved if one.item in (own, ""))

    def on_unmount(self) -> None:
        """Let the pack go."""
        if self.pack is not None:
            self.pack.close()
