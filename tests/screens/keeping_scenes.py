"""What is done with an item besides answering it, in the real app."""

from __future__ import annotations

from app.study.leeches import Leech, Pattern
from app.study.needs import needs_of
from app.tui.screens.choosing import Phase
from app.tui.screens.leech import LeechScreen
from app.tui.screens.more import MoreScreen
from app.tui.screens.needs import NeedsScreen
from app.tui.screens.writing import WritingScreen
from tests.screens.scenes import MISTAKE, Stage

NOTE = "卷积核**横跨**所有输入通道：`k*k*c_in`。\n\n- each output channel has *one* bias\n- $k^2$"


async def keeping(stage: Stage) -> None:
    """More, a note and how it shows, a flag, prerequisites, a report, what keeps slipping."""
    await stage.complete_home()
    await stage.find(lambda name, _: name == MISTAKE, MISTAKE.partition("/")[0])
    await stage.press("ctrl+o")
    await stage.until(lambda: isinstance(stage.app.screen, MoreScreen), "more")
    await stage.shoot("more")
    await stage.press("n")
    await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "the note")
    stage.app.screen.query_one("#writing").text = NOTE  # type: ignore[attr-defined]
    await stage.shoot("note-writing")
    await stage.press("escape")
    await stage.until(lambda: bool(stage.study.shown and stage.study.shown.standing.note), "kept")
    await stage.press("ctrl+o")
    await stage.until(lambda: isinstance(stage.app.screen, MoreScreen), "more")
    await stage.press("1")
    await stage.until(lambda: bool(stage.study.shown and stage.study.shown.standing.flag), "flag")
    await stage.type("7")
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    stage.study.query_one("#sheet").scroll_end(animate=False)
    await stage.shoot("own-note")
    await stage.press("p")
    await stage.until(
        lambda: isinstance(stage.app.screen, NeedsScreen) and stage.app.screen.needs is not None,
        "what it builds on",
    )
    await stage.shoot("needs")
    await stage.press("escape")
    await stage.press("o", "r")
    await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "the report")
    await stage.shoot("report-writing")
    await stage.press("escape")
    study = await stage.app.desk.study()
    needs = await stage.app.desk.do(lambda: needs_of(study, MISTAKE))
    found = Leech(MISTAKE, Pattern(5, "bias-forgotten", 3), needs[0] if needs else None)
    stage.app.push_screen(LeechScreen(found))
    await stage.until(lambda: isinstance(stage.app.screen, LeechScreen), "a leech")
    await stage.shoot("leech")
    await stage.press("enter")
    await stage.settle()
    await stage.leave()
