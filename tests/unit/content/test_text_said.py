"""Texts in words alone: no box, no block, no column to line up."""

from __future__ import annotations

import re

import pytest

from content.jobs import item_texts
from content.pack import in_language
from content.text import Drawing, lines, render
from content.text.document import Document
from content.text.said import in_words
from engine.values import Bars, Heat
from tests.built_in import built_in

_DRAWN = re.compile("[\u2500-\u25ff\u2800-\u28ff]")
_TALL = "$$\n\\frac{a}{b} + 1\n$$"
_TABLE = "| layer | parameters | |\n|---|---:|---|\n| `conv` | 1,792 | shared |\n| pool | | |"


def said(text: str | Document, language: str = "en") -> list[str]:
    document = render(text, {}, language) if isinstance(text, str) else text
    rows = lines(document, 76, language, drawn=False)
    return ["".join(span.text for span in row) for row in rows]


def test_a_table_is_read_row_by_row() -> None:
    assert said(_TABLE) == ["layer: conv; parameters: 1,792; shared", "layer: pool"]
    assert said(_TABLE, "zh")[0] == "layer：conv；parameters：1,792；shared"


def test_a_drawing_is_its_author_s_sentence() -> None:
    text = "```diagram Two layers of $n$: {{ n }}.\n┌─┐\n│x│\n└─┘\n```"
    assert said(render(text, {"n": 12}, "en")) == ["Two layers of $n$: 12."]
    drawn = lines(render(text, {"n": 12}, "en"), 76, "en", told=True)
    assert next(row[-1].text for row in drawn if row) == "Two layers of $n$: 12."
    assert any("┌─┐" in span.text for row in drawn for span in row)


def test_a_drawing_without_one_says_its_names_in_reading_order() -> None:
    boxes = "    1×10\n┌─────────┐\n│ nn.Relu │\n└─────────┘  1×2"
    wanted = ["A drawing; in reading order: 1×10, nn.Relu, 1×2."]
    assert said(f"```diagram\n{boxes}\n```") == wanted
    assert said(render("{{ d }}", {"d": boxes}, "en")) == wanted
    assert said("```diagram\n■ · ■\n```", "zh") == ["一幅没有文字的图。"]
    assert said("```text\n+-----+\n| top |---> end\n+-----+\n```") == [
        "A drawing; in reading order: top, end."
    ]


def test_formulas_rules_and_quotes() -> None:
    assert said(_TALL) == ["a/b + 1"]
    assert said("a\n\n---\n\nb") == ["a", "", "b"]
    assert said("> a\n> | b | c |\n> |---|---|\n> | 1 | 2 |")[0] == "Quotation:"
    assert not _DRAWN.search("".join(said("> wise\n\n- > inside\n")))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_are_sentences(language: str) -> None:
    heat = Heat(((1.0, 2.0), (3.0, 4.0)))
    for picture in (Bars(("a", "b"), (1.0, 2.5)), heat):
        told = "".join(said((Drawing(picture),), language))
        assert "2.5" in told or "4" in told
        assert not _DRAWN.search(told)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_drawing_of_the_built_in_packs_is_left(language: str) -> None:
    """Every drawing of an author has its sentence, and nothing drawn is left in any text."""
    library = built_in()
    for entry in library.scan():
        for _, text, _ in item_texts(library.item(entry.name)[1]):
            document = in_words(render(in_language(text, language), {}, language), language)
            assert not _DRAWN.search("\n".join(said(document, language))), entry.name
            assert "in reading order" not in "".join(said(document, language)), entry.name
