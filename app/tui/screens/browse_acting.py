"""What is done to items in the table: suspend, set aside, flag, reset, note; and taken back.

Promise: each is one action of the learner's log, told with its count and taken back by one key;
the table then shows what is saved. Must not look for items.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.browse.telling import flag_words
from app.tui.screens.browse_noting import keep_note, write_note
from app.tui.screens.browse_typing import BrowseTyping
from app.tui.turning import tell
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from app.browse.browser import Sorting
    from app.study.session import Study


class BrowseActing(BrowseTyping):
    """A page with a table whose items can be acted on."""

    def __init__(self, text: str, sorting: Sorting) -> None:
        super().__init__(text, sorting)
        self.drafts: dict[str, str] = {}
        """Notes that could not be saved, by item."""

    def _names(self) -> list[str]:
        assert self.browser is not None
        names = self.browser.collection.names
        return [names[place] for place in self.table.chosen()]

    def _all(self, asleep: Callable[[int], bool]) -> bool:
        """Whether that holds for everything chosen."""
        return all(asleep(place) for place in self.table.chosen())

    def action_suspend(self) -> None:
        """Bring these no more; where none of them comes anyway, bring them again."""
        assert self.browser is not None
        suspended = self.browser.collection.suspended
        on = not self._all(lambda place: bool(suspended[place]))
        word = "suspend" if on else "resume"
        self._act(word, lambda study, names: study.suspend(names, on=on))

    def action_bury(self) -> None:
        """Not before tomorrow; where all of them are set aside, today again."""
        assert self.browser is not None
        buried = self.browser.collection.buried
        if self._all(lambda place: bool(buried[place])):
            self._act("unbury", lambda study, names: study.unbury(names))
        else:
            self._act("bury", lambda study, names: study.bury(names))

    def action_flag(self, flag: int) -> None:
        """That flag, 0 for none."""
        self._act("flag" if flag else "unflag", lambda study, names: study.flag(names, flag), flag)

    def action_reset(self) -> None:
        """New again; the history stays."""
        self._act("reset", lambda study, names: study.reset(names))

    def _act(self, word: str, work: Callable[[Study, list[str]], int], flag: int = 0) -> None:
        names = self._names()
        if not names:
            return

        async def acting() -> None:
            study = await self.gradus.desk.study()
            done = await self._call("tui.browse.saving", lambda: work(study, names))
            await self._renew(names)
            self.query_one(Notice).tell(
                lambda: (
                    self.say(
                        f"tui.browse.done.{word}",
                        n=done,
                        flag=flag_words(flag, self.say),
                    )
                    + self.say("tui.browse.undo-how")
                ),
                Tone.DONE,
            )

        self._go(acting())

    def action_note(self) -> None:
        """The learner's own words on the item under the cursor."""
        if self.browser is not None and self.table.here is not None:
            item = self.browser.item(self.table.here, self.say.language)
            write_note(self, item, self.drafts, self._note)

    async def _note(self, name: str, words: str) -> None:
        self._go(self._keep(name, words))

    async def _keep(self, name: str, words: str) -> None:
        assert self.browser is not None
        await keep_note(self.gradus, self.browser, name, words)
        self.drafts.pop(name, None)
        await self._search()
        done = "note" if words else "unnote"
        self.query_one(Notice).tell(
            lambda: self.say(f"tui.browse.done.{done}") + self.say("tui.browse.undo-how"),
            Tone.DONE,
        )

    def action_undo(self) -> None:
        """Take back what was done last, here or elsewhere."""
        self._go(self._turn(back=True))

    def action_redo(self) -> None:
        """Bring back what was taken back last."""
        self._go(self._turn(back=False))

    async def _turn(self, *, back: bool) -> None:
        study = await self.gradus.desk.study()
        undone = await self._call("tui.browse.saving", study.undo if back else study.redo)
        if undone is not None:
            await self._renew(undone.names)
        await tell(self.query_one(Notice), self.gradus, undone, back=back)

    async def _renew(self, names: Iterable[str]) -> None:
        """Read these items again and look anew: they may be found no more."""
        assert self.browser is not None
        await asyncio.to_thread(self.browser.renew, names)
        await self._search()
