"""A learner with a little of everything, to be browsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from study_desk import HandClock, write_pack

from app.browse.browser import Browser
from app.progress.events import Answer
from app.study.session import Study
from app.study.views import Rating

ITEMS = {
    "a.first": """cards:
- id: conv
  front: {en: "What does a **convolution** do?", zh: 什么是卷积？}
  back: {en: It slides., zh: 它滑动。}
- id: pool
  front: {en: "What is max pooling?", zh: 最大池化是什么？}
  back: {en: It keeps the maximum., zh: 保留最大值。}
  tags: [code]
- id: soft
  front: {en: "Why $\\\\frac{e^{x_i}}{\\\\sum_j e^{x_j}}$?", zh: "为什么？"}
  back: {en: Because., zh: 因为。}
  level: 2
""",
    "b.second": """needs: [a.first]
exercises:
- id: count
  kind: number
  question:
    en: "How many parameters has `{{ code(layer) }}`?"
    zh: "`{{ code(layer) }}` 有多少个参数？"
  draw: {k: [3, 5]}
  let: {layer: "Conv2d(1, 1, k)"}
  measure: parameters(layer)
  solution: k*k + 1
  mistakes:
  - {id: bias-forgotten, value: k*k, why: {en: You left out the bias., zh: 漏了偏置。}}
- id: shape
  kind: shape
  question: {en: "What shape?", zh: "什么形状？"}
  measure: output_shape(Conv2d(1, 1, 3), (1, 5, 5))
  solution: (1, 3, 3)
""",
}


def answered(study: Study, name: str, rating: Rating, **answer: object) -> str:
    """A review of that item, as the study loop would log it."""
    journal = study.journal
    key = study.store.items.key(name)
    assert key is not None
    review = journal.new_id()
    rest = {"pack_version": "1.0.0", "content_hash": "", "proposed": None, "seconds": 5.0}
    given = Answer(**{**rest, "hints": 0, "seed": 1, "draw": "{}", **answer})  # type: ignore[arg-type]
    journal.review(review, key, name, rating, given)
    return review


@pytest.fixture
def learner(open_study: Callable[..., Study], tmp_path: Path, clock: HandClock) -> Study:
    """Two topics; answers of a week, a flag, a note, something suspended, something buried."""
    folder = write_pack(
        tmp_path / "packs" / "net",
        ITEMS,
        "mistakes: {bias-forgotten: {title: {en: bias forgotten, zh: 漏了偏置}}}\n",
    )
    for file in folder.glob("*.yaml"):
        file.write_text(
            file.read_text()
            .replace("languages: [en]", "languages: [en, zh]")
            .replace("title: Test", "title: {en: Test, zh: 测试}")
            .replace("title: About a.first", "title: {en: Convolution, zh: 卷积}")
            .replace("title: About b.second", "title: {en: Counting, zh: 计数}")
        )
    study = open_study(roots=(folder, tmp_path / "packs" / "demo"))
    for name in ("net:a.first/conv", "net:a.first/pool", "demo:a.first/a1"):
        answered(study, name, Rating.GOOD)
    clock.forward(days=8)
    answered(study, "net:a.first/conv", Rating.GOOD)
    answered(
        study, "net:b.second/count", Rating.AGAIN, typed="1,792", verdict="mistake",
        mistake="bias-forgotten",
    )  # fmt: skip
    answered(study, "net:b.second/shape", Rating.AGAIN, typed="3", mistake="floor-up")
    study.undo()
    study.suspend(["net:a.first/pool", "demo:c.other/c1"])
    study.bury(["demo:a.first/a1"])
    study.flag(["net:a.first/soft"], 1)
    study.note("demo:b.second/b1", "Ask about **池化层** and bias")
    return study


@pytest.fixture
def browser(learner: Study) -> Iterator[Browser]:
    """Everything loaded."""
    with closing(Browser(learner, None)) as found:
        assert found.build()
        found.load()
        yield found
