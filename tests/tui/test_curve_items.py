"""Items about learning curves: the curves in the question, then the runs after the answer."""

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
"""
TOPIC = """\
topic: learning.curves
title: {en: Learning curves, zh: 学习曲线}
exercises:
  - id: long-second
    kind: choice
    let:
      net: Linear(2, 1)
      points: make_rings(32)
      P: train(net, points, "bce", SGD(lr=0.1), steps=20)
    question:
      en: "Where does this end?\\n\\n{{ curves(P, P, labels=(\\"P\\", \\"Q\\")) }}"
      zh: "会停在哪里？\\n\\n{{ curves(P, P, labels=(\\"P\\", \\"Q\\")) }}"
    options:
      - {text: {en: Low, zh: 低}}
      - {text: {en: High, zh: 高}, right: true}
    run: (P, train(net, points, "bce", SGD(lr=0.5), steps=100000))
  - id: another
    kind: number
    question: {en: What is 1 plus 1?, zh: 1 加 1 等于几？}
    measure: sum(ones(2))
    solution: 1 + 1
"""


async def answered(stage: Stage) -> RunView:
    await stage.type("a")
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    return stage.study.query_one(RunView)


async def test_an_item_of_the_pack_draws_its_runs(open_app: OpenApp) -> None:
    async with open_app(width=120, height=60) as stage:
        await stage.complete_home()
        await stage.find(lambda name, _: name.endswith("/which-run-has-momentum"), "opt.momentum")
        assert "● P   ▲ Q" in "\n".join(text_of(stage.app))
        view = await answered(stage)
        await stage.until(lambda: view.entry is not None and view.entry.outcome is not None, "run")
        await stage.settle()
        shown = "\n".join(text_of(stage.app))
        assert "● P: SGD(lr=" in shown
        assert "80 steps: loss" in shown
        assert faults(stage.app) == []
        before = stage.study.shown
        await stage.press("enter")
        await stage.moved_on(before)
        assert view.entry is None


async def test_a_key_stops_the_runs_and_enter_goes_on(open_app: OpenApp, tmp_path: Path) -> None:
    folder = Paths.inside(tmp_path).packs / "runs"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "curves.yaml").write_text(TOPIC, encoding="utf-8")
    async with open_app(width=100, height=50) as stage:
        await stage.complete_home()
        await stage.find(lambda name, _: name.endswith("/long-second"), "runs:learning.curves")
        view = await answered(stage)
        entry = view.entry
        assert entry is not None
        await stage.until(lambda: entry.steps == 100_000 and bool(entry.points), "progress")
        await stage.settle()
        assert "of 100,000, loss" in "\n".join(text_of(stage.app))
        await stage.press("x")
        await stage.until(lambda: not entry.running, "stopped")
        await stage.settle()
        assert entry.cancelled
        assert "cancelled · step" in "\n".join(text_of(stage.app))
        assert faults(stage.app) == []
        before = stage.study.shown
        await stage.press("enter")
        await stage.moved_on(before)
        assert view.entry is None
