"""Answers that are programs, typed on the real screen and run by the real engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.tui.screens.choosing import Phase
from app.tui.widgets.code_field import CodeField
from app.tui.widgets.outcome import OutcomeView
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.scenes import Stage
from tests.tui.conftest import OpenApp

PACK = """\
id: programs
version: 1.0.0
title: {en: Programs, zh: 程序}
languages: [en, zh]
mistakes:
  bias-forgotten: {title: {en: Bias forgotten, zh: 漏掉偏置}, topic: p.one}
  naive-softmax: {title: {en: Naive softmax, zh: 直接算 softmax}, topic: p.one}
chapters:
  - {id: one, title: {en: One, zh: 一}, topics: [p.one]}
"""
FORMULA = """\
topic: p.one
title: {en: One, zh: 一}
exercises:
- id: it
  kind: formula
  draw: {k: [1, 3, 5], c_in: [1, 3, 8, 16], c_out: [4, 8, 32]}
  question: {en: "Parameters of `Conv2d(c_in, c_out, k)`?", zh: "`Conv2d(c_in, c_out, k)` 的参数？"}
  measure: parameters(Conv2d(c_in, c_out, k))
  solution: k*k*c_in*c_out + c_out
  mistakes:
  - id: bias-forgotten
    value: k*k*c_in*c_out
    why: {en: "You left out the bias: {{ c_out }} more.", zh: "漏了偏置：还有 {{ c_out }} 个。"}
"""
LAYER = """\
topic: p.one
title: {en: One, zh: 一}
exercises:
- id: it
  kind: layer
  question: {en: "A layer from 3x32x32 to 16x16x16.", zh: "写一个层，把 3x32x32 变成 16x16x16。"}
  require:
  - that: "output_shape(answer, zeros(1, 3, 32, 32)) == (1, 16, 16, 16)"
    why:
      en: "the output is {{ output_shape(answer, zeros(1, 3, 32, 32)) }}"
      zh: "输出是 {{ output_shape(answer, zeros(1, 3, 32, 32)) }}"
  example: Conv2d(3, 16, 3, stride=2, padding=1)
"""
TENSOR = """\
topic: p.one
title: {en: One, zh: 一}
exercises:
- id: it
  kind: tensor
  question: {en: "Softmax of `x` that survives logits of a thousand.", zh: "写出 `x` 的 softmax。"}
  inputs: [{x: "tensor([1000., 1001., 1002.])"}, {x: "randn(7, seed=3)"}]
  reference: softmax(x)
  allow: [exp, sum, max]
  example: exp(x - max(x)) / sum(exp(x - max(x)))
  mistakes:
  - id: naive-softmax
    value: exp(x) / sum(exp(x))
    why: {en: "NaN at 1000.", zh: "到 1000 就是 NaN。"}
"""


WithItem = Callable[[str], None]


@pytest.fixture
def with_item(tmp_path: Path) -> WithItem:
    """Puts a pack of one exercise in the learner's folder."""

    def write(exercise: str) -> None:
        folder = tmp_path / "packs" / "programs"
        folder.mkdir(parents=True)
        (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
        (folder / "one.yaml").write_text(exercise, encoding="utf-8")

    return write


async def _meet(stage: Stage) -> CodeField:
    await stage.complete_home()
    await stage.find(lambda name, _: name == "programs:p.one/it", "programs:p.one")
    field = stage.study.query_one(CodeField)
    await stage.until(lambda: stage.app.focused is field, "the field has the focus")
    return field


def _own_faults(stage: Stage) -> list[str]:
    return [fault for fault in faults(stage.app) if "Footer" not in fault]


def _page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


@pytest.mark.parametrize("width", [80, pytest.param(120, marks=pytest.mark.slow)])
async def test_a_formula_is_asked_again_then_judged(
    open_app: OpenApp, with_item: WithItem, width: int
) -> None:
    with_item(FORMULA)
    async with open_app(width=width) as stage:
        field = await _meet(stage)
        assert "Symbols: k, c_in, c_out" in _page(stage)
        field.value = "k*k*cin*c_out"
        await stage.press("enter")
        await stage.until(lambda: stage.study.judged is not None, "judged")
        await stage.settle()
        assert stage.study.phase is Phase.QUESTION
        assert "mean `c_in`?" in _page(stage)
        assert field.value == "k*k*cin*c_out"
        field.value = ""
        await stage.type("k^2*c_i")
        await stage.press("tab")
        assert field.value == "k^2*c_in"
        await stage.type("*c_o")
        await stage.press("tab", "enter")
        await stage.phase(Phase.JUDGED)
        page = _page(stage)
        assert "Bias forgotten" in page
        assert "PyTorch has 8" in page
        assert not _own_faults(stage)


async def test_a_layer_is_built_and_what_fails_is_said(
    open_app: OpenApp, with_item: WithItem
) -> None:
    with_item(LAYER)
    async with open_app(language="zh") as stage:
        field = await _meet(stage)
        field.value = "nn.Sequential("
        await stage.press("ctrl+j")
        assert field.value == "nn.Sequential(\n"
        assert field.size.height == 2
        field.insert("nn.Conv2d(3, 16, 3))")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        page = _page(stage)
        assert "输出是 (1, 16, 30, 30)" in page
        assert "Conv2d(3, 16, 3, stride=2, padding=1)" in page
        assert not _own_faults(stage)


async def test_a_tensor_expression_shows_the_input_that_breaks_it(
    open_app: OpenApp, with_item: WithItem
) -> None:
    with_item(TENSOR)
    async with open_app() as stage:
        field = await _meet(stage)
        field.value = "exp(x) / exp(x).sum()"
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        page = _page(stage)
        assert "Naive softmax" in page
        assert "[nan, nan, nan]" in page
        assert "[1000, 1001, 1002]" in page
        assert not _own_faults(stage)
        assert stage.study.query_one(OutcomeView).display


async def test_esc_calls_a_running_program_off(open_app: OpenApp, with_item: WithItem) -> None:
    slow = TENSOR.replace("allow: [exp, sum, max]", "allow: [exp, sum, max, randn]")
    with_item(slow)
    async with open_app() as stage:
        field = await _meet(stage)
        part = "sum(randn(2000, 2000) @ randn(2000, 2000))"
        field.value = "exp(x)*(" + " + ".join([part] * 60) + ")"
        await stage.press("enter")
        await stage.until(lambda: "esc calls it off" in _page(stage), "told of the wait")
        await stage.press("escape")
        await stage.until(lambda: stage.study.judged is not None, "called off")
        await stage.settle()
        assert stage.study.phase is Phase.QUESTION
        assert field.value.startswith("exp(x)*(")
        assert "ancelled" in _page(stage)
