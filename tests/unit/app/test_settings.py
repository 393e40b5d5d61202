"""Settings survive every file a person or a crash can leave behind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.paths import Paths
from app.settings import Settings, load, save, usable

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_NAMES = st.sampled_from([*Settings.__slots__, "unknown"])


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    chosen = Settings(language="zh", theme="light", new_per_day=5, device="cpu")
    save(chosen, tmp_path / "deep" / "settings.json")
    assert load(tmp_path / "deep" / "settings.json") == (chosen, ())


def test_a_missing_file_means_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json") == (Settings(), ())


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", "[" * 100_000])
def test_a_broken_file_means_defaults_and_is_reported(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text)
    assert load(file) == (Settings(), ("settings.json",))


def test_one_bad_value_does_not_cost_the_others(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"language": "zh", "new_per_day": -1, "colour": "pink"}')
    settings, problems = load(file)
    assert settings.language == "zh"
    assert settings.new_per_day == Settings().new_per_day
    assert problems == ("new_per_day", "colour")


@given(raw=st.dictionaries(_NAMES, _JSON))
def test_no_file_breaks_loading(
    tmp_path_factory: pytest.TempPathFactory, raw: dict[str, object]
) -> None:
    file = tmp_path_factory.mktemp("settings") / "settings.json"
    file.write_text(json.dumps(raw))
    settings, problems = load(file)
    assert 0.7 <= settings.desired_retention <= 0.97
    assert settings.language in ("en", "zh")
    for name in Settings.__slots__:
        assert usable(name, getattr(settings, name))
    wrong = {name for name in raw if name not in Settings.__slots__}
    assert wrong <= set(problems)
    save(settings, file)
    assert load(file) == (settings, ())


def test_new_items_follow_the_minutes_where_that_is_wished() -> None:
    chosen = Settings(new_per_day=20, minutes_per_day=20)
    assert chosen.daily_new == 20
    assert replace(chosen, new_from_minutes=True).daily_new == 6
    assert replace(chosen, new_from_minutes=True, minutes_per_day=1).daily_new == 1
    assert replace(chosen, new_from_minutes=True, minutes_per_day=0).daily_new == 20


def test_a_key_that_cannot_be_chosen_does_not_cost_the_others(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"keys": {"undo": "z,f7", "skip": "enter", "hint": 3}}')
    settings, problems = load(file)
    assert settings.keys == {"undo": "z,f7"}
    assert problems == ("keys.skip", "keys.hint")


def test_one_folder_holds_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    paths = Paths.from_environment()
    for path in (paths.database, paths.packs, paths.settings, paths.engine_log, paths.app_log):
        assert path.is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []
