"""Nothing that a terminal would act on survives cleaning."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text import clean, clean_line, hidden_in, plain, render

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\x1b\x9b\x9d\x90\x07\x08\r\n\t[]();0123mHJK?\u202e\u2066\u200b\ufeff ab"),
        st.characters(),
    ),
    max_size=80,
)


@given(HOSTILE)
def test_no_escape_control_or_direction_survives(text: str) -> None:
    cleaned = clean(text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", cleaned)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co") for c in cleaned if c != "\n")
    assert "\n" not in clean_line(text)


@given(HOSTILE)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(HOSTILE)
def test_rendered_text_is_clean(text: str) -> None:
    assert clean(plain(render(text, {}, "en"), "en")) == plain(render(text, {}, "en"), "en")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("a\x1b\x1b[31m[31mb", "a[31mb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a   b"),
        ("user\u202etxt.exe", "usertxt.exe"),
        ("zero\u200bwidth", "zerowidth"),
        ("中文，标点。", "中文，标点。"),
        ("x̂ ² √ ─┐", "x̂ ² √ ─┐"),
        ("\ue000", "\ufffd"),
    ],
)
def test_examples(text: str, wanted: str) -> None:
    assert clean(text) == wanted


def test_what_would_be_taken_away_is_told() -> None:
    found = hidden_in("a\x1b[31mb\u202ec\x00\n\t")
    assert found == ((1, "ESCAPE SEQUENCE"), (7, "RIGHT-TO-LEFT OVERRIDE"), (9, "U+0000"))
    assert hidden_in("plain\r\ntext 中文\t") == ()
