"""A durable answer: event, memory and FSRS step in one transaction, `synchronous=FULL`.

Against Anki's answer on the same disk, in blocks taken in turn; both with 100,000 cards. Choosing
the card and building the answer are counted on neither side.
"""

from __future__ import annotations

import random
import shutil
import time
from datetime import datetime
from pathlib import Path

from app.paths import Paths
from app.progress.events import Answer
from app.progress.store import Store
from app.study.clock import Clock
from app.study.journal import Journal
from app.study.scheduling import Parameters
from app.study.views import Rating
from tests.benchmarks import anki_peer
from tests.benchmarks.large_home import copy_of, large_home
from tests.benchmarks.places import FOLDER, NOW
from tests.benchmarks.report import Row, median, ms, percentile

_ANSWERS = 2000
_BLOCK = 20
_MEDIAN_GOAL = 1.5
_TAIL_GOAL = 0.5
_RATINGS = (Rating.GOOD, Rating.GOOD, Rating.AGAIN, Rating.EASY)


def run() -> list[Row]:
    """The median's row and the tail's."""
    why = anki_peer.absent()
    home = copy_of(large_home(), "home-answers")
    try:
        return _measured(home, why)
    finally:
        shutil.rmtree(home)


def _measured(home: Path, why: str) -> list[Row]:
    with _Ours(home) as ours:
        if why:
            seconds = [one for _ in range(_ANSWERS // _BLOCK) for one in ours.answer(_BLOCK)]
            return _rows(seconds, None, why)
        collection = FOLDER / "anki-answers" / "collection.anki2"
        collection.parent.mkdir(exist_ok=True)
        shutil.copy(anki_peer.large_collection(), collection)
        mine, theirs = [], []
        with anki_peer.AnkiAnswers(collection, _ANSWERS + _BLOCK) as anki:
            ours.answer(_BLOCK)
            anki.answer(_BLOCK)
            for _ in range(_ANSWERS // _BLOCK):
                mine += ours.answer(_BLOCK)
                theirs += anki.answer(_BLOCK)
            about = ", ".join(f"{name} {value}" for name, value in anki.about.items())
        shutil.rmtree(collection.parent)
        return _rows(mine, theirs, f"Anki: {about}")


class _Ours:
    """The journal of a large home, answering what is due."""

    def __init__(self, home: Path) -> None:
        clock = Clock(datetime.fromisoformat(NOW))
        self._store = Store.open(Paths.inside(home).database, clock=clock)
        self._journal = Journal(self._store, clock, Parameters())
        due = [candidate.item for candidate in self._store.memories.due(clock.today())]
        random.Random(1).shuffle(due)
        known = self._store.items.known(due)
        self._due = iter([(item, known[item].name) for item in due])

    def __enter__(self) -> _Ours:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def answer(self, count: int) -> list[float]:
        """Answer that many due cards; the seconds of each."""
        seconds = []
        for n in range(count):
            item, name = next(self._due)
            answer = Answer("1.0.0", "", None, 12.5, 0, n, "{}")
            review = self._journal.new_id()
            # As a session does between answers; who reads the next card gives it time to end.
            self._store.checkpoint()
            self._store.settle()
            begun = time.perf_counter()
            self._journal.review(review, item, name, _RATINGS[n % 4], answer)
            seconds.append(time.perf_counter() - begun)
        return seconds


def _rows(mine: list[float], theirs: list[float] | None, note: str) -> list[Row]:
    rows = []
    for name, share, goal in (("median", 0.5, _MEDIAN_GOAL), ("p99", 0.99, _TAIL_GOAL)):
        measure = median if share == 0.5 else lambda values: percentile(list(values), 0.99)
        own = measure(mine)
        ratio = None if theirs is None else own / measure(theirs)
        rows.append(
            Row(
                f"durable answer, {name} of {len(mine)}",
                ms(own),
                "" if theirs is None else f"Anki {ms(measure(theirs))}",
                ratio,
                f"<= {goal}x",
                None if ratio is None else ratio <= goal,
                (note,) if name == "median" else (),
            )
        )
    return rows
