"""What may be typed next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.browse.completion import Known, suggested
from app.browse.query import QueryError, parse
from app.locale import Locale

KNOWN = Known(
    topics={"cnn.padding": {"en": "Padding", "zh": "填充"}, "act.relu": "ReLU"},
    packs={"foundations": "Foundations"},
    tags=("code", "claim"),
    mistakes={"bias-forgotten": {"en": "bias forgotten", "zh": "漏了偏置"}},
)


def offered(text: str, language: str = "en") -> list[str]:
    """What is offered at the end of a text."""
    return [one.text for one in suggested(text, len(text), KNOWN, Locale(language)).suggestions]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("to", ["topic:"]),
        ("卷积 -le", ["level:"]),
        ("la", ["lapses>"]),
        ("topic:c", ["cnn.padding"]),
        ("topic:填", ["cnn.padding"]),
        ("topic：relu", ["act.relu"]),
        ("(mistake:偏置", ["bias-forgotten"]),
        ("is:s", ["suspended"]),
        ("tag:c", ["code", "claim"]),
        ("tag:", ["*", "code", "claim"]),
        ("flag:r", ["red"]),
        ("nosuch:x", []),
        ("卷", []),
        ('"to', []),
    ],
)
def test_what_is_offered(text: str, texts: list[str]) -> None:
    assert offered(text) == texts
    assert offered(text, "zh") == texts


def test_everything_offered_is_a_query() -> None:
    for field in offered(""):
        for value in offered(field) or ["7"]:
            parse(field + value)
            assert parse(f"卷积 -({field}{value})")


@given(st.text(max_size=20))
def test_any_text_has_an_answer(text: str) -> None:
    found = suggested(text, len(text), KNOWN, Locale("zh"))
    assert 0 <= found.start <= len(text)
    for one in found.suggestions[:3]:
        try:
            parse(text[: found.start] + one.text)
        except QueryError as error:
            assert error.at <= len(text) + len(one.text)  # noqa: PT017
