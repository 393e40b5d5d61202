"""What a person meets who uses the study screen for the first time."""

from __future__ import annotations

from app.tui.screens.choosing import Phase
from app.tui.widgets.side import SideView
from tests.screens.cells import text_of
from tests.screens.scenes import CHOICE, MISTAKE, Stage
from tests.tui.conftest import OpenApp


async def exercise(stage: Stage, item: str = MISTAKE) -> None:
    await stage.complete_home()
    await stage.find(lambda name, _: name == item, item.partition("/")[0])


def page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def test_drawn_values_wait_for_the_verdict(open_app: OpenApp) -> None:
    async with open_app(width=120, height=40) as stage:
        await exercise(stage)
        assert stage.study.query_one(SideView).region.width
        assert "Level" in page(stage)
        assert "This draw" not in page(stage)
        await stage.type("many")
        await stage.press("enter")
        await stage.until(lambda: stage.study.judged is not None, "judged")
        await stage.settle()
        assert "This draw" not in page(stage)
        await stage.press("backspace", "backspace", "backspace", "backspace", "7", "enter")
        await stage.phase(Phase.JUDGED)
        assert "This draw" in page(stage)
        await stage.press("r")
        await stage.phase(Phase.QUESTION)
        assert "This draw" not in page(stage)


async def test_new_numbers_only_where_numbers_are_drawn(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage, CHOICE)
        shown = stage.study.shown
        assert shown is not None
        assert not shown.prepared.draw
        await stage.press("a", "enter")
        await stage.phase(Phase.JUDGED)
        assert "new numbers" not in page(stage)
        await stage.press("r")
        await stage.settle()
        assert stage.study.phase is Phase.JUDGED
        await stage.press("f1")
        await stage.settle()
        assert "new numbers" not in page(stage)
