"""The terminal's title, motion, colours of the terminal's own, a day's minutes."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tui import comfort
from app.tui.comfort import titled
from app.tui.screens.settings import SettingsScreen
from tests.screens.cells import grid_of, text_of
from tests.screens.checks import faults
from tests.tui.conftest import OpenApp


@given(st.text())
def test_a_title_can_end_nothing_and_say_nothing_else(words: str) -> None:
    found = titled(words)
    assert found.startswith("\x1b]2;")
    assert found.endswith("\x07")
    assert found[4:-1].isprintable()


async def test_the_title_follows_what_is_due_and_the_setting(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(comfort.Comfort, "_write", lambda _, text: written.append(text))
    async with open_app() as stage:
        await stage.complete_home()
        assert written[0].startswith(comfort._PUSH)
        assert "Gradus" in written[0]
        stage.app.home.today = stage.app.home.today._replace(due=3)
        stage.app.comfort.retitle()
        assert written[-1] == titled("Gradus: 3 due")
        await stage.press("L")
        assert written[-1] == titled("Gradus：3 项到期")
        await stage.press("comma")
        await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "settings")
        screen = stage.app.screen
        assert isinstance(screen, SettingsScreen)
        while screen.chosen != "terminal_title":
            await stage.press("up")
        await stage.press("enter")
        assert written[-1] == titled("") + comfort._POP
        await stage.press("enter")
        assert written[-1].startswith(comfort._PUSH)
    assert written[-1] == titled("") + comfort._POP


@pytest.mark.slow
def test_a_real_terminal_is_given_its_title_back(tmp_path: Path) -> None:
    """The whole program on a pseudo-terminal: title pushed, set, cleared, popped."""
    master, slave = pty.openpty()
    environment = {
        **os.environ,
        "GRADUS_HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    (tmp_path / "settings.json").write_text('{"language": "en", "keys": {"quit": "x"}}')
    with subprocess.Popen(
        [sys.executable, "-m", "app.cli"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    ) as child:
        os.close(slave)
        until = threading.Timer(60, child.kill)
        until.start()
        painted = _read(master, lambda seen: b"\x1b]2;Gradus\x07" in seen)
        assert b"\x1b[22;2t\x1b]2;Gradus\x07" in painted
        os.write(master, b"x")
        painted += _read(master, lambda seen: b"\x1b[23;2t" in seen)
        until.cancel()
        assert child.wait(20) == 0
    os.close(master)
    assert painted.rindex(b"\x1b]2;\x07\x1b[23;2t") > painted.index(b"\x1b]2;Gradus\x07")


def _read(master: int, enough: object) -> bytes:
    assert callable(enough)
    found, until = b"", time.monotonic() + 20
    while not enough(found) and time.monotonic() < until:
        if select.select([master], [], [], 0.1)[0]:
            try:
                found += os.read(master, 65_536)
            except OSError:
                break
    return found


async def test_reduced_motion_stops_every_animation(open_app: OpenApp) -> None:
    async with open_app(reduced_motion=True, height=10) as stage:
        await stage.complete_home()
        assert stage.app.animation_level == "none"
        home = stage.app.home.query_one("#home")
        home.scroll_to(y=5, animate=True, duration=5)
        await stage.settle()
        assert home.scroll_y == 5


async def test_the_wheel_scrolls_home(open_app: OpenApp) -> None:
    async with open_app(reduced_motion=True, height=12) as stage:
        await stage.complete_home()
        home = stage.app.home.query_one("#home")
        assert home.max_scroll_y > 0
        await stage.pilot._post_mouse_events([_wheel()], home, offset=(5, 3), button=0)
        await stage.until(lambda: home.scroll_y > 0, "scrolled")


def _wheel() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


_FAR = (("slash",), ("s",), ("c",), ("c", "d"), ("comma", "up", "enter"))
_NEAR = ((), ("comma",), ("question_mark",), ("d",), ("l",), ("enter",))


@pytest.mark.parametrize(
    "keys", [*_NEAR, *(pytest.param(keys, marks=pytest.mark.slow) for keys in _FAR)]
)
async def test_without_colours_no_screen_has_one_and_all_is_said(
    open_app: OpenApp, keys: tuple[str, ...]
) -> None:
    """NO_COLOR: the terminal's sixteen at most, and the cursor is seen by more than a colour."""
    async with open_app(few_colours=True) as stage:
        await stage.complete_home()
        await stage.press(*keys)
        await stage.pilot.pause(0.5)
        assert faults(stage.app) == []
        colours = {
            colour.name
            for row in grid_of(stage.app)
            for glyph in row
            for colour in (glyph.style.color, glyph.style.bgcolor)
            if colour is not None and not colour.is_default
        }
        assert not [name for name in colours if re.fullmatch(r"#[0-9a-f]{6}", name)], colours
        if keys == ("comma",):
            assert "own colours" not in "".join(text_of(stage.app))
            await stage.press("down")
            assert "This terminal shows its own colours" in " ".join(text_of(stage.app))
