"""Which keys a person may choose, and how a choice is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.key_names import FIELDS_OWN, FIXED, Chosen, character_of, read, slot_of

_ALPHABET = st.text(st.sampled_from("abcxyzF1279+_,-ctrlafi ?é好\x00"), max_size=16)


@pytest.mark.parametrize(
    ("key", "slot"),
    [
        ("z", "character"),
        ("Z", "character"),
        ("7", "character"),
        ("?", "character"),
        ("question_mark", "character"),
        ("comma", "character"),
        ("slash", "character"),
        ("minus", "character"),
        ("f7", "control"),
        ("shift+f7", "control"),
        ("ctrl+g", "control"),
        ("alt+n", "control"),
        ("ctrl+a", None),
        ("enter", None),
        ("escape", None),
        ("space", None),
        ("f25", None),
        ("好", "character"),
        ("nonsense", None),
        ("", None),
    ],
)
def test_slots(key: str, slot: str | None) -> None:
    assert slot_of(key) == slot


@pytest.mark.parametrize(
    ("name", "character"),
    [("comma", ","), ("question_mark", "?"), ("slash", "/"), ("at", "@"), ("L", "L"), ("up", "")],
)
def test_characters(name: str, character: str) -> None:
    assert character_of(name) == character


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("z", Chosen("z", None)),
        ("f7", Chosen(None, "f7")),
        ("z,f7", Chosen("z", "f7")),
        ("f7, z", Chosen("z", "f7")),
        ("z,y", None),
        ("f7,f8", None),
        ("z,enter", None),
        ("", None),
        (7, None),
        (None, None),
    ],
)
def test_reading(text: object, found: Chosen | None) -> None:
    assert read(text) == found


@given(st.one_of(_ALPHABET, st.text(max_size=12), st.integers(), st.none()))
def test_whatever_stands_there_is_a_choice_or_nothing(text: object) -> None:
    found = read(text)
    if found is not None:
        assert found != Chosen()
        assert read(found.text()) == found
        assert not set(found) & (FIXED | FIELDS_OWN)
