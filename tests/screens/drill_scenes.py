"""A round from the list to its report, in the real app."""

from __future__ import annotations

from app.drill.setup import Setup
from app.drill.styles import Style
from app.tui.screens.choosing import Phase
from app.tui.screens.drill import DrillScreen
from app.tui.screens.drill_list import DrillListScreen
from app.tui.screens.drill_report import DrillReportScreen
from app.tui.screens.home import HomeScreen
from engine.verdict import canonical
from tests.screens.scenes import CHOICE, MISTAKE, SELF, Stage

ROUND = Setup(
    questions=4,
    minutes=10,
    style=Style.WHITEBOARD,
    seed=3,
    items=(MISTAKE, CHOICE, SELF, "foundations:cnn.stride/valid-stride"),
)
"""Two numbers, options and an explanation, the same at every run."""


async def drills(stage: Stage) -> None:
    """List, set-up, questions, verdicts, a pause, the report and a question of it."""
    await stage.complete_home()
    await stage.press("d")
    await stage.until(lambda: _list_is_full(stage), "the list")
    await stage.shoot("drill-list")
    await stage.press("s")
    await stage.settle()
    await stage.press("down", "down", "down", "right")
    await stage.until(lambda: not _busy(stage), "a count")
    await stage.shoot("drill-set-up")
    await stage.press("escape")
    stage.app.drilling.begin(ROUND)
    for number in range(1, 5):
        await drill_phase(stage, Phase.QUESTION, Phase.FRONT)
        await stage.shoot(f"drill-question-{number}")
        if number == 2:
            await stage.press("f8")
            await drill_phase(stage, Phase.PAUSED)
            await stage.shoot("drill-paused")
            await stage.press("enter")
            await drill_phase(stage, Phase.QUESTION, Phase.FRONT)
        await answer(stage, right=number != 3)
        await stage.shoot(f"drill-verdict-{number}")
        await stage.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, DrillReportScreen), "the report")
    await stage.shoot("drill-report")
    await stage.press("enter")
    await stage.settle()
    await stage.press("right", "right")
    await stage.shoot("drill-result")
    await stage.press("escape", "escape")
    await stage.until(lambda: isinstance(stage.app.screen, DrillListScreen), "the list")
    await stage.press("escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


def _list_is_full(stage: Stage) -> bool:
    screen = stage.app.screen
    return isinstance(screen, DrillListScreen) and bool(screen.rows)


def _busy(stage: Stage) -> bool:
    return bool(getattr(stage.app.screen, "_busy", False))


def drill_of(stage: Stage) -> DrillScreen:
    """The round on top."""
    screen = stage.app.screen
    assert isinstance(screen, DrillScreen), screen
    return screen


async def drill_phase(stage: Stage, *phases: Phase) -> None:
    """Wait for the round to be in one of these, and for nothing else."""
    await stage.until(
        lambda: (
            isinstance(stage.app.screen, DrillScreen)
            and stage.app.screen.phase in phases
            and not _busy(stage)
        ),
        f"phase {phases}",
    )
    await stage.settle()


async def answer(stage: Stage, *, right: bool) -> None:
    """Answer the question on screen; returns when it is judged."""
    screen = drill_of(stage)
    question = screen.question
    assert question is not None
    if question.concept:
        await stage.press("enter")
        await drill_phase(stage, Phase.POINTS, Phase.BACK)
        if question.kind == "card":
            await stage.press("1" if right else "3")
        else:
            points = question.prepared.truth.points
            await stage.press(*(str(n + 1) for n in range(points if right else 0)), "enter")
    else:
        screen.query_one("#answer").value = typed(question.prepared, right=right)  # type: ignore[attr-defined]
        await stage.press("f5" if right else "f6")
    await drill_phase(stage, Phase.JUDGED)


def typed(prepared, *, right: bool) -> str:  # type: ignore[no-untyped-def]
    """A right answer, or one that is not."""
    truth = prepared.truth
    if truth.kind in ("choice", "several"):
        marked = ["abcdefghij"[n] for n, one in enumerate(truth.options) if one.right is right]
        return ", ".join(marked if truth.kind == "several" else marked[:1])
    if right:
        return (
            canonical(truth, "en").replace(",", "")
            if truth.kind == "number"
            else canonical(truth, "en")
        )
    return "987654321"
