"""What tests of drills need: a small pack of every sort of question, homes of one's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from study_desk import HandClock

from app.drill.rounds import DrillRound
from app.drill.views import Judged, Kept, NotMeasured, Over, Question
from app.progress.store import Store
from app.study.session import Study
from content.compiled import PackLibrary
from engine.values import TensorValue
from engine.verdict import canonical

MANIFEST = """\
id: small
version: {version}
title: {{en: Small, zh: 小}}
languages: [en, zh]
mistakes:
  bias-forgotten: {{title: {{en: Bias forgotten, zh: 漏掉偏置}}, topic: mend}}
drills:
  - id: quick
    title: {{en: Quick round, zh: 快速一轮}}
    mix: {{kinds: [number, choice, self], questions: 4}}
    minutes: 10
    style: {style}
"""
MAIN = """\
topic: main
title: {{en: Linear layers, zh: 全连接层}}
needs: [mend]
exercises:
  - id: count
    kind: number
    seconds: 40
    level: 2
    draw: {{a: [{a}, {b}]}}
    question:
      en: "Parameters of `Linear({{{{ a }}}}, 3)`?"
      zh: "`Linear({{{{ a }}}}, 3)` 的参数？"
    measure: parameters(Linear(a, 3))
    solution: (a + 1) * 3
    mistakes:
      - {{id: bias-forgotten, value: a * 3, why: {{en: "No bias.", zh: "没算偏置。"}}}}
    hints: [{{en: "Weights, then biases.", zh: "先权重，后偏置。"}}]
    then: [pick]
  - id: pick
    kind: choice
    seconds: 20
    level: 2
    question: {{en: "What <b>has</b> weights?", zh: "什么<b>有</b>权重？"}}
    options:
      - {{text: {{en: A dense layer, zh: 全连接层}}, right: true}}
      - {{text: {{en: Only a bias, zh: 只有偏置}}, mistake: bias-forgotten}}
  - id: tell
    kind: self
    seconds: 60
    level: 3
    question: {{en: "Why a bias?", zh: "为什么要偏置？"}}
    points: [{{en: It shifts., zh: 平移。}}, {{en: Zero input., zh: 零输入。}}]
"""
MEND = """\
topic: mend
title: {en: Biases, zh: 偏置}
cards:
  - id: what
    front: {en: What is a bias?, zh: 什么是偏置？}
    back: {en: A number added., zh: 加上的数。}
exercises:
  - id: biases
    kind: number
    seconds: 20
    draw: {a: [5, 6, 7]}
    question: {en: "Biases of `Linear(2, {{ a }})`?", zh: "`Linear(2, {{ a }})` 有几个偏置？"}
    measure: parameters(Linear(2, a)) - parameters(Linear(2, a, bias=False))
    solution: a
"""


def write_small(
    folder: Path, *, version: str = "1.0.0", style: str = "screening", a: int = 4, b: int = 8
) -> Path:
    """The pack `small`; other `a` and `b` change the item `small:main/count` and no other."""
    pack = folder / "small"
    pack.mkdir(parents=True, exist_ok=True)
    texts = {
        "pack.yaml": MANIFEST.format(version=version, style=style),
        "main.yaml": MAIN.format(a=a, b=b),
        "mend.yaml": MEND,
    }
    for name, text in texts.items():
        (pack / name).write_text(text, encoding="utf-8")
    return folder


def open_home(database: Path, packs: Path, clock: HandClock, engine: object) -> Study:
    """A study loop on those files."""
    store = Store.open(database, clock=clock)
    return Study(store, PackLibrary((packs,), None), engine, clock)  # type: ignore[arg-type]


def right_answer(question: Question) -> str:
    """What is typed by somebody who knows."""
    if question.kind == "card":
        return "1"
    truth = question.prepared.truth
    if truth.kind == "self":
        return " ".join(str(n) for n in range(1, truth.points + 1))
    if truth.kind in ("choice", "several"):
        return ", ".join("abcdefghijklmnop"[n] for n, one in enumerate(truth.options) if one.right)
    value = truth.value
    if isinstance(value, TensorValue) and value.shape == ():
        value = value.data  # type: ignore[assignment]
    if truth.kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    return canonical(truth, "en")


def give(drill: DrillRound, question: Question, typed: str) -> Judged | Kept:
    """Answer, a concept question in its two halves."""
    if question.concept and question.stage == "ask":
        drill.reveal()
    return drill.answer(typed, said="words" if question.concept else "")


def play(drill: DrillRound, typed: Callable[[Question], str | None]) -> list[str]:
    """To the end; None skips. The names of what was asked, in order."""
    asked = []
    while not isinstance(shown := drill.next(), Over):
        assert not isinstance(shown, NotMeasured), shown
        if shown.stage == "ask":
            asked.append(shown.name)
        text = typed(shown)
        found = None if text is None else give(drill, shown, text)
        if found is None or (isinstance(found, Judged) and found.verdict is not None
                             and found.verdict.kind.value == "unreadable"):  # fmt: skip
            drill.skip()
    return asked
