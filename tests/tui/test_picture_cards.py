"""A card whose back is a picture: drawn at the page's width, and again in front of the learner."""

from __future__ import annotations

import pytest

from app.tui.screens.choosing import Phase
from app.tui.screens.measure import MeasureScreen
from tests.screens.cells import text_of
from tests.screens.scenes import PICTURES, Stage
from tests.tui.conftest import OpenApp


def page(stage: Stage) -> str:
    """The screen as text."""
    return "\n".join(text_of(stage.app))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_curve_stands_on_the_back_of_its_card(open_app: OpenApp, language: str) -> None:
    wanted = PICTURES["curves"]
    async with open_app(language=language) as stage:
        await stage.find(lambda name, _: name == wanted, wanted.partition("/")[0])
        await stage.press("enter")
        await stage.phase(Phase.BACK)
        shown = page(stage)
        assert "● sigmoid(x)   ▲ d/dx sigmoid(x)" in shown
        assert "┤" in shown
        assert "−6" in shown
        await stage.press("m")
        screen = stage.app.screen
        assert isinstance(screen, MeasureScreen)
        await stage.until(lambda: "▲ d/dx sigmoid(x)" in page(stage), "the picture again")
