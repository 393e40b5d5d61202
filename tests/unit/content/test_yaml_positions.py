"""Where a piece of a text stands, quotes, escapes and folded lines included."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from content.yaml_events import read


@pytest.mark.parametrize(
    ("written", "fragment", "occurrence", "place"),
    [
        (r'"To $\\frak{1}$"', r"\frak", 0, (1, 9)),
        (r'"a \e[31m b"', "\x1b[31m", 0, (1, 7)),
        (r'"x \u4e00 x $y$"', "$y$", 0, (1, 16)),
        (r'"say \"x\" x"', "x", 1, (1, 15)),
        ('"one\n  two three"', "two", 0, (2, 3)),
        ('"one\n  two three"', "one two", 0, (1, 5)),
        ('"one \\\n  two"', "one two", 0, (1, 5)),
        ("plain $x$", "$x$", 0, (1, 10)),
        ("'it''s $x$'", "$x$", 0, (1, 11)),
        ("|\n  one\n  two", "two", 0, (3, 3)),
    ],
)
def test_a_piece_of_a_text_is_found_where_it_is_written(
    written: str, fragment: str, occurrence: int, place: tuple[int, int]
) -> None:
    positions = read(f"k: {written}\n".encode()).positions
    assert positions.find(("k",), fragment, occurrence) == place


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), min_size=1, max_size=60))
@settings(max_examples=300, deadline=None)
def test_every_text_in_double_quotes_is_found_at_its_beginning(text: str) -> None:
    source = yaml.safe_dump({"k": text}, default_style='"', width=20, allow_unicode=False)
    document = read(source.encode())
    assert document.data == {"k": text}
    assert document.positions.find(("k",), text[:1]) == (1, source.index(":") + 4)
    whole = document.positions.find(("k",), text.split("\n")[0] or text)
    assert whole != document.positions.value(("k",))
