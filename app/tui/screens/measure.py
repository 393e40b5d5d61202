"""Measure it: every figure of the item, run again in front of the learner.

Promise: a real run of the engine, its expressions, values, layers, device and time; a failure is
told in words. Esc leaves at once, the run is dropped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.content import Content

from app.study.views import Shown
from app.tui.apart import apart
from app.tui.commands import Command, bindings
from app.tui.screens.overlay import ReadingPage
from app.tui.widgets.laid import line
from content.pack import in_language
from engine.protocol import Failure, Job, Outcome


class MeasureScreen(ReadingPage[None]):
    """An item's measurements, made now."""

    KEYS: ClassVar[tuple[Command, ...]] = (Command("what_if", ("w",), weight=6),)
    BINDINGS = bindings(KEYS)

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self._shown = shown
        self._outcome: Outcome | None = None

    def on_mount(self) -> None:
        """Start the run."""
        super().on_mount()
        apart(self, self._measure)

    @property
    def job(self) -> Job:
        """The item's own job, traced."""
        return replace(self._shown.prepared.job, trace=True)

    def allows(self, action: str) -> bool:
        """The lab only where it has something to measure."""
        from app.lab.whatif import can_vary

        return action != "what_if" or can_vary(self._shown.prepared)

    def action_what_if(self) -> None:
        """This item with other numbers, in the lab."""
        self.gradus.what_if(self._shown)

    async def _measure(self) -> None:
        self._outcome = await self.gradus.desk.measure(self.job)
        self.relay()

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """What is measured."""
        title = in_language(self._shown.topic_title, self.say.language)
        words = self.say("tui.measure.title")
        return line((title, "bold"), (f" · {words}", "$muted")), Content("")

    def lay(self, width: int) -> list[Content]:
        """The trace, or what is waited for, or what went wrong."""
        from app.tui.page import text_lines

        say, outcome = self.say, self._outcome
        if outcome is None:
            return [line((say("tui.measure.running"), "$muted"))]
        if isinstance(outcome, Failure):
            from engine.messages import describe

            return text_lines(describe(outcome, say.language), width, say.language, "$error")
        return self._trace(width)

    def _trace(self, width: int) -> list[Content]:
        from app.tui.page import text_lines
        from app.tui.widgets.trace import layer_lines, step_lines
        from app.values import duration
        from engine.protocol import Measured

        say, outcome = self.say, self._outcome
        assert isinstance(outcome, Measured)
        words = say("tui.measure.done", device=outcome.device, time=duration(outcome.seconds))
        rows = text_lines(words, width, say.language, "$muted")
        if outcome.trace is not None:
            steps = [s for s in outcome.trace.steps if not s.name.startswith("mistakes.")]
            rows += [Content(""), *step_lines(steps, say, width)]
            layers = layer_lines(outcome.trace.layers, say, width)
            rows += [Content(""), *layers] if layers else []
        if outcome.engine:
            rows += [
                Content(""),
                *text_lines(
                    say("tui.measure.engine", engine=outcome.engine), width, say.language, "$muted"
                ),
            ]
        return rows
