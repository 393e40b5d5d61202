"""A home with the small pack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from drill_desk import open_home, write_small
from study_desk import HandClock

from app.study.session import Study
from engine.client import EngineClient

Home = Callable[..., Study]


@pytest.fixture
def home(tmp_path: Path, database: Path, clock: HandClock, engine: EngineClient) -> Iterator[Home]:
    """Opens the same home again and again, as another process would; `pack` options rewrite it."""
    opened: list[Study] = []
    written: list[Path] = []

    def open_it(*, measures: object | None = None, **pack: object) -> Study:
        for study in opened:
            study.close()
        opened.clear()
        if pack or not written:
            written.append(write_small(tmp_path / "packs", **pack))  # type: ignore[arg-type]
        opened.append(open_home(database, written[0], clock, measures or engine))
        return opened[-1]

    yield open_it
    for study in opened:
        study.close()
