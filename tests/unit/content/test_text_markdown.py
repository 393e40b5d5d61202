"""What of Markdown is read, and what stays text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text import (
    Block,
    Code,
    Diagram,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Span,
    Table,
    lines,
    plain,
    problems_in,
    render,
)


def only(text: str) -> Block:
    (block,) = render(text, {}, "en")
    return block


def spans(text: str) -> tuple[Span, ...]:
    block = only(text)
    assert isinstance(block, Paragraph)
    return block.spans


def page(text: str, width: int = 40) -> list[str]:
    rows = lines(render(text, {"n": 1234}, "en"), width, "en")
    return ["".join(span.text for span in row) for row in rows]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a **b** c", [("a ", "plain"), ("b", "strong"), (" c", "plain")]),
        ("a *b* c", [("a ", "plain"), ("b", "emphasis"), (" c", "plain")]),
        ("**重点：**后面", [("重点：", "strong"), ("后面", "plain")]),
        ("这是**“引号”**的", [("这是", "plain"), ("“引号”", "strong"), ("的", "plain")]),
        ("***b***", [("b", "strong")]),
        ("**a *b* c**", [("a b c", "strong")]),
        ("k*k*c_in*c_out", [("k*k*c_in*c_out", "plain")]),
        ("2 * 3 * 4", [("2 * 3 * 4", "plain")]),
        ("_a_ and c_in_d", [("a", "emphasis"), (" and c_in_d", "plain")]),
        ("**open", [("**open", "plain")]),
        ("`a * b` *c*", [("a * b", "code"), (" ", "plain"), ("c", "emphasis")]),
        ("``a `b` c``", [("a `b` c", "code")]),
        ("`open", [("`open", "plain")]),
        ("[bold]x[/bold]", [("[bold]x[/bold]", "plain")]),
        ("<b>x</b>", [("<b>x</b>", "plain")]),
        ("[t](http://x.y)", [("t", "link"), (" (http://x.y)", "plain")]),
        ("<https://x.y>", [("https://x.y", "link")]),
        ("[a](javascript: b)", [("[a](javascript: b)", "plain")]),
        ("\\*a\\* \\`b\\` \\$c", [("*a* `b` $c", "plain")]),
        ("$5 and $6", [("$5 and $6", "plain")]),
        ("costs $x^2$.", [("costs ", "plain"), ("x²", "math"), (".", "plain")]),
        ("`$x$`", [("$x$", "code")]),
        ("one\ntwo", [("one two", "plain")]),
        ("中文\n继续", [("中文继续", "plain")]),
        ("指数变成\nexp 的值", [("指数变成 exp 的值", "plain")]),
        ("差为\n1.39（即", [("差为 1.39（即", "plain")]),
        ("前者，\nexp 的值\n（近似）", [("前者，exp 的值（近似）", "plain")]),
        ("one  \ntwo", [("one\ntwo", "plain")]),
        ("$\\foo$", [("\\foo", "math")]),
    ],
)
def test_inline(text: str, wanted: list[tuple[str, str]]) -> None:
    assert [(span.text, span.style) for span in spans(text)] == wanted


def test_code_is_highlighted_and_keeps_its_text() -> None:
    block = only("```python\nx = nn.Conv2d(3, 64)  # note\n\nprint('a')\n```")
    assert isinstance(block, Code)
    assert ["".join(span.text for span in line) for line in block.lines] == [
        "x = nn.Conv2d(3, 64)  # note",
        "",
        "print('a')",
    ]
    styles = {span.style for line in block.lines for span in line}
    assert {"code.number", "code.comment", "code.string", "code.operator"} <= styles


@given(st.text(st.characters(exclude_categories=["Cs", "Co", "Cc"]), max_size=60))
def test_code_is_kept_character_by_character(code: str) -> None:
    from content.text.clean import clean
    from content.text.code import highlighted

    text = clean(code)
    block = highlighted(text, "python")
    assert "\n".join("".join(span.text for span in line) for line in block.lines) == text


def test_indented_lines_are_code_and_drawings_stay_drawings() -> None:
    assert isinstance(only("    x = 1"), Code)
    drawing = only("    ┌─┐\n    │x│\n    └─┘")
    assert drawing == Diagram(("┌─┐", "│x│", "└─┘"))
    assert only("```text\n a  b\n```") == Diagram((" a  b",))
    assert isinstance(only("```\nx = 1\n```"), Code)


def test_display_formulas() -> None:
    assert only("$$\n\\frac{a}{b}\n$$") == Diagram(("a", "─", "b"), "math", "a/b")
    assert only("$$x^2$$") == Diagram(("x²",), "math")
    assert problems_in("$$ x")[0].code == "math-open"


def test_lists() -> None:
    block = only("- one\n- two\n  more\n  1. x\n  2. y\n- three")
    assert isinstance(block, Listing)
    assert len(block.items) == 3
    assert isinstance(block.items[1][1], Listing)
    assert page("- one\n- two\n  1. x\n  2. y\n\nend") == [
        "• one",
        "• two",
        "  1. x",
        "  2. y",
        "",
        "end",
    ]
    assert page("9. a\n10. b") == [" 9. a", "10. b"]
    assert page("- a long item that wraps here", 12) == [
        "• a long",
        "  item that",
        "  wraps here",
    ]


def test_tables() -> None:
    block = only("| a | b |\n|---|--:|\n| `x|y` | $|z|$ |\n| 1 |")
    assert isinstance(block, Table)
    assert block.align == ("left", "right")
    assert [[s.text for s in cell] for cell in block.rows[0]] == [["x|y"], ["|z|"]]
    assert page("| 层 | n |\n|---|--:|\n| 卷积 | {{ n }} |\n| fc | 7 |") == [
        "层        n",
        "───────────",
        "卷积  1,234",
        "fc        7",
    ]
    narrow = page("| name | what |\n|---|---|\n| convolution | slides a kernel |", 9)
    assert max(map(len, narrow)) <= 9


def test_headings_and_quotes() -> None:
    assert only("## Title ##") == Heading((Span("Title"),), 2)
    assert only("> a\n> b") == Quote((Paragraph((Span("a b"),)),))
    assert page("> quoted words", 10) == ["▏ quoted", "▏ words"]


def test_plain_text() -> None:
    text = "# T\n\na **b** `c`\n\n- x\n- y\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert plain(render(text, {}, "en"), "en") == "T\na b c\n- x\n- y\na | b\n1 | 2"


@pytest.mark.parametrize(
    "text",
    [
        "`" * 50_000,
        "` " * 50_000,
        "*a " * 30_000,
        "**" * 50_000,
        "[" * 50_000,
        "[a](" * 20_000,
        "$a " * 30_000,
        "{{ a " * 20_000,
        "> " * 20_000,
        "- " * 20_000,
        "| a " * 20_000 + "|\n|---|",
        "\n$$\n" * 10_000,
        "```\n" * 20_000,
        "x\n\n" * 20_000,
        "(" * 90_000,
        "中" * 90_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_texts_are_read_in_reasonable_time(text: str) -> None:
    started = time.process_time()
    render(text, {}, "en")
    problems_in(text)
    assert time.process_time() - started < 5


def test_a_text_that_is_too_long_is_cut_and_told() -> None:
    text = "a" * 90_000
    assert [problem.code for problem in problems_in(text)] == ["too-long"]
    assert len(plain(render(text, {}, "en"), "en")) < 20_010


@given(
    st.lists(st.sampled_from(["ab", "中文", "*", "**", "_", " ", "\n", "#", "-", "<", "(", "，"]))
)
def test_words_are_never_lost(parts: list[str]) -> None:
    words = plain(render("".join(parts), {}, "en"), "en")
    for word in ("ab", "中文"):
        assert words.count(word) == "".join(parts).count(word)
