"""Keys of one's own: chosen by pressing them, shown wherever a key is shown, never two meanings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import BindingsMap

from app.key_names import FIELDS_OWN, FIXED, slot_of
from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load
from app.tui import registry
from app.tui.commands import Command, bindings, rebound, remapped
from app.tui.screens.drill_list import DrillListScreen
from app.tui.screens.help import HelpScreen
from app.tui.screens.home import HomeScreen
from app.tui.screens.keys import KeysScreen
from app.tui.screens.page import EVERYWHERE
from app.tui.screens.settings import SettingsScreen
from app.tui.widgets.notice import Notice, Tone
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.scenes import Stage
from tests.tui.conftest import OpenApp


def page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def choosing(stage: Stage, name: str) -> KeysScreen:
    """The commands, the cursor on one of them."""
    await stage.complete_home()
    stage.app.push_screen(KeysScreen())
    await stage.until(lambda: isinstance(stage.app.screen, KeysScreen), "the commands")
    screen = stage.app.screen
    assert isinstance(screen, KeysScreen)
    await stage.until(lambda: bool(screen.entries), "commands")
    screen._to([entry.id for entry in screen.entries].index(name))
    await stage.settle()
    return screen


async def test_a_pressed_key_is_shown_everywhere_and_kept(
    open_app: OpenApp, tmp_path: Path
) -> None:
    async with open_app() as stage:
        screen = await choosing(stage, "drill")
        await stage.press("enter")
        assert "press a key" in page(stage)
        await stage.press("y")
        assert screen.query_one(Notice).tone is Tone.DONE
        assert faults(stage.app) == []
        await stage.press("escape")
        assert "y drill" in page(stage)
        await stage.press("question_mark")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen), "help")
        await stage.settle()
        helping = stage.app.screen
        assert isinstance(helping, HelpScreen)
        assert any(row.plain.split()[:1] == ["y"] for row in helping.lay(76))
        await stage.press("escape", "ctrl+p", *"timed")
        await stage.pilot.pause(0.5)
        assert any(row.split()[:1] == ["y"] for row in text_of(stage.app))
        await stage.press("escape", "d")
        assert isinstance(stage.app.screen, HomeScreen)
        await stage.press("y")
        await stage.until(lambda: isinstance(stage.app.screen, DrillListScreen), "drills")
    assert load(Paths.inside(tmp_path).settings)[0].keys == {"drill": "y"}


async def test_enter_keeps_its_other_meanings(open_app: OpenApp) -> None:
    async with open_app(keys={"fold": "x", "study": "s,f9"}) as stage:
        await stage.complete_home()
        assert "s study" in page(stage)
        await stage.press("down", "x")
        assert "x open or close" in page(stage)
        await stage.press("enter")
        await stage.press("escape", "f9")
        await stage.until(lambda: not isinstance(stage.app.screen, HomeScreen), "study")


@pytest.mark.parametrize(
    ("name", "key", "said"),
    [
        ("drill", "comma", "is taken on the same screen"),
        ("drill", "ctrl+l", "is taken on the same screen"),
        ("language", "u", "is taken on the same screen"),
        ("next", "3", "is taken on the same screen"),
        ("drill", "up", "cannot be chosen"),
        ("drill", "ctrl+a", "cannot be chosen"),
    ],
)
async def test_a_key_with_another_meaning_is_refused_in_words(
    open_app: OpenApp, name: str, key: str, said: str
) -> None:
    async with open_app() as stage:
        screen = await choosing(stage, name)
        await stage.press("enter", key)
        assert said in " ".join(page(stage).split())
        assert screen.query_one(Notice).tone is Tone.PROBLEM
        assert stage.app.settings.keys == {}
        assert stage.app.say.language == "en"
        assert faults(stage.app) == []


async def test_esc_calls_the_choice_off_and_the_default_comes_back(open_app: OpenApp) -> None:
    async with open_app(keys={"drill": "y"}) as stage:
        screen = await choosing(stage, "drill")
        await stage.press("enter", "escape")
        assert stage.app.screen is screen
        assert stage.app.settings.keys == {"drill": "y"}
        await stage.press("r")
        assert stage.app.settings.keys == {}
        await stage.press("enter", "d")
        assert stage.app.settings.keys == {}


async def test_a_key_of_every_screen_moves_too(open_app: OpenApp) -> None:
    async with open_app(keys={"language": "f12"}) as stage:
        await stage.complete_home()
        await stage.press("f12")
        assert stage.app.say.language == "zh"
        await stage.press("ctrl+l")
        assert stage.app.say.language == "zh"
        await stage.press("comma")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "settings")
        await stage.press("f12")
        assert stage.app.say.language == "en"


async def test_a_file_with_two_meanings_is_told(open_app: OpenApp) -> None:
    async with open_app(keys={"drill": "l"}) as stage:
        screen = await choosing(stage, "drill")
        await stage.until(lambda: bool(screen.query_one(Notice).words), "told")
        assert "two meanings" in screen.query_one(Notice).words


async def test_commands_can_be_clicked(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await choosing(stage, "study")
        row = next(n for n, text in enumerate(text_of(stage.app)) if "timed rounds" in text)
        for waiting in (False, True):
            await stage.pilot.click(offset=(24, row))
            await stage.settle()
            assert screen.entries[screen.cursor].id == "drill"
            assert screen.waiting is waiting


# Contracts over every screen


def screens_with_a_field() -> list[type]:
    """Screens on which something is typed: their module or a base's makes a field."""
    import inspect

    marks = ("AnswerField()", "Input(", "CodeField()", "LabField(")
    return [
        screen
        for screen in registry.screens()
        if any(
            any(mark in inspect.getsource(base) for mark in marks)
            for base in screen.__mro__
            if base.__module__.startswith("app.tui")
        )
    ]


NO_FIELD_THEN = {
    "new-numbers": "after the verdict, when the field has given its keys back",
    "measure": "after the verdict",
    "what-if": "after the verdict",
    "stop-run": "while the run behind a verdict goes on",
    "up": "arrows do the same, and act on the rows while a field is open",
    "settings-down": "as up",
    "settings-next": "rows are changed while no field is open",
    "settings-before": "rows are changed while no field is open",
    "slide-back": "a slider, not the field, has the keys",
}
"""Commands with a letter and no twin, on screens with a field: why none is needed."""


def test_every_letter_has_a_twin_where_something_is_typed() -> None:
    assert len(screens_with_a_field()) >= 4
    for screen in screens_with_a_field():
        for command in registry.commands_of(screen):
            letters = [key for key in command.keys if slot_of(key) == "character"]
            if letters and command.remappable and not command.twin:
                assert command.id in NO_FIELD_THEN, (screen.__name__, command)


def test_no_screen_gives_a_command_two_ids_or_an_id_two_commands() -> None:
    for screen in registry.screens():
        seen: dict[str, str] = {}
        for command in (*screen.KEYS, *screen.LAST):
            if command.remappable:
                assert seen.setdefault(command.id, command.action) == command.action, screen


def test_no_screen_takes_a_key_that_means_something_everywhere() -> None:
    typing = screens_with_a_field()
    for screen in registry.screens():
        for command in registry.commands_of(screen):
            if screen in typing:
                assert command.twin not in FIELDS_OWN - {"ctrl+c"}, (screen, command)
            for key in () if command.numbered else (*command.keys, command.twin):
                if key and slot_of(key):
                    same = [
                        other.id
                        for other in EVERYWHERE
                        if key in (*other.keys, other.twin) and other.id != command.id
                    ]
                    assert not same, (screen.__name__, key, command.id, same)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_can_be_chosen_has_its_words(language: str) -> None:
    for entry in registry.entries():
        assert Locale(language)(entry.command.label)
        assert Locale(language)(entry.command.help)


@given(
    st.dictionaries(
        st.sampled_from([entry.id for entry in registry.entries()] + ["gone"]),
        st.sampled_from(["z", "f7", "z,f7", "ctrl+g", "Q"]),
    )
)
def test_whatever_is_chosen_every_command_keeps_a_key(keys: dict[str, str]) -> None:
    for screen in registry.screens():
        base = BindingsMap(bindings((*screen.KEYS, *screen.LAST)))
        found = rebound(base, (*screen.KEYS, *screen.LAST), keys)
        bound = {one.action for _, one in found}
        for command in (*screen.KEYS, *screen.LAST):
            if not command.inborn and not command.numbered:
                assert command.action in bound
            shown = remapped(command, keys)
            assert set(shown.keys) & FIXED == set(command.keys) & FIXED
            if command.twin:
                assert shown.twin


def test_a_command_without_a_choice_is_itself() -> None:
    command = Command("undo", ("u",), twin="ctrl+z")
    assert remapped(command, {}) is command
    assert remapped(command, {"undo": "enter"}) is command
    assert remapped(command, {"undo": "z"}) == Command("undo", ("z",), twin="ctrl+z")
    assert remapped(command, {"undo": "f7"}) == Command("undo", ("u",), twin="f7")
