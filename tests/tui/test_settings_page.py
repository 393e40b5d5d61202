"""The settings screen: every setting explained, changed in place, in effect at once."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import CHOICES, Settings, load, usable
from app.settings_editing import NAMES, RefusedError, as_text, kind_of, typed
from app.tui.comfort import LATER
from app.tui.screens.help import HelpScreen
from app.tui.screens.settings import SettingsScreen
from app.tui.screens.settings_page import value_words
from app.tui.widgets.notice import Notice, Tone
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.scenes import Stage
from tests.tui.conftest import OpenApp

TODAY = date(2026, 3, 2).toordinal()


def page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def at(stage: Stage, name: str) -> SettingsScreen:
    """The settings, the cursor on one of them."""
    await stage.complete_home()
    await stage.press("comma")
    await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "settings")
    screen = stage.app.screen
    assert isinstance(screen, SettingsScreen)
    await stage.settle()
    while screen.chosen != name:
        await stage.press("down")
    return screen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_explained(name: str, language: str) -> None:
    say = Locale(language)
    assert say(f"settings.{name}.name")
    assert say(f"settings.{name}.about")
    for choice in CHOICES.get(name, ()):
        assert say(f"settings.{name}.{choice}")
    if kind_of(name) in ("number", "share", "text", "date", "list"):
        assert say(f"settings.{name}.range")
    assert value_words(name, getattr(Settings(), name), say)


def test_every_setting_says_in_the_code_what_it_is() -> None:
    lines = Path(load.__code__.co_filename).read_text("utf-8").split("class Settings:")[1]
    for one in fields(Settings):
        _, _, after = lines.partition(f"    {one.name}: ")
        assert after.split("\n")[1].strip().startswith('"""'), one.name
    assert set(NAMES) >= LATER


@given(st.sampled_from(NAMES), st.text(max_size=30))
def test_whatever_is_typed_is_a_value_or_refused(name: str, text: str) -> None:
    try:
        value = typed(name, text, TODAY)
    except RefusedError:
        return
    assert usable(name, value)
    assert replace(Settings(), **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("new_per_day", " 1,200 ", 1200),
        ("new_per_day", "３０", 30),
        ("desired_retention", "85%", 0.85),
        ("desired_retention", "0.85", 0.85),
        ("desired_retention", "85", 0.85),
        ("goal_date", "12月12日", "2026-12-12"),
        ("spread_from", "2026年3月2日", "2026-03-02"),
    ],
)
def test_typing(name: str, text: str, value: object) -> None:
    assert typed(name, text, TODAY) == value
    assert typed(name, as_text(value), TODAY) == value


async def test_a_choice_acts_at_once_and_is_kept(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await at(stage, "language")
        await stage.press("right")
        assert "每天的学习" in page(stage)
        await stage.press("down", "right")
        assert stage.app.theme == "light"
        assert faults(stage.app) == []
        await stage.press("escape")
        assert "开始学习" in page(stage)
    settings, problems = load(Paths.inside(tmp_path).settings)
    assert (settings.language, settings.theme, problems) == ("zh", "light", ())


async def test_a_number_is_typed_refused_in_words_and_taken(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await at(stage, "new_per_day")
        await stage.press("enter", "x")
        await stage.press("enter")
        assert "A whole number from 0 to 10,000." in page(stage)
        assert screen.query_one(Notice).tone is Tone.PROBLEM
        assert stage.app.settings.new_per_day == 60
        assert faults(stage.app) == []
        await stage.press("backspace", "3", "1", "enter")
        assert stage.app.settings.new_per_day == 31
        assert "Default: 20." in page(stage)
        await stage.press("escape")
        await stage.until(lambda: stage.app.home.today.new == 31, "home counts anew")


async def test_the_help_says_of_each_key_one_thing(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await at(stage, "minutes_per_day")
        await stage.press("question_mark")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen), "help")
        await stage.settle()
        assert page(stage).count("⏎") == 1
        assert "→  l" in page(stage)


async def test_esc_leaves_the_field_first_and_the_value_as_it_was(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await at(stage, "new_per_day")
        await stage.press("enter", "9", "9", "escape")
        assert stage.app.screen is screen
        assert not screen.writing
        assert stage.app.settings.new_per_day == 60
        await stage.press("r")
        assert stage.app.settings.new_per_day == 20
        await stage.press("escape")
        assert stage.app.screen is stage.app.home


async def test_the_minutes_give_the_number_of_new_items(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await at(stage, "minutes_per_day")
        await stage.press("enter", "3", "0", "enter", "down", "enter")
        assert stage.app.settings.daily_new == 10
        assert "now 10 new a day" in page(stage)
        await stage.press("escape")
        await stage.until(lambda: stage.app.home.today.new == 10, "home counts anew")


async def test_what_waits_for_the_next_start_says_so(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await at(stage, "device")
        assert "Takes effect when Gradus is opened again." in page(stage)


async def test_a_folder_that_cannot_be_written_is_told(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await at(stage, "reduced_motion")
        Paths.inside(tmp_path).settings.mkdir()
        await stage.press("enter")
        assert "could not be saved" in page(stage)
        assert stage.app.settings.reduced_motion
        assert stage.app.animation_level == "none"
        assert faults(stage.app) == []


async def test_a_click_moves_and_a_second_changes(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await at(stage, "language")
        for expected in (False, True):
            rows = text_of(stage.app)
            row = next(n for n, text in enumerate(rows) if "New items by minutes" in text)
            await stage.pilot.click(offset=(6, row))
            await stage.settle()
            assert screen.chosen == "new_from_minutes"
            assert stage.app.settings.new_from_minutes is expected


async def test_the_file_is_readable_by_a_person(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await at(stage, "terminal_title")
        await stage.press("enter")
    stored = json.loads(Paths.inside(tmp_path).settings.read_text("utf-8"))
    assert stored["terminal_title"] is False
    assert set(stored) == set(NAMES)
