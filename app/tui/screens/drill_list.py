"""Interview drills: rounds to resume, rounds that packs offer, one of one's own, earlier ones.

Promise: Enter begins, resumes or tells what the line under the cursor stands for; the cursor is on
the round that was played last. Must not play.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click

from app.drill.telling import round_title, setup_words
from app.tui.commands import Command, bindings
from app.tui.screens.calling import CallingPage
from app.tui.screens.page import band
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, fitted, line
from app.tui.widgets.notice import Notice
from content.pack import in_language

if TYPE_CHECKING:
    from app.drill.setup import ReadyMade
    from app.drill.views import Report, RoundLine

_EARLIER = 12
"""Earlier rounds in the list."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line that Enter acts on."""

    kind: Literal["resume", "ready", "own", "earlier"]
    ready: ReadyMade | None = None
    round: RoundLine | None = None

    @property
    def key(self) -> str | int:
        """What it stands for, whatever became of it."""
        if self.round is not None:
            return self.round.number
        return "" if self.ready is None else self.ready.name


class RowsView(Laid):
    """The lines, in groups."""

    def __init__(self, page: DrillListScreen) -> None:
        super().__init__(id="drills")
        self._page = page
        self.at: list[int] = []
        """For each line, the row it shows, or -1."""

    def lay(self, width: int) -> list[Content]:
        """Group by group, the row under the cursor marked."""
        page, say = self._page, self.say
        lines: list[Content] = []
        self.at = []
        before = ""
        longest = max((cell_len(self._words(row)[0]) for row in page.rows), default=0)
        room = min(longest + 2, width // 2)
        for n, row in enumerate(page.rows):
            if row.kind != before:
                head = [Content("")] if lines else []
                lines += [*head, line((say(f"tui.drill.group.{row.kind}"), "$muted"))]
                self.at += [-1] * (len(head) + 1)
                before = row.kind
            lines.append(self._row(row, width, room, here=n == page.cursor))
            self.at.append(n)
        return lines

    def _row(self, row: Row, width: int, room: int, *, here: bool) -> Content:
        title, note = self._words(row)
        return line(
            ("▸ " if here else "  ", "$accent"),
            (fitted(title, room), "bold" if here else ""),
            "  ",
            (fitted(note, max(0, width - room - 4)).rstrip(), "$muted"),
        )

    def _words(self, row: Row) -> tuple[str, str]:
        say, language = self.say, self.say.language
        if row.ready is not None:
            return in_language(row.ready.title, language), setup_words(
                row.ready.setup, row.ready.setup.questions, say
            )
        if row.round is not None:
            told = row.round
            title = round_title(told.title, told.setup, say)
            if row.kind == "resume":
                note = say("tui.drill.so-far", n=told.answered, total=told.asked)
            else:
                note = say("drill.report.of", right=told.right, of=told.asked)
            return title, f"{note} · {say.date(told.begun.date())}"
        return say("tui.drill.own"), say("tui.drill.own-note")

    def on_click(self, event: Click) -> None:
        """A click moves the cursor; on the cursor it acts."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self.at) and self.at[offset.y] >= 0:
            self._page.clicked(self.at[offset.y])


class RowsSheet(VerticalScroll):
    """What the lines scroll in. A notice takes rows from it."""

    def __init__(self, page: DrillListScreen) -> None:
        super().__init__(id="sheet")
        self._page = page

    def on_resize(self) -> None:
        """The cursor stays in sight."""
        self.call_after_refresh(self._page.see_cursor)


class DrillListScreen(CallingPage):
    """What can be drilled."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("begin", ("enter",), words="drill-begin", weight=9),
        Command("resume", ("enter",), words="drill-resume", weight=9),
        Command("set_up", ("enter",), words="drill-set-up", weight=9),
        Command("report", ("enter",), words="drill-report", weight=9),
        Command("adjust", ("s",), words="drill-adjust", weight=6),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="drill-down", weight=4),
    )
    LAST: ClassVar[tuple[Command, ...]] = (Command("back", ("escape",), weight=9),)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self) -> None:
        super().__init__()
        self._rounds: tuple[RoundLine, ...] = ()
        self._ready: tuple[ReadyMade, ...] = ()
        self.rows: list[Row] = []
        self.cursor = 0

    def compose(self) -> ComposeResult:
        """Header, rows, footer."""
        yield band(HeaderLine(self._header))
        with RowsSheet(self), Vertical(id="column"):
            yield RowsView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Look what there is."""
        super().on_mount()
        self.load()

    def on_screen_resume(self) -> None:
        """A round may have been begun, gone on or come to its end since."""
        if self.rows:
            self._show()
            self.load()

    def load(self) -> None:
        """Read packs and rounds anew."""
        self._go(self._load())

    def ended(self, report: Report) -> None:
        """A round came to its end: so it stands here before the rounds are read anew."""
        from app.drill.report import line_of

        others = (one for one in self._rounds if one.number != report.number)
        told = sorted((line_of(report), *others), key=lambda one: one.number, reverse=True)
        self._take(tuple(told), self._ready)

    async def _load(self) -> None:
        from app.drill.report import rounds
        from app.drill.setup import ready_made

        study = await self.gradus.desk.study()
        found = await self._call("tui.study.opening", lambda: rounds(study))
        ready = await self._call("tui.study.opening", lambda: ready_made(study.library))
        self._take(found, ready)
        self._show()

    def _take(self, found: tuple[RoundLine, ...], ready: tuple[ReadyMade, ...]) -> None:
        """Make the rows; the cursor goes to the round that is new or went on, or keeps its row."""
        here, first = self.row, not self.rows
        played = [one for one in found if one not in self._rounds]
        self._rounds, self._ready = found, ready
        open_ = [one for one in found if not one.ended]
        earlier = [one for one in found if one.ended][:_EARLIER]
        self.rows = [
            *(Row("resume", round=one) for one in open_),
            *(Row("ready", ready=one) for one in ready),
            Row("own"),
            *(Row("earlier", round=one) for one in earlier),
        ]
        wanted = here if first or not played else Row("resume", round=played[0])
        if wanted is not None:
            keys = [row.key for row in self.rows]
            at = keys.index(wanted.key) if wanted.key in keys else self.cursor
            self.cursor = min(at, len(self.rows) - 1)

    def _show(self) -> None:
        self.query_one(RowsView).relay()
        self.refooter()
        self.call_after_refresh(self.see_cursor)

    def _header(self, _width: int) -> tuple[Content, Content]:
        return line((self.say("tui.drill.title"), "bold")), Content("")

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def allows(self, action: str) -> bool:
        """Enter does what fits the row."""
        kind = "" if self.row is None else self.row.kind
        wanted = {"begin": "ready", "resume": "resume", "set_up": "own", "report": "earlier"}
        if action == "adjust":
            return kind == "ready"
        return kind == wanted[action] if action in wanted else True

    # Actions

    def action_move(self, step: int) -> None:
        """Another row."""
        self._to((self.cursor + step) % max(1, len(self.rows)))

    def _to(self, cursor: int) -> None:
        self.cursor = cursor
        self.query_one(RowsView).relay()
        self.refooter()
        self.see_cursor()

    def see_cursor(self) -> None:
        """Scroll to the row under the cursor, where it is out of sight."""
        at = self.query_one(RowsView).at
        if self.cursor in at:
            sheet = self.query_one(RowsSheet)
            top, height = at.index(self.cursor), sheet.size.height
            if not sheet.scroll_offset.y <= top - 1 or top >= sheet.scroll_offset.y + height - 1:
                sheet.scroll_to(y=max(0, top - height // 2), animate=False)

    def clicked(self, row: int) -> None:
        """As the arrow keys and Enter."""
        if row != self.cursor:
            self._to(row)
            return
        acts = {"ready": "begin", "resume": "resume", "own": "set_up", "earlier": "report"}
        self.call_later(self.run_action, acts[self.rows[row].kind])

    def action_begin(self) -> None:
        """Begin the ready-made round."""
        if self.row is not None and self.row.ready is not None:
            self.gradus.drilling.begin(self.row.ready.setup)

    def action_adjust(self) -> None:
        """The ready-made round's set-up, to be changed."""
        if self.row is not None and self.row.ready is not None:
            self.gradus.drilling.set_up(self.row.ready.setup)

    def action_resume(self) -> None:
        """Go on with a round."""
        if self.row is not None and self.row.round is not None:
            self.gradus.drilling.resume(self.row.round.number)

    def action_set_up(self) -> None:
        """Put a round together."""
        self.gradus.drilling.set_up(None)

    def action_report(self) -> None:
        """What an earlier round came to."""
        if self.row is not None and self.row.round is not None:
            self.gradus.drilling.report(self.row.round.number)

    def action_back(self) -> None:
        """Home."""
        self.dismiss(None)
