"""Each picture of the statistics out of 1,000,000 reviews over two years: the last year, and all.

Retention and calibration need the log replayed, all of it whatever the period. As on a screen it is
replayed once, for retention of all, and kept for the others; a year of 200 reviews a day would be
a fourteenth of it.
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
from tests.benchmarks.report import Row, ms

_SUMMED, _REPLAYED = 8.0, 60.0
"""Goals in seconds, off the event loop: a wait that is named, and can be left."""


def run() -> list[Row]:
    """A row for each picture."""
    paths = Paths.inside(large_home())  # read, never written: no copy of it is needed
    clock = Clock(datetime.fromisoformat(NOW))
    library = PackLibrary((builtin_root(), paths.packs), paths.compiled_packs)
    store = Store.open(paths.database, backups=paths.backups, clock=clock)
    study = Study(store, library, EngineClient(paths.engine_log), clock)
    try:
        kept = Statistics(study)
        return [_row(kept, kind) for kind in Kind]
    finally:
        study.close()
        library.close()


def _row(statistics: Statistics, kind: Kind) -> Row:
    whole = _seconds(statistics, kind, Period.ALL)
    year = _seconds(statistics, kind, Period.YEAR)
    goal = _REPLAYED if kind is Kind.RETENTION else _SUMMED
    return Row(
        subject=f"statistics: {kind}",
        measured=f"all {ms(whole)}, then year {ms(year)}",
        against="1,000,000 reviews",
        ratio=None,
        goal=f"< {goal:.0f} s",
        met=max(whole, year) < goal,
        notes=("with the replay that calibration needs too",) if kind is Kind.RETENTION else (),
    )


def _seconds(statistics: Statistics, kind: Kind, period: Period) -> float:
    begun = time.perf_counter()
    statistics.gather(kind, period)
    return time.perf_counter() - begun
