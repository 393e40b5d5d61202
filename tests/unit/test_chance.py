"""Random cases are the same in every run: what else is loaded changes nothing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def _drawn() -> list[tuple[int, str]]:
    cases: list[tuple[int, str]] = []

    @settings(max_examples=200)
    @given(st.integers(), st.text())
    def note(number: int, text: str) -> None:
        cases.append((number, text))

    note()
    return cases


def test_random_cases_are_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _drawn()
    path = tmp_path / "loaded_later.py"
    path.write_text(f"NUMBERS = {[7_000_003 + n for n in range(200)]}\nWORD = 'a word of ours'\n")
    spec = importlib.util.spec_from_file_location("loaded_later", path)
    assert spec is not None
    monkeypatch.setitem(sys.modules, "loaded_later", importlib.util.module_from_spec(spec))
    assert _drawn() == before
    assert len(set(before)) > 100
