"""A series kept short: bounded, in order, even, never without its newest point."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.thinning import Thinned


@given(st.integers(1, 40), st.integers(0, 700))
def test_never_more_than_asked_and_the_newest_last(most: int, count: int) -> None:
    kept: Thinned[int] = Thinned(most)
    for n in range(count):
        kept.add(n)
        assert len(kept) == len(kept.points) <= max(4, most)
        assert kept.points[-1] == n
        assert kept.points[0] == 0
    gaps = {b - a for a, b in zip(kept.points, kept.points[1:-1], strict=False)}
    assert len(gaps) <= 1


def test_all_are_kept_while_there_is_room() -> None:
    kept: Thinned[str] = Thinned(6)
    for letter in "abcdef":
        kept.add(letter)
    assert kept.points == tuple("abcdef")
    assert kept.take() == tuple("abcdef")
    assert kept.points == ()
    kept.add("g")
    assert kept.points == ("g",)
