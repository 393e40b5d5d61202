"""Each picture of the statistics out of 1,000,000 reviews over two years: the last year, and all.

What has to be replayed (retention, calibration) is measured cold each time, though a screen keeps
it from one to the other. A year of 200 reviews a day would be a fourteenth of it.
"""

from __future__ import annotations

import time
from datetime import datetime

from app.paths import Paths
from app.progress.store import Store
from app.statistics.gathering import Kind, Statistics
from app.statistics.periods import Period
from app.study.clock import Clock
from app.study.session import Study
from content.compiled import PackLibrary, builtin_root
from engine.client import EngineClient
from tests.benchmarks.large_home import large_home
from tests.benchmarks.places import NOW
from tests.benchmarks.report import Row, median, ms

_ROUNDS = 3
_SUMMED, _REPLAYED = 8.0, 60.0
"""Goals in seconds, off the event loop: a wait that is named, and can be left."""
_REPLAYS = (Kind.RETENTION, Kind.CALIBRATION)


def run() -> list[Row]:
    """A row for each picture."""
    paths = Paths.inside(large_home())  # read, never written: no copy of it is needed
    clock = Clock(datetime.fromisoformat(NOW))
    library = PackLibrary((builtin_root(), paths.packs), paths.compiled_packs)
    store = Store.open(paths.database, backups=paths.backups, clock=clock)
    study = Study(store, library, EngineClient(paths.engine_log), clock)
    try:
        return [_row(study, kind) for kind in Kind]
    finally:
        study.close()
        library.close()


def _row(study: Study, kind: Kind) -> Row:
    rounds = 1 if kind in _REPLAYS else _ROUNDS
    year = [_seconds(study, kind, Period.YEAR) for _ in range(rounds)]
    whole = [_seconds(study, kind, Period.ALL) for _ in range(rounds)]
    goal = _REPLAYED if kind in _REPLAYS else _SUMMED
    return Row(
        subject=f"statistics: {kind}",
        measured=f"year {ms(median(year))}, all {ms(median(whole))}",
        against="1,000,000 reviews",
        ratio=None,
        goal=f"< {goal:.0f} s",
        met=max(median(year), median(whole)) < goal,
    )


def _seconds(study: Study, kind: Kind, period: Period) -> float:
    statistics = Statistics(study)
    begun = time.perf_counter()
    statistics.gather(kind, period)
    return time.perf_counter() - begun
