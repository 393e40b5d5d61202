"""The lab: expressions typed and measured, names, sliders, curves that grow.

Promise: the same session as line by line; what was typed stays until it is entered; Esc stops what
runs, then goes back. Must not evaluate: the session says what to ask, the engine answers.
"""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from app.lab.history import History
from app.lab.session import LabSession
from app.lab.statements import read
from app.tui.apart import apart
from app.tui.commands import Command, bindings
from app.tui.screens.lab_runs import Transcript
from app.tui.screens.lab_typing import LabTyping
from app.tui.screens.page import band
from app.tui.widgets.entry import EntryView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.lab_field import LabField
from app.tui.widgets.laid import Laid, indented, line
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.offers import Offers
from app.tui.widgets.sliders import SliderPanel
from content.pack import Text, in_language
from engine.expression import Refused

_EXAMPLES = (
    "parameters(nn.Conv2d(3, 64, 3))",
    "k = slider(3, 1, 11, 2)",
    "softmax(tensor([2., 1., 0.]))",
)


class Opening(Laid):
    """What an empty lab says."""

    def lay(self, width: int) -> list[Content]:
        """How to begin."""
        from app.tui.page import text_lines
        from app.tui.widgets.code import code_rows

        rows = text_lines(self.say("lab.first"), width, self.say.language, "$muted")
        for example in _EXAMPLES:
            rows += indented([Content(""), *code_rows(example, width - 2)], 2)
        return rows


class LabScreen(LabTyping):
    """A session of the lab on screen."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("run", ("enter",), words="lab-run", weight=9, inborn=True),
        Command("to_field", ("enter",), words="lab-field", weight=7),
        Command("slide(-1)", ("left",), words="slide-down", weight=8),
        Command("slide(1)", ("right",), words="slide-up", weight=8),
        Command("pick(-1)", ("up",), words="slider-before", weight=0),
        Command("pick(1)", ("down",), words="slider-next", weight=6),
        Command("slide_back", ("0",), words="slide-back", weight=4),
        Command("complete", (), twin="tab", words="lab-complete", weight=8),
        Command("history", ("up", "down"), words="lab-history", weight=0, inborn=True),
        Command("new_line", ("ctrl+j",), words="lab-line", weight=0, inborn=True),
        Command("search", (), twin="ctrl+r", words="lab-search", weight=0),
        Command("sliders", (), twin="f3", words="lab-sliders", weight=6),
        Command("save", (), twin="ctrl+s", words="lab-save", weight=4),
        Command("empty", (), twin="f6", words="lab-empty", weight=0),
        Command("scroll_by(-1)", (), twin="pageup", words="lab-earlier", weight=0),
        Command("scroll_by(1)", (), twin="pagedown", words="lab-later", weight=0),
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        Command("close_offers", ("escape",), words="lab-close", weight=9),
        Command("stop", ("escape",), twin="ctrl+c", words="lab-stop", weight=9),
        Command("back", ("escape",), weight=9),
    )
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, session: LabSession, *, title: Text | None = None, text: str = "") -> None:
        """`title` is that of an item's topic; `text` is evaluated at once."""
        super().__init__(session)
        self._title = title
        self._first = text

    def compose(self) -> ComposeResult:
        """Header, transcript, sliders, what may be completed, the input, footer."""
        yield band(HeaderLine(self._header))
        with Transcript(), Vertical(id="column"):
            yield Opening()
        with Horizontal(classes="band"), Vertical(id="lab-dock"):
            yield SliderPanel()
            yield Notice()
            yield Offers()
            with Horizontal(id="lab-row"):
                yield Static("›", id="answer-mark", markup=False)
                yield LabField(lambda: self._offers.open)
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Show what the session holds; the engine starts now, whoever else waits for it."""
        self._history = History(self.gradus.paths.lab_history)
        column = self.query_one("#column", Vertical)
        column.mount(*(EntryView(entry) for entry in self.session.entries))
        self.names_changed()
        self.set_focus(self._panel if self.session.sliders else self._field)
        super().on_mount()
        apart(self, self._learn_names, "lab-names")
        self.ask(entry for entry in self.session.entries if entry.item and entry.outcome is None)
        if self._title is None and self.session.entries:
            self.to_end()
        if self._first:
            self._enter(self._first)

    def _header(self, _width: int) -> tuple[Content, Content]:
        say = self.say
        if self._title is None:
            return line((say("lab.title"), "bold")), line((self.gradus.device, "$muted"))
        title = in_language(self._title, say.language)
        return line((title, "bold"), (f" · {say('lab.title-item')}", "$muted")), Content("")

    # What applies

    @property
    def typing(self) -> bool:
        """Whether letters go to the input."""
        return isinstance(self.focused, LabField)

    @property
    def _panel(self) -> SliderPanel:
        return self.query_one(SliderPanel)

    def allows(self, action: str) -> bool:
        """By where the keys go; Esc does what is nearest."""
        if not self.is_mounted:
            return True
        name, typing = action.partition("(")[0], self.typing
        if name in ("run", "complete", "history", "new_line", "search"):
            return typing
        if name in ("to_field", "slide", "pick", "slide_back"):
            return not typing and bool(self.session.sliders)
        if name == "sliders":
            return typing and bool(self.session.sliders)
        if name in ("save", "empty"):
            return bool(self.session.entries)
        if name == "close_offers":
            return self._offers.open or self._searching is not None
        if name == "stop":
            return self.running and not self.allows("close_offers")
        if name == "back":
            return not self.running and not self.allows("close_offers")
        return True

    def names_changed(self) -> None:
        """The sliders as they stand."""
        met = self.session.meets_condition()
        drawn = self._title is not None
        note = "" if met else "lab.slider.condition"
        self._panel.show(tuple(self.session.sliders.values()), drawn=drawn, note=note)
        self.query_one(Opening).display = not self.session.entries

    # Entering

    @on(LabField.Entered)
    def _entered(self, message: LabField.Entered) -> None:
        if self._searching is not None:
            self._end_search()
        elif self._offers.open:
            self._accept()
        elif message.text.strip():
            self._field.put("")
            self._enter(message.text)

    def _enter(self, text: str) -> None:
        assert self._history is not None
        self._history.add(text)
        self._place, self._draft = None, ""
        self.query_one(Notice).clear()
        try:
            statements = read(text)
        except Refused as refusal:
            self._refuse(text, refusal)
            return
        self.query_one(Opening).display = False
        for statement in statements:
            known = len(self.session.entries)
            try:
                entries = self.session.add(statement)
            except Refused as refusal:
                self._refuse(statement.text, refusal)
                return
            if len(self.session.entries) > known:
                self.ask(entries)
            else:
                self.ask_soon(entries)
        self.names_changed()
        self.refooter()

    def _refuse(self, text: str, refusal: Refused) -> None:
        self._show(self.session.add_refused(text, refusal))
        self.names_changed()

    def action_run(self) -> None:
        """What Enter does in the input."""
        self._field.post_message(LabField.Entered(self._field.text))

    # Sliders

    @on(SliderPanel.Moved)
    def _slid(self, message: SliderPanel.Moved) -> None:
        self.ask_soon(self.session.slide(message.slider))
        self.names_changed()

    def action_slide(self, step: int) -> None:
        """The selected slider to its next value."""
        self._panel.slide(step)

    def action_pick(self, step: int) -> None:
        """Another slider."""
        self._panel.pick(step)

    def action_slide_back(self) -> None:
        """The selected slider to where it began."""
        self._panel.back()

    def action_sliders(self) -> None:
        """Between the sliders and the input."""
        self.set_focus(self._panel if self.typing else self._field)

    def action_to_field(self) -> None:
        """To the input."""
        self.set_focus(self._field)

    # The rest

    def action_save(self) -> None:
        """Write the session as Markdown."""
        from app.lab import export

        moment = self.gradus.clock.now()
        folder = self.gradus.paths.lab_exports
        notice = self.query_one(Notice)
        try:
            path = export.save(export.markdown(self.session, self.say, moment), folder, moment)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            notice.tell(lambda: self.say("lab.not-saved", path=folder, reason=reason), Tone.PROBLEM)
            return
        notice.tell(lambda: self.say("lab.saved", path=path), Tone.DONE)

    def action_empty(self) -> None:
        """An empty transcript; names and sliders stay."""
        self.session.entries = [entry for entry in self.session.entries if entry.item]
        for view in self.query(EntryView):
            if not view.entry.item:
                view.remove()
        self.query_one(Notice).tell(lambda: self.say("lab.cleared"), Tone.DONE)
        self.names_changed()

    def action_scroll_by(self, pages: int) -> None:
        """Through the transcript."""
        height = max(1, self.sheet.size.height - 2)
        self.sheet.turn(pages * height)

    def action_stop(self) -> None:
        """Call off what runs."""
        self.stop()

    def action_back(self) -> None:
        """Back; the session waits."""
        self.dismiss(None)
