"""The end of a session: what it came to, per topic, and when more is due.

Promise: undo still works here. Must not count anything itself.
"""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.content import Content

from app.study.views import Summary, TopicResult
from app.tui.commands import SCROLL, Command, bindings
from app.tui.screens.overlay import BACK, ReadingPage
from app.tui.widgets.bars import mastery_bar
from app.tui.widgets.laid import fitted, line, right
from app.tui.widgets.outline import title_in

_BAR = 8


class SummaryScreen(ReadingPage[str]):
    """A session's results; dismissed with "undo" or None."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("home", ("enter",), weight=9),
        Command("undo", ("u",), twin="ctrl+z", weight=5),
    )
    LAST: ClassVar[tuple[Command, ...]] = (SCROLL, BACK)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, summary: Summary) -> None:
        super().__init__()
        self.summary = summary

    def allows(self, action: str) -> bool:
        """Nothing to undo after an empty session."""
        return action != "undo" or self.summary.answered > 0

    def action_home(self) -> None:
        """Home."""
        self.dismiss(None)

    def action_undo(self) -> None:
        """Take the last answer back and go on from there."""
        self.dismiss("undo")

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """The title."""
        return line((self.say("tui.summary.title"), "bold")), Content("")

    def lay(self, width: int) -> list[Content]:
        """Counts, topics, what is next."""
        summary, say = self.summary, self.say
        if summary.practised and not summary.answered:
            rows = self._practised()
        elif not summary.answered:
            rows = [line((say("tui.summary.nothing"), ""))]
        else:
            rows = [*self._counts(), *self._practised()]
            if summary.topics:
                rows += [Content(""), *self._topics(summary.topics, width)]
        if summary.over:
            rows = [line((say(f"tui.summary.over-{summary.over}"), "$muted")), Content(""), *rows]
        return [*rows, Content(""), *self._next(width)]

    def _practised(self) -> list[Content]:
        summary = self.summary
        if not summary.practised:
            return []
        words = self.say(
            "tui.summary.practised", n=summary.practised, right=summary.practised_right
        )
        return [line((words, "$muted"))]

    def _counts(self) -> list[Content]:
        summary, say = self.summary, self.say
        first = [
            (say("tui.summary.answered", n=summary.answered), "bold"),
            (" · ", "$muted"),
            ("✓ ", "$success"),
            (say("tui.summary.right", n=summary.right), ""),
        ]
        if summary.again:
            first += [(" · ", "$muted"), (say("tui.summary.again", n=summary.again), "")]
        if summary.new:
            first += [(" · ", "$muted"), (say("tui.summary.new", n=summary.new), "")]
        minutes, seconds = divmod(round(summary.seconds), 60)
        return [
            line(*first),
            line((say("tui.summary.time", time=f"{minutes}:{seconds:02d}"), "$muted")),
        ]

    def _topics(self, topics: tuple[TopicResult, ...], width: int) -> list[Content]:
        count = 8
        longest = max(cell_len(title_in(topic.title, self.say.language)) for topic in topics)
        title = min(longest + 3, max(20, width - _BAR - count - 20))
        rows = []
        for topic in topics:
            result = f"{topic.right}/{topic.answered}"
            mistakes = ", ".join(
                self.gradus.mistake_title(topic.topic, mistake) for mistake in topic.mistakes
            )
            note = width - title - _BAR - count
            rows.append(
                line(
                    fitted(title_in(topic.title, self.say.language), title),
                    mastery_bar(topic.right / max(1, topic.answered), _BAR),
                    (right(result, count), "bold"),
                    (fitted(f"   {mistakes}", note) if mistakes else "", "$mistake"),
                )
            )
        return rows

    def _next(self, width: int) -> list[Content]:
        from app.tui.page import text_lines

        summary, say = self.summary, self.say
        if summary.due_left or summary.new_left:
            words = say("tui.summary.left", due=summary.due_left, new=summary.new_left)
        elif summary.next_due is not None:
            seconds = (summary.next_due - self.gradus.clock.now()).total_seconds()
            words = say("tui.summary.next", interval=say.interval(max(0.0, seconds)))
        else:
            words = say("tui.summary.all")
        return text_lines(words, width, say.language, "$muted")
