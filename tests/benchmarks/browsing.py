"""Browsing 100,000 items: opening, a query, a line further down; reading the built-in packs' texts.

The home is the large one: a pack of 100,000 cards read by the real loader, 1,000,000 reviews.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import cast

from app.browse.browser import Browser, Sorting
from app.browse.building import build
from app.locale import Locale
from app.paths import Paths
from app.progress.search import SearchFile
from app.progress.store import Store
from app.study.clock import Clock
from app.study.session import Study
from app.tui.widgets.browse_table import BrowseTable
from content.compiled import PackLibrary, builtin_root
from engine.client import EngineClient
from tests.benchmarks.large_home import large_home
from tests.benchmarks.places import FOLDER, NOW
from tests.benchmarks.report import Row, median, ms

QUERIES = (
    "",
    "fact",
    '"fact 7"',
    "池化",
    "topic:t01 is:due",
    "lapses>1 -is:new stability<100",
    "is:due or (is:new level:1)",
    "recall<80",
    "flag:* or note:* or tag:code",
    "rated:30 kind:card",
)
_ROUNDS = 15
_QUERY_GOAL, _BUILD_GOAL, _FRAME_GOAL = 0.05, 2.0, 0.016


def run() -> list[Row]:
    """Rows for queries, the table's frame, opening and reading texts."""
    with TemporaryDirectory() as scratch:
        built = _built_in(Path(scratch))
    home = large_home()
    paths, clock = Paths.inside(home), Clock(datetime.fromisoformat(NOW))
    library = PackLibrary((builtin_root(), paths.packs), paths.compiled_packs)
    store = Store.open(paths.database, backups=paths.backups, clock=clock)
    study = Study(store, library, EngineClient(paths.engine_log), clock)
    browser = Browser(study, FOLDER / "search.db")
    try:
        told = "kept from an earlier run" if browser.current else ""
        first = _seconds(lambda: browser.build())
        opened = [_seconds(browser.load) for _ in range(3)]
        count = len(browser.collection)
        rows = [
            Row("texts of the built-in packs read", ms(built), "1,313 items", None, "< 2 s",
                built < _BUILD_GOAL),
            Row(f"texts of {count:,} items read", ms(first), told, None, "", None),
            Row(f"{count:,} items opened", ms(median(opened)), "", None, "", None),
        ]  # fmt: skip
        rows += [_query(browser, text, count) for text in QUERIES]
        return [*rows, _sorted(browser, count), _frame(browser, count)]
    finally:
        browser.close()
        study.close()
        library.close()


def _query(browser: Browser, text: str, count: int) -> Row:
    ask = lambda: browser.find(text, Sorting(), "en")  # noqa: E731
    found = len(ask())
    taken = median(_seconds(ask) for _ in range(_ROUNDS))
    name = f"query `{text}` of {count:,}"
    return Row(name, ms(taken), f"{found:,} found", None, "< 50 ms", taken < _QUERY_GOAL)


def _sorted(browser: Browser, count: int) -> Row:
    ask = lambda: browser.find("is:due", Sorting("recall"), "en")  # noqa: E731
    first = _seconds(ask)
    taken = median(_seconds(ask) for _ in range(_ROUNDS))
    return Row(f"`is:due` of {count:,} by recall", ms(taken), f"the first time {ms(first)}", None,
               "< 50 ms", taken < _QUERY_GOAL)  # fmt: skip


def _frame(browser: Browser, count: int) -> Row:
    """Laying out the lines in view, from further and further down."""
    table = _Table()
    table.show(browser, browser.find("", Sorting(), "en"), Sorting())
    times = []
    for n in range(200):
        table.move_to(n * count // 200)
        times.append(_seconds(lambda: table.lay(76)))
    taken = median(times)
    return Row(f"40 lines of {count:,} laid out", ms(taken), "", None, "< 16 ms",
               taken < _FRAME_GOAL)  # fmt: skip


class _Table(BrowseTable):
    """The table without a screen around it."""

    say = Locale("en")  # type: ignore[assignment]
    app = cast("object", SimpleNamespace(theme="dark"))  # type: ignore[assignment]
    height = 40  # type: ignore[assignment]

    def post_message(self, message: object) -> bool:  # type: ignore[override]
        """Nobody listens."""
        return True


def _built_in(scratch: Path) -> float:
    with (
        PackLibrary((builtin_root(),), scratch / "packs.sqlite") as library,
        closing(SearchFile(None)) as first,
        closing(SearchFile(scratch / "search.db")) as file,
    ):
        build(first, library)  # what it imports and reads first is not what is measured
        return _seconds(lambda: build(file, library))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
