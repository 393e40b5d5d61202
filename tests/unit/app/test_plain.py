"""Line mode tells after an answer what the screens tell, and offers only what does something."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from study_desk import HandClock

from app.locale import Locale
from app.plain.study import PlainSession
from app.progress.store import Store
from app.study.session import Study
from content.compiled import PackLibrary
from engine.client import EngineClient

_PACK = """\
id: small
version: 1.0.0
title: Small
languages: [en, zh]
mistakes:
  bias-forgotten: {title: {en: Bias forgotten, zh: 漏掉偏置}, topic: small.one}
"""
_CHOICE = """\
    kind: several
    question: {en: "What has weights?", zh: "什么有权重？"}
    options:
      - {text: {en: A convolution, zh: 卷积层}, right: true}
      - {text: {en: A dense layer, zh: 全连接层}, right: true}
      - {text: {en: A bias, zh: 偏置}, mistake: bias-forgotten, why: {en: No., zh: 不是。}}
"""
_NUMBER = """\
    kind: number
    draw: {a: [4]}
    question: {en: "Parameters of `Linear({{ a }}, 3)`?", zh: "`Linear({{ a }}, 3)` 有多少参数？"}
    measure: parameters(Linear(a, 3))
    solution: (a + 1) * 3
    steps:
      - {show: a * 3, label: {en: weights, zh: 权重}}
      - {show: a * 3 + 3, label: {en: and biases, zh: 加偏置}}
    mistakes:
      - {id: bias-forgotten, value: a * 3, why: {en: "No bias.", zh: "没算偏置。"}}
    hints: [{en: "Weights, then biases.", zh: "先权重，后偏置。"}]
"""

Study_ = Callable[..., str]


@pytest.fixture
def study(tmp_path: Path, database: Path, clock: HandClock, engine: EngineClient) -> Study_:
    """One exercise, answered by these lines; what was printed."""

    def run(exercise: str, typed: str, language: str = "zh") -> str:
        folder = tmp_path / "packs" / "small"
        folder.mkdir(parents=True)
        (folder / "pack.yaml").write_text(_PACK, encoding="utf-8")
        topic = "topic: small.one\ntitle: {en: One, zh: 一}\nexercises:\n  - id: it\n" + exercise
        (folder / "one.yaml").write_text(topic, encoding="utf-8")
        store = Store.open(database, clock=clock)
        study = Study(store, PackLibrary((folder.parent,), None), engine, clock, seed=1)
        sink = io.StringIO()
        try:
            assert PlainSession(study, language, io.StringIO(typed), sink).run() == 0
        finally:
            study.close()
        return sink.getvalue()

    return run


def test_the_right_options_are_told_in_words(study: Study_) -> None:
    said = study(_CHOICE, "a\n:q\n")
    after = said.partition("答案：")[2]
    assert "卷积层" in after
    assert "全连接层" in after
    assert "偏置" not in after


def test_nothing_is_offered_that_does_nothing(study: Study_) -> None:
    said = study(_CHOICE, "a\n\n")
    assert ":h" not in said
    assert ":r" not in said
    assert "本次计为：" in said


def test_a_named_mistake_has_its_title_and_the_solution_its_order(study: Study_) -> None:
    said = study(_NUMBER, ":h\n12\n:q\n")
    assert ":h 提示" in said.partition("先权重")[0]
    assert ":h 提示" not in said.partition("先权重")[2]
    assert ":r 换一组数" in said
    assert "◆ 典型错误 · 漏掉偏置" in said
    formula, steps = said.index("(a + 1) · 3"), said.index("· 3 + 3")
    assert formula < steps < said.index("实测：")
    assert said.count(" + 3 = ") == 1
    assert " ms）" in said or " s）" in said
    assert "毫秒" not in said


def test_a_wrong_answer_rated_up_is_said(study: Study_) -> None:
    assert "The answer was not right, yet counts as easy." in study(_NUMBER, "7\n4\n", "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_rating_lowered_by_a_hint_says_so(study: Study_, language: str) -> None:
    said = study(_NUMBER, ":h\n15\n\n", language)
    why = Locale(language)("study.lowered.hint")
    assert said.count(why) == 1
    assert said.index(Locale(language)("study.verdict.right")) < said.index(why)


def test_practice_is_named(study: Study_) -> None:
    assert "practice, not scheduled" in study(_NUMBER, "7\n:r\n", "en")


def test_what_is_done_besides_answering_is_done_line_by_line(study: Study_, tmp_path: Path) -> None:
    said = study(
        _NUMBER,
        "\n".join(
            [
                ":?", ":flag 9", ":flag 2", ":note Weights **and** {{ biases }}", ":needs", "12",
                ":report It says 15", ":u", ":u", ":y", ":note", "", ":bury", "",
            ]
        ),
        "en",
    )  # fmt: skip
    for words in (
        "More commands: :u undo",
        "Type :flag and a digit",
        "Flag: orange",
        "Your note is kept.",
        "builds on no other topic",
        "Your note:\n  Weights and {{ biases }}",
        "The report lies in ",
        "The answer to an item of “One” is undone.",
        "Undone: the note on an item of “One”.",
        "Redone: the note on an item of “One”.",
        "Set aside until tomorrow",
    ):
        assert words in said, words
    (report,) = (tmp_path / "reports").iterdir()
    text = report.read_text(encoding="utf-8")
    assert "It says 15" in text
    assert "~~~~\n12\n~~~~" in text
    assert "mistake: `bias-forgotten`" in text


def test_an_item_that_keeps_slipping_is_told_line_by_line(study: Study_) -> None:
    said = study(_NUMBER, "12\n\n12\n\n12\n\n:suspend\n", "en")
    assert said.count("This one keeps slipping") == 1
    assert "The same mistake 3 times: Bias forgotten." in said
    assert said.rstrip().splitlines()[-2].startswith("Suspended") or "Suspended;" in said
