"""Numbers are new in every drawing of a sitting, as far as there are any."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest

from app.study.fresh import FreshDraws
from content.compiled import PackLibrary
from content.prepare import draw_item

_PACK = "id: few\nversion: 1.0.0\ntitle: Few\nlanguages: [en]\n"
_TOPIC = """\
topic: few.draws
title: Few
exercises:
  - id: three
    kind: number
    draw: {a: [1, 2, 3]}
    question: "How many parameters has `Linear(a, 1)`?"
    measure: parameters(Linear(a, 1))
    solution: a + 1
"""


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[FreshDraws, PackLibrary]]:
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "pack.yaml").write_text(_PACK)
    (folder / "draws.yaml").write_text(_TOPIC)
    ids = iter(range(1, 10_000))
    journal = SimpleNamespace(new_id=lambda: str(UUID(int=next(ids))))
    with PackLibrary((tmp_path,), None) as library:
        yield FreshDraws(journal, library), library  # type: ignore[arg-type]


def test_every_draw_comes_before_one_comes_twice(fresh: tuple[FreshDraws, PackLibrary]) -> None:
    draws, library = fresh
    name = "few:few.draws/three"
    _, item = library.item(name)
    shown = [draw_item(name, item, draws.ask(name).seed) for _ in range(12)]
    assert len(set(shown[:3])) == 3
    assert all(one != other for one, other in pairwise(shown))


def test_numbers_back_on_screen_count_as_shown(fresh: tuple[FreshDraws, PackLibrary]) -> None:
    draws, library = fresh
    name = "few:few.draws/three"
    _, item = library.item(name)
    draws.shown(name, (("a", 2),))
    shown = [draw_item(name, item, draws.ask(name).seed) for _ in range(2)]
    assert (("a", 2),) not in shown
