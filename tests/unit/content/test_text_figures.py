"""Figures: where they end, what they may hold, where they stand."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text import Figure, TextError, figures_in, plain, problems_in, render
from engine.protocol import Failure, FailureKind
from engine.values import LayerValue


def shown(text: str, **values: object) -> str:
    return plain(render(text, values, "en"), "en")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "source", "formats"),
    [
        ("{{n}}", "n", ()),
        ("{{ n }}", "n", ()),
        ("{{ a | fixed 2 }}", "a", ("fixed 2",)),
        ("{{ a | unit MiB | fixed 1 }}", "a", ("unit MiB", "fixed 1")),
        ("{{ f(a, {'x': 1}) | words }}", "f(a, {'x': 1})", ("words",)),
        ("{{ f('}}|') }}", "f('}}|')", ()),
        ('{{ f("\\"}}") }}', 'f("\\"}}")', ()),
        ("{{ x[(1 | 2)] }}", "x[(1 | 2)]", ()),
        ("{{ a\n + b }}", "a + b", ()),
        ("{{ x['a'] | percent }}", "x['a']", ("percent",)),
    ],
)
def test_sources_and_formats(text: str, source: str, formats: tuple[str, ...]) -> None:
    (figure,) = figures_in(text)
    assert (figure.source, figure.format) == (source, formats)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("ab {{ n", "figure-open", 3),
        ("{{ }}", "figure-empty", 0),
        ("x\n\n- {{ n | big }}", "figure-format", 5),
        ("{{ n | fixed }}", "figure-format", 0),
        ("{{ f(n }}", "figure-open", 0),
    ],
)
def test_bad_figures(text: str, code: str, position: int) -> None:
    with pytest.raises(TextError) as found:
        figures_in(text)
    assert (found.value.code, found.value.position) == (code, position)
    assert found.value.message("en") != found.value.message("zh")
    render(text, {}, "en")


def test_where_figures_stand() -> None:
    text = (
        "{{ a }} and `{{ b }}` and $x^{ {2} }$ \\{{ no }}\n\n"
        "    {{ c }}\n\n"
        "```python\n{{ d }}\n```\n\n"
        "| {{ e | words }} | `{{ f }}` |\n|---|---|\n| $|x|$ | {{ g }} |\n\n"
        "- {{ h }}\n  - {{ i }}\n\n> {{ j }}\n\n# {{ k }}\n\n**{{ l }}** [{{ m }}](http://x)"
    )
    figures = figures_in(text)
    assert [f.source for f in figures] == list("abcdefghijklm")
    assert [f.source for f in figures if f.in_code] == list("bcdf")
    assert all(text.startswith("{{ " + f.source, f.start) for f in figures)
    values = {letter: n for n, letter in enumerate("abcdefghijklm", 100)}
    words = plain(render(text, values, "en"), "en")
    assert all(str(n) in words for n in values.values())
    assert "{{ no }}" in words


def test_a_figure_in_a_formula_is_an_authors_slip() -> None:
    text = "the size is $n = {{ n }}$"
    assert figures_in(text) == (Figure("n", (), 17, in_math=True),)
    assert [problem.code for problem in problems_in(text)] == ["figure-in-math"]
    assert problems_in("$\\frac{{a}}{b}$")[0].code == "figure-in-math"


def test_values_are_text_and_nothing_else() -> None:
    assert shown("{{ s }}", s="[bold]*x* `y` {{ z }} $1$") == "[bold]*x* `y` {{ z }} $1$"
    assert shown("a {{ s }}", s="one\ntwo\x1b[31m") == "a one two"
    assert shown("`{{ s }}`", s=LayerValue("nn.Conv2d(3, 64, 3)")) == "nn.Conv2d(3, 64, 3)"


def test_what_could_not_be_measured_shows_as_a_question_mark() -> None:
    assert shown("is {{ n }} or {{ m }}", n=Failure(FailureKind.TIMEOUT, "timeout")) == "is ? or ?"


def test_literal_braces() -> None:
    assert shown("write \\{{ n }} and `\\{{ m }}`") == "write {{ n }} and {{ m }}"
    assert figures_in("write \\{{ n }} and `\\{{ m }}`") == ()


@given(st.text(st.sampled_from("{}|'\"()[] \\n`$ab12\n*_-#>"), max_size=60))
def test_no_text_crashes_the_search(text: str) -> None:
    assert all(0 <= problem.position < max(1, len(text)) for problem in problems_in(text))
    with contextlib.suppress(TextError):
        assert all(text.startswith("{{", figure.start) for figure in figures_in(text))
