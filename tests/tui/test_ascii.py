"""A terminal without Unicode gets the same cells in ASCII."""

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from app.tui.ascii import PlainGlyphs, plain, terminal_has_unicode


@pytest.mark.parametrize(
    "text", ["✓ right · ≈ close", "███▏  71%", "卷积核，3x3", "⏎ study", "a² ≤ ∞"]
)
def test_every_cell_keeps_its_width(text: str) -> None:
    assert plain(text).isascii()
    assert cell_len(plain(text)) == cell_len(text)


def test_verdicts_stay_apart() -> None:
    assert len({plain(glyph) for glyph in "✓≈◆✗?"}) == 5


def test_a_line_keeps_its_style() -> None:
    segments = PlainGlyphs().apply([Segment("▸ go")], Color(0, 0, 0))
    assert segments == [Segment("> go")]


def test_the_encoding_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getpreferredencoding", lambda _=True: "ANSI_X3.4-1968")
    assert not terminal_has_unicode()
    monkeypatch.setattr("locale.getpreferredencoding", lambda _=True: "UTF-8")
    assert terminal_has_unicode()
