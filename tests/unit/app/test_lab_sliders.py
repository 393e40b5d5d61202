"""Values that a slider does not move to by itself: measured, and said."""

from __future__ import annotations

import pytest

from app.lab.sliders import Slider, unfinished
from app.lab.telling_sliders import ignored_words, outside_words, range_words
from app.locale import Locale

EN, ZH = Locale("en"), Locale("zh")
KERNEL = Slider("k", 3, 3, (1, 3, 5))
BIAS = Slider("bias", True, True, (False, True))
WIDTH = Slider("n", 8, 8, (), 8, 64, 8)


def test_what_lies_outside_is_said_with_what_there_is() -> None:
    assert outside_words(KERNEL, EN, drawn=True) == ""
    seven = KERNEL.typed("7")
    assert seven is not None
    assert outside_words(seven, EN, drawn=True) == (
        "The exercise never draws 7 for k, only 1, 3, 5. It is measured all the same."
    )
    assert outside_words(seven, ZH, drawn=True) == (
        "题目给 k 取的值里没有 7，只有：1、3、5。照样实测。"
    )
    nine = WIDTH.typed("9")
    assert nine is not None
    assert "8 to 64, every 8" in outside_words(nine, EN, drawn=False)
    assert outside_words(WIDTH.at(16), EN, drawn=True) == ""


def test_what_is_no_value_is_said_to_be_ignored() -> None:
    assert BIAS.typed("2") is None
    assert ignored_words(BIAS, "2", EN) == (
        "2 was ignored, bias is still True. It can be: False, True."
    )
    assert ignored_words(BIAS, "2", ZH) == "2 没有采用，bias 仍是 True。可以取：False、True。"


def test_many_choices_are_named_by_their_ends() -> None:
    many = Slider("n", 1, 1, tuple(range(1, 31)))
    assert range_words(many, EN) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …, 30"


@pytest.mark.parametrize("text", ["-", "1e", "1e-", ".", "-."])
def test_the_beginning_of_a_number_is_waited_for(text: str) -> None:
    assert KERNEL.typed(text) is None
    assert unfinished(KERNEL, text)
    assert not unfinished(BIAS, text)


@pytest.mark.parametrize("text", ["1.2.3", "--", "1e5e5", "1e999"])
def test_what_can_be_no_number_is_not(text: str) -> None:
    assert KERNEL.typed(text) is None
    assert not unfinished(KERNEL, text)
