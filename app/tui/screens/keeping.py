"""What a learner does with the item on screen besides answering it.

Promise: undo and redo of everything; set aside, suspend, flag, note, report, edit, see what it
builds on. What was typed stays, unless the item goes. Overlays are imported where they open. Must
not judge or save answers.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from app.study.views import Finished, NotMeasured, Shown, Turned
from app.tui.commands import Command
from app.tui.screens.choosing import Phase
from app.tui.screens.loop import LoopPage
from app.tui.turning import tell
from app.tui.widgets.notice import Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from app.study.choice import Choice
    from app.study.session import StudySession

KEEPING = (
    Command("undo", ("u",), twin="ctrl+z", weight=5),
    Command("redo", ("y",), twin="ctrl+y", weight=0),
    Command("needs", ("p",), twin="f6", weight=2),
    Command("more", ("o",), twin="ctrl+o", weight=3),
)
_ON_ITEM = ("more", "needs", "bury", "suspend", "flag", "note", "report", "edit")
_FRONTS = (Phase.FRONT, Phase.QUESTION, Phase.POINTS)


class KeepingPage(LoopPage):
    """A page with a session whose items can be dealt with."""

    def __init__(self, what: str | Choice | None) -> None:
        super().__init__(what)
        self.redoable = False
        self._reports: dict[str, str] = {}
        """What was written of an item and not yet sent off."""

    @abstractmethod
    def show_item(self, shown: Shown) -> None:
        """Set an item on the page."""

    @abstractmethod
    def _show(self, found: Shown | NotMeasured | Finished | None) -> None:
        """Set whatever came on the page."""

    @abstractmethod
    async def _advance(self) -> None:
        """To the next item."""

    @abstractmethod
    def _move_on(self, work: Coroutine[None, None, None]) -> None:
        """To another item."""

    @abstractmethod
    def stand(self, shown: Shown) -> None:
        """The same item, standing otherwise: flag, note."""

    def allows(self, action: str) -> bool:
        """An item is needed; what was done last decides what can be undone."""
        name = action.partition("(")[0]
        if name in _ON_ITEM and (self.shown is None or self._busy):
            return False
        if name == "needs":
            return self.phase not in _FRONTS
        if name == "undo":
            return self.undoable
        if name == "redo":
            return self.redoable
        return True

    async def _begin(self) -> StudySession:
        begun = self._session is not None
        session = await super()._begin()
        if not begun:
            study = await self.gradus.desk.study()
            self.redoable = await self.gradus.desk.do(study.redoable)
        return session

    # Undo and redo

    def action_undo(self) -> None:
        """Take back what was done last."""
        self._move_on(self._turn(lambda session: session.undo(), back=True))

    def action_redo(self) -> None:
        """Bring back what was taken back last."""
        self._move_on(self._turn(lambda session: session.redo(), back=False))

    async def _turn(self, work: Callable[[StudySession], Turned | None], *, back: bool) -> None:
        session = await self._begin()
        typed = self._answer.value
        turned = await self._call("tui.study.undoing", lambda: work(session))
        await self._look_at_log()
        before = self.shown
        if turned is not None and turned.shown is None:
            self._show(await self._call("tui.study.measuring", session.next))
        elif turned is not None and turned.shown is not None:
            same_ask = before is not None and turned.shown.prepared is before.prepared
            if same_ask:
                self.stand(turned.shown)
            else:
                self.show_item(turned.shown)
        if typed and before is not None and self._waits_for(before.name):
            self._answer.value = typed
            self._answer.select_all()
        await tell(self._notice, self.gradus, None if turned is None else turned.undone, back=back)

    def _waits_for(self, name: str) -> bool:
        return self.phase is Phase.QUESTION and self.shown is not None and self.shown.name == name

    async def _look_at_log(self) -> None:
        """Whether there is something to undo or redo."""
        study = await self.gradus.desk.study()
        self.undoable = await self.gradus.desk.do(study.undoable)
        self.redoable = await self.gradus.desk.do(study.redoable)
        self.refooter()

    # Dealing with the item

    def action_more(self) -> None:
        """Everything that can be done with this item."""
        from app.tui.screens.more import MoreScreen

        assert self.shown is not None

        async def chosen(action: str | None) -> None:
            if action is not None:
                await self.run_action(action)

        self.gradus.push_screen(MoreScreen(self.shown, redoable=self.redoable), chosen)

    def action_bury(self) -> None:
        """Set the item aside until tomorrow."""
        self._move_on(self._leave(lambda session: session.bury(), "bury"))

    def action_suspend(self) -> None:
        """Bring the item no more."""
        self._move_on(self._leave(lambda session: session.suspend(), "suspend"))

    async def _leave(self, work: Callable[[StudySession], None], word: str) -> None:
        session = await self._begin()
        await self._call("tui.study.saving", lambda: work(session))
        await self._look_at_log()
        await self._advance()
        self._notice.tell(lambda: self.say(f"tui.keeping.done.{word}"), Tone.DONE)

    def action_flag(self, flag: int) -> None:
        """That flag, 0 for none."""
        self._go(self._say_of(lambda session: session.flag(flag), "flag" if flag else "unflag"))

    async def _say_of(self, work: Callable[[StudySession], Shown], word: str) -> None:
        session = await self._begin()
        shown = await self._call("tui.study.saving", lambda: work(session))
        await self._look_at_log()
        self.stand(shown)
        self._notice.tell(lambda: self.say(f"tui.keeping.done.{word}"), Tone.DONE)

    def action_note(self) -> None:
        """The learner's own words on the item."""
        from app.tui.screens.writing import WritingScreen

        assert self.shown is not None
        before = self.shown.standing.note

        def written(text: str | None) -> None:
            if text is not None and text.strip() != before:
                word = "note" if text.strip() else "unnote"
                self._go(self._say_of(lambda session: session.note(text), word))

        self.gradus.push_screen(WritingScreen("note", before), written)

    def action_needs(self) -> None:
        """What the item's topic builds on."""
        from app.tui.screens.needs import NeedsScreen

        assert self.shown is not None
        self.gradus.push_screen(NeedsScreen(self.shown), self._study_topic)

    def _study_topic(self, topic: str | None) -> None:
        if topic is not None:
            self.gradus.leave_study()
            self.gradus.study(topic)

    # The item otherwise

    def action_skip(self) -> None:
        """Leave this item for another time; nothing is counted."""
        self._go(self._skip())

    async def _skip(self) -> None:
        session = await self._begin()
        await self._call("tui.study.saving", session.skip)
        await self._advance()

    def action_new_numbers(self) -> None:
        """The same exercise with new numbers, for practice."""
        self._move_on(self._again())

    async def _again(self) -> None:
        session = await self._begin()
        self._show(await self._call("tui.study.measuring", session.again))

    def action_measure(self) -> None:
        """Run every figure of this item in front of the learner."""
        if self.shown is not None:
            self.gradus.show_measurement(self.shown)

    def action_what_if(self) -> None:
        """This item with other numbers, in the lab."""
        if self.shown is not None:
            self.gradus.what_if(self.shown)

    # Reports

    def action_report(self) -> None:
        """Write down what is wrong with the item."""
        from app.tui.screens.writing import WritingScreen

        assert self.shown is not None
        name = self.shown.name

        screen = WritingScreen("report", self._reports.get(name, ""))

        def written(text: str | None) -> None:
            self._reports[name] = screen.left if text is None else text
            if text is None:
                return
            if text.strip():
                self._go(self._report(name, text))
            else:
                self._notice.tell(lambda: self.say("tui.keeping.nothing-reported"))

        self.gradus.push_screen(screen, written)

    async def _report(self, name: str, words: str) -> None:
        from app.study.reporting import FOLDER, write_report

        shown, judged = self.shown, self.judged
        if shown is None or shown.name != name:
            return
        folder, language, typed = self.gradus.paths.data / FOLDER, self.say.language, ""
        if shown.kind != "card":
            typed = self._answer.value
        study = await self.gradus.desk.study()
        path = await self._call(
            "tui.study.saving",
            lambda: write_report(
                folder,
                shown,
                version=study.versions.get(name.partition(":")[0], ""),
                moment=self.gradus.clock.now(),
                language=language,
                words=words,
                typed=typed,
                judged=judged,
            ),
        )
        self._reports.pop(name, None)
        self._notice.tell(lambda: self.say("tui.keeping.reported", file=path), Tone.DONE)

    # The source

    def action_edit(self) -> None:
        """The item's source, in the learner's own editor."""
        from app.tui.editing import edit

        self._go(edit(self))

    async def session(self) -> StudySession:
        """The session behind the page."""
        return await self._begin()

    def tell(self, words: Callable[[], str], tone: Tone) -> None:
        """Say something on the page."""
        self._notice.tell(words, tone)

    async def see_again(self, session: StudySession) -> None:
        """The item on screen as its pack has it now; what was answered stays answered."""
        if self.phase in _FRONTS:
            self._show(await self._call("tui.study.measuring", session.reread))

    # Leeches

    async def _tell_leech(self, session: StudySession) -> bool:
        """Tell of an item that keeps slipping; True where the learner goes elsewhere."""
        found = await self.gradus.desk.do(session.leech)
        if found is None:
            return False
        from app.tui.screens.leech import LeechScreen

        chosen = await self.gradus.push_screen_wait(LeechScreen(found))
        if chosen == "suspend":
            await self._call("tui.study.saving", session.suspend)
            await self._look_at_log()
        elif chosen is not None:
            self.call_later(self._study_topic, chosen)
            return True
        return False
