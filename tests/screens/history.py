"""A learner's week, lived through the real study loop: what the pictures of home are made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from app.paths import Paths
from app.progress.store import Store
from app.study.clock import Clock
from app.study.session import DailyLimits, Study, StudySession
from app.study.views import Finished, Rating, Shown
from content.compiled import PackLibrary, builtin_root
from engine.client import EngineClient
from engine.verdict import canonical

NOW = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001  (a local time, whatever the zone)
SEED = 11
_ITEMS = (14, 9, 0, 12, 7, 10)
"""Answers on each of the days before today."""


def live(home: Path, engine: EngineClient, items: tuple[int, ...] = _ITEMS) -> None:
    """Study on each day before `NOW`."""
    paths = Paths.inside(home)
    library = PackLibrary((builtin_root(),), paths.compiled_packs)
    for ago, count in zip(range(len(items), 0, -1), items, strict=True):
        clock = Clock(NOW - timedelta(days=ago))
        store = Store.open(paths.database, backups=paths.backups, clock=clock)
        study = Study(store, library, engine, clock, limits=DailyLimits(8, 40), seed=SEED)
        session = study.begin(limit=count)
        for number in range(count):
            shown = session.next()
            if isinstance(shown, Finished):
                break
            if isinstance(shown, Shown):
                _answer(session, shown, number + ago)
            else:
                session.skip()
        store.close()
    library.close()


def _answer(session: StudySession, shown: Shown, number: int) -> None:
    if shown.kind == "card":
        rating = Rating.HARD if number % 5 == 0 else Rating.GOOD
        session.rate(rating, hints=0, seconds=14.0)
        return
    truth = shown.prepared.truth
    typed = canonical(truth, "en")
    if truth.mistakes and number % 3 == 0:
        typed = str(truth.mistakes[0].value)
    if shown.kind in ("choice", "several"):
        wanted = [n for n, option in enumerate(truth.options) if option.right]
        typed = ", ".join("abcdefghij"[n] for n in wanted)
    elif shown.kind == "self":
        typed = "1 2"
    session.answer(typed, hints=0, seconds=35.0)
