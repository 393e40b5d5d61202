"""No screen has clipped, overlapping, cut or shortened text, in any look."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from app.tui.widgets.laid import Laid
from engine.client import EngineClient
from tests.screens.checks import faults
from tests.screens.history import live
from tests.screens.running import SCENES, run
from tests.screens.scenes import LOOKS, Look

QUICK = [look for look in LOOKS if look.name == "80x24-zh-dark"]
COMMON = ("first", "drills", "keeping", "choosing", "comfort", "store", "failure")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, engine: EngineClient) -> Path:
    """The home of a learner with some days behind them."""
    home = tmp_path_factory.mktemp("lived")
    live(home, engine, (6, 5))
    return home


def check(scenes: Iterable[str], look: Look, lived: Path, to: Path, engine: EngineClient) -> int:
    """Reach the states of these scenes and look at their cells; how many there were."""
    found: dict[str, list[str]] = {}
    run(scenes, look, lived, to, engine, lambda name, app: found.update({name: faults(app)}))
    assert {name: told for name, told in found.items() if told} == {}
    return len(found)


@pytest.mark.parametrize("look", QUICK, ids=lambda look: look.name)
@pytest.mark.parametrize("scene", COMMON)
def test_what_is_seen_every_day_is_whole(
    scene: str, look: Look, lived: Path, tmp_path: Path, engine: EngineClient
) -> None:
    assert check([scene], look, lived, tmp_path, engine) > 0


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_every_screen_is_whole(
    look: Look, lived: Path, tmp_path: Path, engine: EngineClient
) -> None:
    assert check(SCENES, look, lived, tmp_path, engine) == 87


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
