"""A training run that happens after the answer: shown, stoppable, in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.paths import Paths
from app.tui.screens.choosing import Phase
from app.tui.widgets.training import RunView
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.scenes import Stage
from tests.tui.conftest import OpenApp

pytestmark = pytest.mark.slow

PACK = """\
id: runs
version: 1.0.0
title: {en: Runs, zh: 训练}
languages: [en, zh]
chapters:
  - {id: runs, title: {en: Runs, zh: 训练}, topics: [learning.curves]}
"""
TOPIC = """\
topic: learning.curves
title: {en: Learning curves, zh: 学习曲线}
exercises:
  - id: first-loss
    kind: number
    draw: {width: [8, 16]}
    let:
      net: Sequential(Linear(2, width), ReLU(), Linear(width, 2))
    question:
      en: How many parameters has the network of width `{{ width }}` that is trained next?
      zh: 接下来要训练的宽度为 `{{ width }}` 的网络有多少个参数？
    measure: parameters(net)
    solution: 2*width + width + width*2 + 2
    run: train(net, make_rings(128), "cross_entropy", SGD(lr=0.5), steps=STEPS)
  - id: another
    kind: number
    question: {en: What is 1 plus 1?, zh: 1 加 1 等于几？}
    measure: sum(ones(2))
    solution: 1 + 1
"""


def lay_pack(home: Path, steps: int) -> None:
    folder = Paths.inside(home).packs / "runs"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    text = TOPIC.replace("STEPS", str(steps))
    (folder / "curves.yaml").write_text(text, encoding="utf-8")


async def judged(stage: Stage) -> RunView:
    await stage.complete_home()
    await stage.find(lambda name, _: name.endswith("/first-loss"), "runs:learning.curves")
    await stage.type("3")
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    return stage.study.query_one(RunView)


async def test_the_run_happens_after_the_verdict(open_app: OpenApp, tmp_path: Path) -> None:
    lay_pack(tmp_path, 60)
    async with open_app(width=120, height=40) as stage:
        view = await judged(stage)
        await stage.until(lambda: view.entry is not None and view.entry.outcome is not None, "run")
        await stage.settle()
        assert view.entry is not None
        assert view.entry.failure is None
        shown = "\n".join(text_of(stage.app))
        assert "60 steps: loss" in shown
        assert "x stop" not in shown
        assert faults(stage.app) == []
        await stage.press("L")
        await stage.settle()
        assert "60 步：损失" in "\n".join(text_of(stage.app))
        assert faults(stage.app) == []


async def test_a_long_run_is_in_nobodys_way(open_app: OpenApp, tmp_path: Path) -> None:
    lay_pack(tmp_path, 100_000)
    async with open_app() as stage:
        view = await judged(stage)
        entry = view.entry
        assert entry is not None
        await stage.until(lambda: bool(entry.points), "progress")
        before = stage.study.rating
        await stage.press("2")
        await stage.until(lambda: stage.study.rating is not before, "rated while it runs")
        assert entry.running
        await stage.settle()
        assert "x stop" in "\n".join(text_of(stage.app))
        assert faults(stage.app) == []
        await stage.press("x")
        await stage.until(lambda: not entry.running, "stopped")
        await stage.settle()
        assert entry.cancelled
        assert view.entry is entry
        await stage.press("r")
        await stage.phase(Phase.QUESTION)
        assert view.entry is None
        await stage.type("3")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        again = view.entry
        assert again is not None
        await stage.until(lambda: bool(again.points), "progress")
        shown = stage.study.shown
        await stage.press("enter")
        await stage.moved_on(shown)
        assert view.entry is None
        assert view._future is None
