"""Bindings, footer, palette and help derive from one command."""

import json
from pathlib import Path

import pytest
from textual.binding import Binding

import app.locale
from app.locale import LANGUAGES, Locale
from app.tui.commands import Command, bindings, shown
from app.tui.screens.help import HelpScreen
from app.tui.screens.home import HomeScreen
from app.tui.screens.lab import LabScreen
from app.tui.screens.measure import MeasureScreen
from app.tui.screens.page import EVERYWHERE
from app.tui.screens.study import StudyScreen
from app.tui.screens.summary import SummaryScreen
from app.tui.themes import THEMES

SCREENS = (HomeScreen, StudyScreen, SummaryScreen, HelpScreen, MeasureScreen, LabScreen)
ALL = [c for screen in SCREENS for c in (*screen.KEYS, *screen.LAST)] + list(EVERYWHERE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_its_words(language: str) -> None:
    say = Locale(language)
    for command in ALL:
        assert say(command.label)
        assert say(command.help)


def test_both_languages_have_the_same_strings() -> None:
    folder = Path(app.locale.__file__).parent
    rooms = [json.loads((folder / code / "tui.json").read_text("utf-8")) for code in LANGUAGES]
    assert rooms[0].keys() == rooms[1].keys()
    for key in rooms[0]:
        fields = [{part.partition("}")[0] for part in room[key].split("{")[1:]} for room in rooms]
        assert fields[0] == fields[1], key


def test_every_theme_names_the_same_colours() -> None:
    *coloured, terminal = (set(theme.variables) for theme in THEMES)
    dark = coloured[0]
    assert all(names == dark for names in coloured)
    own = {name for name in dark if not name.startswith(("block-", "input-", "scrollbar"))}
    assert own <= terminal


def test_no_letter_acts_while_typing() -> None:
    for command in ALL:
        key = command.key(typing=True)
        assert key is None or len(key) > 1 or key == "⏎", command


def test_a_twin_is_bound_before_the_field_sees_it() -> None:
    command = Command("undo", ("u",), twin="ctrl+z")
    letter, twin = bindings([command])
    assert isinstance(letter, Binding)
    assert isinstance(twin, Binding)
    assert (letter.key, letter.priority) == ("u", False)
    assert (twin.key, twin.priority) == ("ctrl+z", True)


def test_digits_carry_their_number() -> None:
    found = bindings([Command("rate", ("1", "2"), numbered=True)])
    assert [b.action for b in found if isinstance(b, Binding)] == ["rate(1)", "rate(2)"]
    assert Command("rate", ("1", "2"), numbered=True).key(typing=False) == "1-2"


def test_keys_read_as_on_the_keyboard() -> None:
    assert [shown(key) for key in ("enter", "escape", "ctrl+r", "f2", "question_mark", "L")] == [
        "⏎",
        "esc",
        "^r",
        "f2",
        "?",
        "L",
    ]
