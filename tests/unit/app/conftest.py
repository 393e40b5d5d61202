"""A learner at a desk: a clock that stands until moved, packs on disk, a real database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.progress.store import Store
from app.study.session import DailyLimits, Study
from content.compiled import PackLibrary, builtin_root


@pytest.fixture
def clock() -> HandClock:
    """Monday 2 March 2026, nine in the morning in Berlin."""
    return HandClock.at_nine()


@pytest.fixture(scope="session")
def compiled_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in packs as a second start finds them: reading them anew takes seconds."""
    path = tmp_path_factory.mktemp("compiled") / "packs.sqlite"
    PackLibrary((builtin_root(),), path).close()
    return path


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without learner, made once: migrations take most of a test's time."""
    from app.progress.opening import open_database

    path = tmp_path_factory.mktemp("empty") / "progress.sqlite"
    connection = open_database(path, path.parent / "backups", datetime(2026, 1, 1, tzinfo=UTC))
    connection.close()
    connection.engine.dispose()
    return path


@pytest.fixture
def database(tmp_path: Path, empty_database: Path) -> Path:
    """A file of one's own."""
    return Path(shutil.copy(empty_database, tmp_path / "progress.sqlite"))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Two topics of four cards, the second needing the first, and one that needs nothing."""
    return write_pack(
        tmp_path / "packs" / "demo",
        {
            "a.first": cards("a1", "a2", "a3", "a4"),
            "b.second": "needs: [a.first]\n" + cards("b1", "b2", "b3", "b4"),
            "c.other": cards("c1", "c2", "c3", "c4"),
        },
    )


OpenStudy = Callable[..., Study]


@pytest.fixture
def open_study(database: Path, pack: Path, clock: HandClock) -> Iterator[OpenStudy]:
    """Opens the study loop on the test's own files, again and again if need be."""
    opened: list[Study] = []

    def open_it(
        *,
        roots: Sequence[Path] = (pack,),
        engine: object | None = None,
        limits: DailyLimits | None = None,
        **options: object,
    ) -> Study:
        for study in opened:
            study.close()
        library = PackLibrary(roots, None)
        store = Store.open(database, clock=clock)
        study = Study(
            store,
            library,
            engine or ScriptedEngine(),  # type: ignore[arg-type]
            clock,
            limits=limits or DailyLimits(new=None, reviews=None),
            seed=1,
            **options,  # type: ignore[arg-type]
        )
        opened.append(study)
        return study

    yield open_it
    for study in opened:
        study.close()
