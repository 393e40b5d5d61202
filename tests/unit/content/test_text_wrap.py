"""Wrapping by cells for both scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text import Paragraph, Span, Spans, lines, render
from content.text.wrap import cells, cut, wrapped

STYLES = st.sampled_from(["plain", "strong", "code", "math", "figure", "link"])
WORDS = st.text(
    st.sampled_from("ab 12,.()（），。“”、：中文字卷积x̂é-/%😀 "), min_size=1, max_size=24
)
SPANS = st.lists(st.builds(Span, WORDS, STYLES), max_size=6).map(tuple)
CLOSING = "，。、：）”,.)%"
OPENING = "（“("


def width_of(line: Spans) -> int:
    return cells("".join(span.text for span in line))


def text_of(rows: tuple[Spans, ...]) -> list[str]:
    return ["".join(span.text for span in row) for row in rows]


def said(text: str) -> str:
    return text.replace(" ", "")


@given(SPANS, st.integers(2, 40))
def test_no_line_is_too_wide_and_no_text_is_lost(spans: Spans, width: int) -> None:
    rows = wrapped(spans, width)
    assert all(width_of(row) <= width for row in rows)
    assert said("".join(text_of(rows))) == said("".join(span.text for span in spans))
    styled = [(c, span.style) for span in spans for c in said(span.text)]
    assert [(c, s.style) for row in rows for s in row for c in said(s.text)] == styled


@given(
    st.lists(
        st.sampled_from(["中", "文", "卷积", "（核", "层）", "参数，", "吗？", "“是", "的。”"])
    ),
    st.integers(8, 40),
)
def test_no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one(
    words: list[str], width: int
) -> None:
    rows = text_of(wrapped((Span("".join(words)),), width))
    assert not any(row[0] in CLOSING for row in rows[1:])
    assert not any(row[-1] in OPENING for row in rows[:-1])


@pytest.mark.parametrize(
    ("spans", "width", "wanted"),
    [
        ((Span("one two three"),), 8, ["one two", "three"]),
        ((Span("卷积层的参数，共享。"),), 12, ["卷积层的参", "数，共享。"]),
        ((Span("参数量（不含偏置）"),), 8, ["参数量", "（不含偏", "置）"]),
        ((Span("共"), Span("138,357,544", "figure"), Span("个")), 12, ["共", "138,357,544", "个"]),
        ((Span("do "), Span("f(x) + 1", "code"), Span(" here")), 12, ["do f(x) + 1", "here"]),
        ((Span("see "), Span("a + b = c", "math"), Span(".")), 12, ["see", "a + b = c."]),
        ((Span("a" * 10),), 4, ["aaaa", "aaaa", "aa"]),
        ((Span("a\nb"),), 10, ["a", "b"]),
        ((Span("state-of-the-art"),), 10, ["state-of-", "the-art"]),
        ((Span("从float16到float32"),), 10, ["从float16", "到float32"]),
        ((Span("最多的是1月23日。"),), 13, ["最多的是", "1月23日。"]),
        ((Span("2026年11月20日"),), 6, ["2026年", "11月20", "日"]),
        ((), 10, [""]),
    ],
)  # fmt: skip
def test_examples(spans: Spans, width: int, wanted: list[str]) -> None:
    assert text_of(wrapped(spans, width)) == wanted


@given(SPANS, st.integers(1, 20))
def test_cutting(spans: Spans, width: int) -> None:
    row = cut(spans, width)
    assert width_of(row) <= width
    whole = "".join(span.text for span in spans)
    assert text_of((row,))[0] == whole or text_of((row,))[0].endswith("…")


MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# 标题",
            "- one",
            "  - two",
            "1. x",
            "| a | b |",
            "|---|:-:|",
            "| 中文 | `c|d` |",
            "> q",
            "```python",
            "x = 1",
            "```",
            "    y = 2",
            "",
            "$$",
            r"\frac{a}{b}",
            "**粗体：**后面的文字",
            "text with `code` and $x^2$ and {{ n }}.",
            "┌──┐",
            "[link](http://example.org)",
        ]
    ),
    max_size=14,
).map("\n".join)


@given(st.one_of(MARKDOWN, st.text(max_size=60)), st.integers(2, 60))
def test_whole_documents_fit_their_width(text: str, width: int) -> None:
    document = render(text, {"n": 138_357_544}, "zh")
    assert all(width_of(row) <= width for row in lines(document, width, "zh"))


def test_a_wide_text_keeps_its_paragraphs_apart() -> None:
    document = (Paragraph((Span("a"),)), Paragraph((Span("b"),)))
    assert text_of(lines(document, 20, "en")) == ["a", "", "b"]
