"""The query language: what is read, what is refused, and that printing loses nothing."""

from __future__ import annotations

import pytest
from browse_queries import QUERIES
from hypothesis import given
from hypothesis import strategies as st

from app.browse.fields import FIELDS
from app.browse.query import QueryError, narrow, parse, printed
from app.browse.terms import All, Compare, Either, Match, Not, Query, Text
from app.locale import LANGUAGES, Locale


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", All()),
        ("卷积", Text("卷积")),
        ('"max pooling"', Text("max pooling", exact=True)),
        ("topic:cnn", Match("topic", "cnn")),
        ('topic:"max pooling"', Match("topic", "max pooling")),
        ("lapses>3", Compare("lapses", ">", 3)),
        ("lapses:>=3", Compare("lapses", ">=", 3)),
        ("recall<80%", Compare("recall", "<", 80)),
        ("stability≥7d", Compare("stability", ">=", 7)),
        ("flag:1", Match("flag", "red")),
        ("is:DUE", Match("is", "due")),
        ("note:*", Match("note", "*")),
        ("note:ask", Text("ask", "note")),
        ("-is:new", Not(Match("is", "new"))),
        ("bias-forgotten", Text("bias-forgotten")),
        ("a b", All((Text("a"), Text("b")))),
        ("a and b", All((Text("a"), Text("b")))),
        ("a b or c", Either((All((Text("a"), Text("b"))), Text("c")))),
        ("a (b OR c)", All((Text("a"), Either((Text("b"), Text("c")))))),
        ("（a or b） -c", All((Either((Text("a"), Text("b"))), Not(Text("c"))))),
        (
            "topic：cnn　“max pooling”",
            All((Match("topic", "cnn"), Text("max pooling", exact=True))),
        ),
    ],
)
def test_what_is_read(text: str, query: Query) -> None:
    assert parse(text) == query
    assert parse(printed(query)) == query


@pytest.mark.parametrize(
    ("text", "code", "at", "nearest"),
    [
        ("a topc:cnn", "no-field", 2, "topic"),
        ("is:deu", "no-choice", 3, "due"),
        ("flag:reed", "no-choice", 5, "red"),
        ("lapses>x", "no-number", 7, ""),
        ("topic>cnn", "no-order", 0, ""),
        ("topic:", "no-value", 6, ""),
        ("lapses><3", "no-value", 7, ""),
        ('"a', "open-quote", 0, ""),
        ("(a", "open-bracket", 0, ""),
        ("(", "open-bracket", 0, ""),
        ("a)", "close-bracket", 1, ""),
        ("a ()", "empty-bracket", 2, ""),
        ("or a", "nothing-before", 0, ""),
        ("a or", "nothing-after", 2, ""),
        ("-", "nothing-after", 0, ""),
        ("+++", "no-word", 0, ""),
        ("x" * 1001, "too-long", 1000, ""),
        ("(" * 41 + "a" + ")" * 41, "too-deep", 40, ""),
        ("nosuchthing:x", "no-field", 0, ""),
    ],
)
def test_what_is_refused(text: str, code: str, at: int, nearest: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.code, caught.value.at) == (code, at)
    assert caught.value.details.get("nearest", "") == nearest
    for language in LANGUAGES:
        words = caught.value.describe(Locale(language))
        assert str(at + 1) in words
        assert nearest in words


_ASKED = st.text(st.sampled_from('ab卷:<>=-()" *≤：“”（３ortopicislapse'), max_size=30)


@given(st.one_of(_ASKED, st.text(max_size=40)))
def test_anything_is_read_or_refused(text: str) -> None:
    refused: QueryError | None = None
    query: Query = All()
    try:
        query = parse(text)
    except QueryError as error:
        refused = error
    if refused is None:
        assert parse(printed(query)) == query
        assert parse(narrow(text)) == query
    else:
        assert 0 <= refused.at <= len(text)
        assert refused.describe(Locale("zh"))


@given(QUERIES)
def test_printed_queries_are_read_as_they_were(query: Query) -> None:
    assert parse(printed(query)) == query


def test_every_field_and_value_has_words() -> None:
    for language in LANGUAGES:
        say = Locale(language)
        for field in FIELDS.values():
            assert say(f"browse.field.{field.name}")
            for value in field.values if field.name in ("is", "flag") else ():
                assert say(f"browse.value.{field.name}.{value}")
