"""The lab on the real engine, by its keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.tui.screens.home import HomeScreen
from app.tui.screens.lab import LabScreen
from app.tui.widgets.lab_field import LabField
from app.tui.widgets.notice import Notice
from app.tui.widgets.offers import Offers
from app.tui.widgets.sliders import SliderPanel
from engine.protocol import Measured
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.scenes import MISTAKE, Stage
from tests.screens.scenes import lab_enter as enter
from tests.screens.scenes import lab_idle as idle
from tests.screens.scenes import lab_of as lab
from tests.tui.conftest import OpenApp


def page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def opened(stage: Stage) -> None:
    await stage.complete_home()
    await stage.press("l")
    await stage.settle()


async def test_expressions_are_measured_and_depend_on_names(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        assert "nn.Conv2d(3, 64, 3)" in page(stage)
        await stage.type("1+2")
        await stage.press("enter")
        await idle(stage)
        assert lab(stage).session.entries[0].value == 3
        await enter(stage, "k = 3\nm = Conv2d(3, 64, k)")
        await enter(stage, "parameters(m)")
        shown = page(stage)
        assert "1,792" in shown
        assert "64×3×3×3" in shown
        await enter(stage, "k = 5")
        shown = page(stage)
        assert "4,864" in shown
        assert "1,792" in shown  # what it was
        assert faults(stage.app) == []


async def test_an_open_bracket_makes_a_new_line(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        await stage.type("max(1,")
        await stage.press("enter")
        field = lab(stage).query_one(LabField)
        assert field.text == "max(1,\n"
        await stage.type("2)")
        await stage.press("enter")
        await idle(stage)
        assert lab(stage).session.entries[-1].value == 2
        assert field.text == ""
        await stage.press("up")
        assert field.text == "max(1,\n2)"


async def test_an_error_stands_under_its_column(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        await enter(stage, "1 + cel(3)")
        await enter(stage, "1 + relu((3")  # the bracket is open: a line is added
        await stage.press("enter")
        await stage.settle()
        rows = text_of(stage.app)
        for text, column in (("1 + cel(3)", 4), ("1 + relu((3", 9)):
            place = max(n for n, row in enumerate(rows) if text in row)
            start = rows[place].index(text)
            assert rows[place + 1].index("^") == start + column
        assert "Did you mean `ceil`?" in page(stage)
        await stage.press("ctrl+l")
        await stage.settle()
        assert "是不是想写 `ceil`？" in page(stage)
        assert faults(stage.app) == []


async def test_history_comes_back_in_another_run(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await opened(stage)
        await enter(stage, "1 + 1")
        await enter(stage, "2 + 2")
    async with open_app() as stage:
        await opened(stage)
        field = lab(stage).query_one(LabField)
        await stage.type("dr")
        await stage.press("up")
        assert field.text == "2 + 2"
        await stage.press("up", "up")
        assert field.text == "1 + 1"
        await stage.press("down", "down")
        assert field.text == "dr"
        field.put("1")
        await stage.press("ctrl+r")
        assert field.text == "1 + 1"
        await stage.press("escape")
        assert field.text == "1"


async def test_names_are_completed(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        await stage.until(lambda: lab(stage).names_known, "names")
        field, offers = lab(stage).query_one(LabField), lab(stage).query_one(Offers)
        await stage.type("parame")
        await stage.press("tab")
        await stage.settle()
        assert field.text == "parameters"
        await stage.press("escape")
        assert not offers.open
        await stage.type("(Conv2d(3, 8, ")
        await stage.settle()
        assert "kernel_size" in page(stage)
        await stage.press("tab", "tab")
        assert offers.open
        assert faults(stage.app) == []
        chosen = offers.chosen
        assert chosen is not None
        await stage.press("enter")
        assert field.text == f"parameters(Conv2d(3, 8, {chosen.text}"
        assert not offers.open


async def what_if(stage: Stage) -> LabScreen:
    await stage.complete_home()
    await stage.find(lambda name, _: name == MISTAKE, MISTAKE.partition("/")[0])
    await stage.type("1")
    await stage.press("enter")
    await stage.until(lambda: stage.study.judged is not None, "judged")
    await stage.settle()
    await stage.press("w")
    await stage.until(lambda: isinstance(stage.app.screen, LabScreen), "lab")
    await idle(stage)
    return lab(stage)


async def test_what_if_changes_the_draw_at_once(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await what_if(stage)
        entry = screen.session.entries[0]
        first = entry.value
        assert isinstance(first, int)
        panel = screen.query_one(SliderPanel)
        assert panel.has_focus
        await stage.press("k")
        slider = panel.selected
        assert slider is not None
        assert slider.name == "k"
        way = "right" if slider.moved(1).changed else "left"
        await stage.press(way)
        await idle(stage)
        assert entry.value != first
        assert f"{first:,}" in page(stage)
        await stage.press("0")
        await idle(stage)
        assert entry.value == first
        await stage.press("up", "down", "7")
        await idle(stage)
        assert panel.selected is not None
        assert panel.selected.value == 7
        assert faults(stage.app) == []
        await stage.press("ctrl+l")
        await stage.settle()
        assert "本题取值" in page(stage)
        assert faults(stage.app) == []
        await stage.press("enter")
        await enter(stage, " + ".join(screen.session.sliders))
        assert screen.session.entries[-1].failure is None
        await stage.press("escape")
        await stage.settle()
        assert stage.study.judged is not None


async def test_what_if_says_which_values_the_exercise_would_not_draw(open_app: OpenApp) -> None:
    async with open_app(language="en") as stage:
        screen = await what_if(stage)
        panel = screen.query_one(SliderPanel)
        await stage.press("k", "8")
        await idle(stage)
        assert panel.selected is not None
        assert panel.selected.value == 8
        assert "The exercise never draws 8 for k, only" in page(stage)
        assert faults(stage.app) == []
        await stage.press("-")
        await idle(stage)
        assert "8- was ignored, k is still 8." in page(stage)
        await stage.press("backspace")
        await idle(stage)
        assert not panel.selected.changed
        assert "was ignored" not in page(stage)
        assert "never draws" not in page(stage)
        assert faults(stage.app) == []


async def test_what_takes_long_can_be_cancelled(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        field = lab(stage).query_one(LabField)
        field.put("sum(matmul(rand(4000, 4000), rand(4000, 4000)))")
        await stage.press("enter")
        await stage.until(lambda: lab(stage).running, "running")
        await stage.press("escape")
        await stage.until(lambda: not lab(stage).running, "cancelled")
        await stage.settle()
        assert lab(stage).session.entries[0].cancelled
        assert "cancelled" in page(stage)
        await enter(stage, "1 + 1")
        assert lab(stage).session.entries[1].value == 2
        await stage.press("escape")
        await stage.settle()
        assert isinstance(stage.app.screen, HomeScreen)


LONG = (
    "train(Sequential(Linear(2, 64), ReLU(), Linear(64, 2)), make_rings(256), "
    "'cross_entropy', SGD(lr=0.1), steps=100000)"
)


async def test_a_curve_grows_and_is_cancelled_at_once(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        lab(stage).query_one(LabField).put(LONG)
        await stage.press("enter")
        entry = lab(stage).session.entries[0]
        await stage.until(lambda: len(entry.points) > 3, "progress")
        seen = entry.step
        await stage.until(lambda: entry.step > seen, "further progress")
        await stage.settle()
        assert f"of {entry.steps:,}".replace(",", "") in page(stage).replace(",", "")
        await stage.press("ctrl+l")
        await stage.settle()
        assert "损失" in page(stage)
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: not entry.running, "cancelled")
        assert entry.step < entry.steps
        await stage.settle()
        assert entry.cancelled
        assert "已取消" in page(stage)
        assert faults(stage.app) == []


async def test_leaving_stops_what_runs(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        lab(stage).query_one(LabField).put(LONG)
        await stage.press("enter")
        entry = lab(stage).session.entries[0]
        await stage.until(lambda: bool(entry.points), "progress")
        lab(stage).dismiss(None)
        await stage.until(lambda: not entry.running, "stopped")
        assert entry.cancelled


async def test_pictures_are_drawn(open_app: OpenApp) -> None:
    async with open_app(width=120, height=40) as stage:
        await opened(stage)
        await enter(stage, "plot(relu(x), x, -3, 3)")
        assert lab(stage).session.entries[0].failure is None
        assert "Curves(" not in page(stage)
        assert len([row for row in text_of(stage.app) if row.strip()]) > 14
        assert faults(stage.app) == []


async def test_the_session_waits_and_is_saved(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await opened(stage)
        await enter(stage, "parameters(Linear(10, 2))")
        await stage.press("escape")
        await stage.settle()
        await stage.press("l")
        await stage.settle()
        assert "22" in page(stage)
        await stage.press("ctrl+s")
        await stage.settle()
        assert lab(stage).query_one(Notice).words.startswith("Saved: ")
        (path,) = (tmp_path / "lab").iterdir()
        assert "parameters(Linear(10, 2))" in path.read_text("utf-8")


async def test_what_was_typed_is_only_text(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        await enter(stage, "'[bold]\x1b[31m' + [link=https://example.org]x[/link]")
        assert "\x1b" not in page(stage)
        assert "[bold]" in page(stage)
        assert faults(stage.app) == []


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 20)])
async def test_a_page_of_any_size_is_whole(open_app: OpenApp, width: int, height: int) -> None:
    async with open_app(width=width, height=height, language="zh") as stage:
        await opened(stage)
        await enter(stage, "m = Sequential(Conv2d(3, 64, 3), ReLU(), Conv2d(64, 64, 3))")
        await enter(stage, "k = slider(3, 1, 11, 2)")
        await enter(stage, "macs(m, zeros(1, 3, 32, 32))")
        outcome = lab(stage).session.entries[-1].outcome
        assert isinstance(outcome, Measured)
        assert [row for row in faults(stage.app) if "no room" not in row] == []
