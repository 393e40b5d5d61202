"""Statistics in words alone."""

from __future__ import annotations

from datetime import date

import pytest

from app.locale import LANGUAGES, Locale
from app.statistics.figure import Figure, Table
from app.statistics.saying import figure_said, picture_said
from content.text.pictures import Calendar, Columns, Meters
from content.text.said import is_drawn
from engine.values import Curves, Series

_FIRST = date(2026, 10, 30).toordinal()


def test_a_calendar_is_read_month_by_month_the_newest_first() -> None:
    picture = Calendar(_FIRST, (3.0, 0.0, 2.0, 1.0), ("",) * 7, ("",) * 12)
    assert [*picture_said(picture, Locale("en"))] == ["1 Nov: 2; 2 Nov: 1", "30 Oct: 3"]


def test_a_long_row_is_told_by_its_ends_and_extremes() -> None:
    labels = tuple(f"d{n}" for n in range(20))
    values = (*(float(5 + n % 7) for n in range(19)), 1.0)
    picture = Columns((values, (0.0,) * 20), labels, ("a", "b"), y_label="items")
    assert [*picture_said(picture, Locale("en"))] == [
        "items: a: 20 places; 5 at the first (d0), 1 at the last (d19), most 11 (d6), least 1 (d19)"
    ]
    short = Columns(((1.0, 0.0, 2.5),), ("0", "5", "10"), x_label="seconds", y_label="answers")
    assert [*picture_said(short, Locale("en"))] == ["answers: seconds: 0: 1; 10: 2.5"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_drawn_is_left(language: str) -> None:
    figure = Figure(
        "mistakes", "T", "R", ("Said.",),
        (
            Meters(("bias",), (1.0,), ("4",), ("▁▃█",)),
            Curves((Series("s", (0.0, 1.0), (2.0, 3.0)),)),
        ),
        Table(("topic", "n"), (("cnn", "3"),)),
        defined=("What it is.",), legend=("The tallest sign its own highest.",),
    )  # fmt: skip
    told = "\n".join(figure_said(figure, Locale(language)))
    assert not is_drawn(told)
    assert "tallest" not in told
    for part in ("bias", "4", "3", "cnn", "What it is."):
        assert part in told
    empty = [*figure_said(Figure("time", "T", "R", ("x",), empty="Nothing yet."), Locale("en"))]
    assert empty == ["T: R", "Nothing yet."]
