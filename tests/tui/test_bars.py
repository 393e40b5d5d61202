"""Bars say neither nothing for a little nor all for nearly all."""

import pytest

from app.tui.widgets.bars import mastery_bar, progress_pips, week_bars


@pytest.mark.parametrize(
    ("share", "bar"),
    [(0.0, ""), (0.001, "▏"), (0.5, "████"), (0.71, "█████▋"), (0.999, "███████▉"), (1.0, "█" * 8)],
)
def test_mastery_in_eighths(share: float, bar: str) -> None:
    shown = mastery_bar(share, 8)
    assert shown.plain.rstrip() == bar
    assert shown.cell_length == 8


def test_a_share_outside_its_range_is_held_in_it() -> None:
    assert mastery_bar(-1.0, 4).plain == "    "
    assert mastery_bar(7.0, 4).plain == "████"


def test_a_week_has_one_bar_a_day_and_dots_for_rest() -> None:
    assert week_bars((8, 0, 1, 4, 0, 8, 2)).plain.split() == ["█", "·", "▁", "▄", "·", "█", "▂"]
    assert week_bars((0,) * 7).plain.split() == ["·"] * 7


@pytest.mark.parametrize(
    ("done", "total", "full"), [(0, 31, 0), (1, 31, 1), (31, 31, 10), (0, 0, 0)]
)
def test_the_way_through_a_session(done: int, total: int, full: int) -> None:
    assert progress_pips(done, total).plain == "▰" * full + "▱" * (10 - full)
