"""The real app on a headless terminal: real pack, real engine, real database, fixed clock."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.paths import Paths
from app.settings import Settings
from app.study.clock import Clock
from app.tui.app import Gradus
from engine.client import EngineClient
from tests.screens.history import NOW, SEED, live
from tests.screens.scenes import Stage

OpenApp = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory, engine: EngineClient) -> Path:
    """The folder of a person who opened Gradus once and left: packs read, database made."""
    home = tmp_path_factory.mktemp("home")
    live(home, engine, (0,))
    return home


@pytest.fixture
def open_app(tmp_path: Path, new_home: Path, engine: EngineClient) -> OpenApp:
    """Opens the app in this test's own folder; a second time finds what the first one saved."""
    shutil.copytree(new_home, tmp_path, dirs_exist_ok=True)

    @asynccontextmanager
    async def opened(
        *,
        language: str = "en",
        width: int = 80,
        height: int = 24,
        welcome: bool = False,
        few_colours: bool = False,
        **chosen: Any,
    ) -> AsyncIterator[Stage]:
        app = Gradus(
            Paths.inside(tmp_path),
            Settings(**{"language": language, "device": "cpu", "new_per_day": 60, **chosen}),
            clock=Clock(NOW),
            few_colours=few_colours,
            engine=engine,
            seed=SEED,
            welcome=welcome,
        )
        async with app.run_test(size=(width, height)) as pilot:
            yield Stage(app, pilot, lambda _name, _app: None)

    return opened
