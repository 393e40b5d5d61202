"""What `--explain` tells in English of a listed name, it tells in Chinese."""

from __future__ import annotations

import re

import pytest

from app.commands.measure_language_text import text_of
from app.locale import Locale
from engine.documented import Documented
from engine.runtime.documentation import documentation
from engine.runtime.library import LIBRARY

_TOLD = documentation(LIBRARY)
_SAY = Locale("zh")
_SIGN = re.compile(r"`[^`]+`|(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
"""What no translation changes: what stands as code, and numbers."""
_HAN = r"[一-鿿]"
_HALF_WIDTH = re.compile(rf"{_HAN}[,;:!?]|[,;:!?]{_HAN}")
_ENGLISH = re.compile(r"(?:\b[a-z]{2,} ){3,}[a-z]{2,}\b")


def _rest(entry: Documented) -> str:
    """What the English says beyond its first sentence, which the Chinese line translates."""
    return " ".join(entry.text)[len(entry.summary) :].strip()


@pytest.mark.parametrize("entry", [entry for entry in _TOLD if _rest(entry)], ids=lambda e: e.name)
def test_a_name_is_explained_in_chinese(entry: Documented) -> None:
    assert _SAY.has(f"more.{entry.name}"), _rest(entry)
    text = "\n".join(text_of(entry, _SAY))
    missing = [sign for sign in _SIGN.findall(_rest(entry)) if sign not in text]
    assert not missing, text
    for paragraph in text.splitlines():
        assert not _HALF_WIDTH.search(paragraph), paragraph
        assert not _ENGLISH.search(re.sub("`[^`]*`", "", paragraph)), paragraph
        assert paragraph.endswith("。"), paragraph


def test_nothing_else_is_explained() -> None:
    known = {entry.name for entry in _TOLD if _rest(entry)}
    assert {name for name in LIBRARY if _SAY.has(f"more.{name}")} == known
