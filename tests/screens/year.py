"""A learner's months, written straight into the log: what the pictures of statistics are made of.

Promise: the same at every run; ratings follow from FSRS's own forgetting curve by a fixed chance,
so that retention and calibration say something; caches are rebuilt by the study loop's own replay.
"""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from app.paths import Paths
from app.progress.events import Answer, EventKind, NewEvent, new_id
from app.progress.store import Store
from app.study.clock import Clock, milliseconds
from app.study.doctor import rebuild
from app.study.scheduling import Memory, Phase, Scheduler
from app.study.session import DailyLimits, Study
from app.study.views import Rating
from content.compiled import PackLibrary, builtin_root
from engine.client import EngineClient
from tests.screens.history import NOW, SEED


def live_long(home: Path, engine: EngineClient, days: int = 200, new_a_day: int = 3) -> None:
    """Study on most of the days before `NOW`."""
    paths = Paths.inside(home)
    library = PackLibrary((builtin_root(),), paths.compiled_packs)
    clock = Clock(NOW)
    store = Store.open(paths.database, backups=paths.backups, clock=clock)
    study = Study(store, library, engine, clock, limits=DailyLimits(8, 40), seed=SEED)
    scheduler = study.journal.scheduler
    parameters = store.log.parameters()[-1][0]
    chance = random.Random(SEED)
    mistakes = [mistake for pack in library.manifests() for mistake in pack.mistakes][:6]
    fresh = [item.item for item in store.memories.fresh()]
    known = store.items.known(fresh)
    memories: dict[int, Memory] = {}
    with store.transaction():
        for ago in range(days, 0, -1):
            if chance.random() < (0.5 if ago % 7 < 2 else 0.12):
                continue
            moment = milliseconds(clock.now() - timedelta(days=ago))
            day = clock.today() - ago
            due = [item for item, memory in memories.items() if memory.due_day <= day]
            for item in [*due[:60], *fresh[:new_a_day]]:
                kind = known[item].kind
                while True:
                    moment += 20_000
                    before = memories.get(item)
                    rating = _rating(before, day, scheduler, chance)
                    event = new_id(moment, chance.getrandbits)
                    memories[item] = scheduler.after(before, rating, event, moment, day)
                    wrong = rating is Rating.AGAIN and kind != "card"
                    store.log.append(
                        NewEvent(
                            id=event,
                            at=moment,
                            day=day,
                            kind=EventKind.REVIEW,
                            item=known[item].name,
                            rating=int(rating),
                            answer=Answer(
                                pack_version="1.0.0",
                                content_hash="",
                                proposed=None,
                                seconds=round(chance.lognormvariate(2.3, 0.7)
                                              * (1 if kind == "card" else 3), 1),
                                hints=0,
                                seed=0,
                                draw="{}",
                                mistake=chance.choice(mistakes) if wrong else None,
                                parameters=parameters,
                            ),
                        )
                    )  # fmt: skip
                    if memories[item].phase is Phase.REVIEW:
                        break
            del fresh[:new_a_day]
    rebuild(store, clock, paths.backups)
    study.close()
    library.close()


def _rating(memory: Memory | None, day: int, scheduler: Scheduler, chance: random.Random) -> Rating:
    if memory is None:
        return Rating(chance.choices((1, 2, 3, 4), (0.2, 0.1, 0.6, 0.1))[0])
    if memory.phase is not Phase.REVIEW:
        return Rating.GOOD
    if chance.random() > scheduler.retrievability(memory, day) - 0.02:
        return Rating.AGAIN
    return Rating(chance.choices((2, 3, 4), (0.1, 0.8, 0.1))[0])
