"""Pictures as lines: small ones as they stand, and no numbers or sizes that break one."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from content.text import Drawing, Paragraph, figures_in, lines, plain, render
from content.text.pictures import described, draw_picture, height_of, picture_of
from engine.values import Bars, Curves, Grid, Heat, Picture, RunValue, Series, Windows

RAMP = Curves((Series("y", (0.0, 1.0, 2.0), (0.0, 1.0, 2.0)),), x_label="x")
RUN = RunValue("train(...)", (0, 1, 2), (4.0, 2.0, 1.0), (0, 2), (4.0, 3.0))
numbers = st.floats(allow_nan=True, allow_infinity=True)
words = st.text(max_size=12)
curves = st.builds(
    Curves,
    st.lists(
        st.tuples(words, st.lists(st.tuples(numbers, numbers), max_size=9)), max_size=7
    ).map(lambda found: tuple(
        Series(name, tuple(x for x, _ in points), tuple(y for _, y in points))
        for name, points in found
    )),
    words, words, words, st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
bars = st.lists(st.tuples(words, numbers), max_size=12).flatmap(
    lambda pairs: st.builds(
        Bars,
        st.just(tuple(name for name, _ in pairs)),
        st.just(tuple(value for _, value in pairs)),
        words, words, st.booleans(),
    )
)  # fmt: skip
ranges = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)).map(lambda p: (p[0], p[0] + p[1]))
tables = st.tuples(
    st.integers(1, 30), st.integers(1, 30), st.lists(numbers, min_size=1, max_size=5)
).map(
    lambda t: tuple(tuple(t[2][(r * t[1] + c) % len(t[2])] for c in range(t[1]))
                    for r in range(t[0]))
)  # fmt: skip
matrices = st.builds(Heat, tables, words, x_label=words, y_label=words)
surfaces = st.builds(
    Heat, tables, words, path=st.lists(st.tuples(numbers, numbers), max_size=5).map(tuple),
    x_range=ranges, y_range=ranges, x_label=words, y_label=words,
)  # fmt: skip


def shown(picture: Picture, width: int, height: int, *, plain: bool = False) -> list[str]:
    """A picture's lines as text."""
    return ["".join(span.text for span in line)
            for line in draw_picture(picture, width, height, "en", ascii=plain)]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(curves, bars, matrices, surfaces), st.integers(1, 120), st.integers(1, 30),
    st.sampled_from(["en", "zh"]), st.booleans(),
)  # fmt: skip
def test_whatever_the_numbers_a_picture_keeps_to_its_size(
    picture: Picture, width: int, height: int, language: str, signs: bool
) -> None:
    drawn = draw_picture(picture, width, height, language, ascii=signs)
    assert len(drawn) <= height
    for line in drawn:
        text = "".join(span.text for span in line)
        assert cell_len(text) <= width
        assert not set(text) & set("\x1b\n\r\t")
    assert "\n" not in described(picture, language)


def test_a_curve_in_ascii() -> None:
    assert shown(RAMP, 16, 8, plain=True) == [
        "y",
        "2 +         **",
        "  |       **",
        "1 +    ***",
        "  |  **",
        "0 +**. . . . .",
        "  ++---------+ x",
        "   0         2",
    ]


def test_each_curve_has_its_own_sign() -> None:
    both = Curves((RAMP.series[0], Series("z", (0.0, 2.0), (2.0, 0.0))))
    drawn = draw_picture(both, 60, 12, "en")
    assert [(span.text, span.style) for span in drawn[0]] == [
        ("● y", "series.1"), ("   ", "plain"), ("▲ z", "series.2")
    ]  # fmt: skip
    body = "".join(span.text for line in drawn[1:] for span in line)
    assert "●" in body
    assert "▲" in body


def test_a_run_that_ends_in_nan_says_where() -> None:
    broken = Curves((Series("@training", (0.0, 1.0, 2.0, 3.0), (1.0, 9.0, math.nan, math.nan)),))
    assert shown(broken, 50, 12)[-1] == "✗ training: nan from 2 on"
    assert "✗" in "".join(shown(broken, 50, 12)[1:-1])
    assert "nan from 2 on" in described(broken, "en")
    assert "从 2 起为 nan" in described(broken, "zh")


def test_powers_of_ten_beside_a_log_axis() -> None:
    steep = Curves((Series("", (0.0, 1.0), (1e-4, 1e8)),), log_y=True)
    text = "\n".join(shown(steep, 40, 14))
    assert "10⁴" in text
    assert "10⁻⁴" in text


def test_bars_are_as_long_as_their_values() -> None:
    picture = Bars(("a", "全连接", "c"), (4.0, 2.0, math.nan), unit="ms")
    assert shown(picture, 31, 9) == [
        "a      " + "█" * 19 + " 4 ms",
        "全连接 " + "█" * 9 + "▌ 2 ms",
        "c       nan",
    ]


def test_a_small_matrix_shows_its_numbers() -> None:
    picture = Heat(((0.0, 1.0), (0.5, math.nan)), row_labels=("a", "b"))
    assert shown(picture, 40, 9) == ["a ·· 0.00 ██ 1.00", "b ▒▒ 0.50 NN  nan", "· 0  █ 1  N nan"]


def test_the_windows_cells_are_marked_by_their_sign() -> None:
    marks = ((1, 1, 0), (1, 1, 0), (0, 0, 0))
    blank = ((None,) * 3,) * 3
    picture = Windows(
        "max",
        (Grid("input", blank, marks), Grid("output", ((None, None),) * 2, ((1, 0), (0, 0)))),
        facts=(("height", 3), ("width", 3), ("kernel_height", 2), ("kernel_width", 2),
               ("stride", 1), ("padding", 0), ("dilation", 1), ("steps", 4), ("step", 1)),
    )  # fmt: skip
    assert shown(picture, 40, 9)[1:4] == ["■ ■ □           ■ □", "■ ■ □       →   □ □", "□ □ □"]
    assert "窗口 2×2" in described(picture, "zh")


def test_a_figure_alone_is_a_drawing_and_in_a_line_its_description() -> None:
    text = "Before.\n\n{{ plot(x, x, 0, 2) }}\n\nIn a line {{ plot(x, x, 0, 2) }}."
    document = render(text, {"plot(x, x, 0, 2)": RAMP}, "en")
    assert document[1] == Drawing(RAMP)
    assert isinstance(document[2], Paragraph)
    assert "rising" in plain(document, "en")
    assert [figure.alone for figure in figures_in(text)] == [True, False]


def test_a_figure_alone_that_is_a_number_stays_one() -> None:
    (block,) = render("{{ 1 + 1 }}", {"1 + 1": 2}, "en")
    assert isinstance(block, Paragraph)
    assert [(span.text, span.style) for span in block.spans] == [("2", "figure")]


def test_a_drawing_inside_a_list_keeps_to_the_width() -> None:
    document = render("- {{ plot(x, x, 0, 2) }}", {"plot(x, x, 0, 2)": RAMP}, "en")
    drawn = lines(document, 40, "en")
    assert len(drawn) == height_of(RAMP)
    assert all(sum(cell_len(span.text) for span in line) <= 40 for line in drawn)


def test_a_listener_hears_the_picture_first() -> None:
    document = render("{{ plot(x, x, 0, 2) }}", {"plot(x, x, 0, 2)": RAMP}, "en")
    assert lines(document, 60, "en", told=True)[0][0].text == "y: 0 at 0, 2 at 2, rising"


def test_a_run_is_drawn_as_its_losses() -> None:
    picture = picture_of(RUN)
    assert isinstance(picture, Curves)
    assert [one.label for one in picture.series] == ["@training", "@validation"]
    assert not picture.log_y
    assert shown(picture, 60, 12)[0] == "● training   ▲ validation"
    assert picture_of(3) is None


@pytest.mark.parametrize("high", [1e30, 1e4])
def test_a_diverging_run_goes_by_powers_of_ten(high: float) -> None:
    picture = picture_of(RunValue("", (0, 1, 2), (1.0, 100.0, high)))
    assert isinstance(picture, Curves)
    assert picture.log_y
