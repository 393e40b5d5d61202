"""Calendars, columns and meters in cells: whatever the numbers, within the width."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.text import Spans
from content.text.pictures import (
    Calendar,
    Columns,
    Meters,
    draw_calendar,
    draw_columns,
    draw_meters,
)
from content.text.pictures.calendar import level_of, levels, ranges
from content.text.wrap import cells

DAYS = ("一", "二", "三", "四", "五", "六", "日")
MONTHS = tuple(f"{n}月" for n in range(1, 13))
FRIDAY = date(2026, 11, 20).toordinal()


def texts(lines: tuple[Spans, ...]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def test_a_fortnight_shows_its_numbers() -> None:
    values = (0, 3, 12, 7, 0, 0, 40, 1, 0, 0, 5, 5, 5, 120)
    found = texts(draw_calendar(Calendar(FRIDAY - 13, tuple(map(float, values)), DAYS, MONTHS), 76))
    assert any("██ 120" in line for line in found)
    assert len(found) == 9


def test_a_year_is_a_column_for_each_week() -> None:
    values = tuple(float(n % 5) for n in range(365))
    found = texts(draw_calendar(Calendar(FRIDAY - 364, values, DAYS, MONTHS), 76))
    assert len(found) == 9
    assert max(map(cells, found)) == 3 + 53
    friday = found[5]
    assert friday.startswith("五 ")
    assert cells(friday) == 3 + 53
    assert found[6].endswith(" ")  # tomorrow is not in it


def test_years_stand_below_each_other() -> None:
    found = texts(draw_calendar(Calendar(FRIDAY - 799, (1.0,) * 800, DAYS, MONTHS), 76))
    assert found.count("") == 2
    assert max(map(cells, found)) <= 76


def test_shades_hold_a_quarter_each() -> None:
    edges = levels([0, 0, *range(1, 101)])
    assert [level_of(value, edges) for value in (0, 1, 25, 30, 60, 80, 100)] == [
        0, 1, 1, 2, 3, 4, 4,
    ]  # fmt: skip
    assert ranges([5.0, 5.0, 9.0, 30.0]) == ["1–5", "", "6–9", "10–30"]
    assert levels([0.0]) == []


@pytest.mark.parametrize("plain", [False, True])
@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(st.floats(0, 1e7), min_size=1, max_size=70),
    width=st.integers(20, 120),
    rows=st.integers(3, 14),
    stacked=st.booleans(),
)
def test_columns_fit(
    plain: bool, values: list[float], width: int, rows: int, stacked: bool
) -> None:
    series = (tuple(values), tuple(reversed(values))) if stacked else (tuple(values),)
    names = ("planned", "new") if stacked else ()
    labels = tuple(f"{n}月{n}日" if n % 2 else str(n) for n in range(len(values)))
    picture = Columns(series, labels, names, x_label="天数", y_label="items per week")
    found = texts(draw_columns(picture, width, rows, ascii=plain))
    assert max(map(cells, found)) <= width
    assert len(found) <= rows + 5
    if not stacked and max(values) > 1e-6 and len(values) < width - 20:
        full = "#" if plain else "█"
        assert full in "".join(found)


def test_columns_are_as_high_as_their_values() -> None:
    found = texts(draw_columns(Columns(((1.0, 2.0, 4.0),), ("a", "b", "c")), 40, 8))
    bars = [line.partition("│")[2] or line.partition("┤")[2] for line in found[:8]]
    heights = [sum(bar[at] == "█" for bar in bars) for at in (0, 6, 12)]
    assert heights == [2, 4, 8]


@settings(max_examples=25, deadline=None)
@given(
    names=st.lists(st.text("ab 卷，é\u0301·…\x1b", max_size=60), min_size=1, max_size=8),
    share=st.floats(0, 1),
    width=st.integers(30, 100),
    plain=st.booleans(),
)
def test_meters_fit(names: list[str], share: float, width: int, plain: bool) -> None:
    notes = ("5 of 12 met",) * len(names)
    picture = Meters(tuple(names), (share,) * len(names), ("71%",) * len(names), notes)
    found = texts(draw_meters(picture, width, ascii=plain))
    assert max(map(cells, found)) <= width
    assert sum("71%" in line for line in found) >= len(names)


def test_a_long_name_goes_on_below() -> None:
    name = "Negative log-likelihood of a categorical distribution under softmax"
    found = texts(draw_meters(Meters((name,), (0.5,), ("50%",), ("3 of 6 met",)), 60))
    assert len(found) > 1
    assert "".join(line[:28].rstrip() for line in found).replace(" ", "").startswith("Negative")
    assert "…" not in "".join(found)
