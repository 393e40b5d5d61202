"""What a check says to an author: the place, the reason and the mend of easily made slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from content.checks import check
from content.checks.report import Words
from content.diagnostic import Diagnostic
from engine.client import EngineClient
from engine.protocol import Job, Outcome

MANIFEST = "id: slips\nversion: 1.0.0\ntitle: Slips\nlanguages: [en]\n"
EXERCISE = """topic: a.b
title: Items
exercises:
  - id: one
    kind: number
    draw: {k: [3, 5, 7]}
    let:
      layer: Linear(k, k, bias=False)
    question: "How many parameters has `{{ code(layer) }}`?"
    measure: parameters(layer)
    solution: k**2
"""
CHOICE = """topic: a.b
title: Items
exercises:
  - id: one
    kind: choice
    question: Does padding keep the size?
    options:
      - {text: Often, right: true}
      - {text: Never}
"""
TERM = """topic: a.b
title: Items
exercises:
  - id: one
    kind: term
    question: What is a one by one convolution called?
    accept:
      - pointwise convolution
"""
LAYER = """topic: a.b
title: Items
exercises:
  - id: one
    kind: layer
    question: Write a layer that keeps `1x4`.
    require:
      - that: output_shape(answer, zeros(1, 4)) == (1, 4)
        why: It does not.
      - that: parameters(answer) > 4
        why: It has too few.
    example: Linear(4, 4)
"""


def slips(
    folder: Path, topic: str, old: str, new: str, manifest: str = MANIFEST
) -> tuple[Diagnostic, ...]:
    """What is found once the old text is the new one."""
    assert old in topic + manifest
    (folder / "pack.yaml").write_text(manifest.replace(old, new), encoding="utf-8")
    (folder / "topic.yaml").write_text(topic.replace(old, new), encoding="utf-8")
    return check(folder, None).diagnostics


@pytest.mark.parametrize(
    ("topic", "old", "new", "code", "place", "why", "mend"),
    [
        (EXERCISE, "k**2", "k^2", "G501", (11, 16), "no operator `^`", "Write `**` for `^`."),
        (CHOICE, "right: true", "right: yes", "G502", (8, 30), "`true` and `false`", "`true`"),
        (EXERCISE, "layer: L", "k: L", "G503", (8, 7), "drawn already", "another name"),
        (EXERCISE, "layer: L", "sum: L", "G503", (8, 7), "--explain sum", "another name"),
        (EXERCISE, "layer: L", "net: R()\n      layer: L", "G505", (8, 7), "leftover", "delete"),
        (TERM, "- pointwise", "en: pointwise", "G103", (7, 5), "", "- {en: ..., zh: ...}"),
        (CHOICE, "size?", "size of a 1x1 layer?", "G403", (6, 47), "", "set code in backquotes"),
        (CHOICE, "1.0.0", "two", "G105", (2, 10), "put in order", "`1.2.0`"),
    ],
)
def test_a_slip_is_placed_explained_and_mended(
    topic: str,
    old: str,
    new: str,
    code: str,
    place: tuple[int, int],
    why: str,
    mend: str,
    tmp_path: Path,
) -> None:
    found = next(one for one in slips(tmp_path, topic, old, new) if one.code == code)
    words, chinese = Words("en"), Words("zh")
    assert (found.line, found.column) == place
    assert why in words.part("why", found)
    assert mend in words.mend(found)
    for part in ("what", "why", "mend"):
        assert chinese.part(part, found)
        assert chinese.part(part, found) != words.part(part, found)


def test_a_number_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    found = slips(tmp_path, EXERCISE, "kind: number", "kind: number\n    seconds: 1" + "0" * 90)
    assert [one.code for one in found] == ["G011"]


def test_an_answer_is_not_called_wrong_where_its_conditions_cannot_be_read(
    tmp_path: Path, engine: EngineClient
) -> None:
    def measure(jobs: Sequence[Job]) -> Iterator[Outcome]:
        yield from (future.result() for future in engine.submit_many(jobs))

    slips(tmp_path, LAYER, "4)) == (1", "4)) = (1")
    found = check(tmp_path, measure, draws=5).diagnostics
    assert [one.code for one in found] == ["G501"]


def test_a_measurement_that_nothing_looks_at_is_found(tmp_path: Path) -> None:
    new = "kind: term\n    measure: parameters(Linear(2, 2))"
    (found,) = slips(tmp_path, TERM, "kind: term", new)
    assert (found.code, found.line) == ("G802", 6)
