"""No screen has clipped, overlapping, cut or shortened text, in any look."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from app.tui.widgets.laid import Laid
from engine.client import EngineClient
from tests.screens.checks import faults
from tests.screens.history import live
from tests.screens.scenes import LOOKS, Look, run_all

QUICK = [look for look in LOOKS if look.name == "80x24-zh-dark"]
SLOW = [look for look in LOOKS if look not in QUICK]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, engine: EngineClient) -> Path:
    """The home of a learner with some days behind them."""
    home = tmp_path_factory.mktemp("lived")
    live(home, engine, (6, 5))
    return home


def check(look: Look, lived: Path, scratch: Path, engine: EngineClient) -> None:
    """Reach every state in that look and look at its cells."""
    found: dict[str, list[str]] = {}
    run_all(look, lived, scratch, engine, lambda name, app: found.update({name: faults(app)}))
    assert len(found) == 84
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("look", QUICK, ids=lambda look: look.name)
def test_every_screen_is_whole(
    look: Look, lived: Path, tmp_path: Path, engine: EngineClient
) -> None:
    check(look, lived, tmp_path, engine)


@pytest.mark.slow
@pytest.mark.parametrize("look", SLOW, ids=lambda look: look.name)
def test_every_other_look_is_whole(
    look: Look, lived: Path, tmp_path: Path, engine: EngineClient
) -> None:
    check(look, lived, tmp_path, engine)


class _Bad(Laid):
    def lay(self, width: int) -> list[Content]:
        return [Content("卷" * width)]


class _Overlapped(App[None]):
    CSS = "_Bad { width: 9; } #over { offset: 3 -1; width: 4; height: 1; background: red; }"

    def compose(self) -> ComposeResult:
        yield _Bad()
        yield _Good(id="over")


class _Good(Laid):
    def lay(self, width: int) -> list[Content]:
        return [Content("x" * width)]


async def test_faults_are_found() -> None:
    async with _Overlapped().run_test(size=(20, 4)) as pilot:
        await pilot.pause()
        told = " ".join(faults(pilot.app))
        assert "too wide" in told
        assert faults(pilot.app)
