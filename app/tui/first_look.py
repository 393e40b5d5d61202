"""The glance at the progress file that home is painted from, begun while Textual is imported.

Promise: asks the file once; an error in the thread appears where the result is asked for. Must not
import Textual, nor anything heavy.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.paths import Paths
    from app.progress.glance import Glance
    from app.settings import Settings
    from app.study.clock import Clock

Look = Callable[[], "Glance | None"]


def look(paths: Paths, settings: Settings, clock: Clock) -> Glance | None:
    """Today's counts; None where only the store can say."""
    from app.calendar import calendar_of, goal_of
    from app.progress.glance import glance
    from app.study.clock import milliseconds

    return glance(
        paths.database,
        clock.today(),
        new_per_day=settings.daily_new,
        reviews_per_day=settings.reviews_per_day,
        now=milliseconds(clock.now()),
        calendar=calendar_of(settings),
        goal=goal_of(settings),
    )


def look_ahead(paths: Paths, settings: Settings, clock: Clock) -> Look:
    """Begin to look in a thread of its own; the result waits for it."""
    seen: list[Glance | None] = []
    problems: list[Exception] = []

    def run() -> None:
        try:
            seen.append(look(paths, settings, clock))
        except Exception as problem:  # handed to whoever asks for the result
            problems.append(problem)

    thread = Thread(target=run, name="first-look", daemon=True)
    thread.start()

    def result() -> Glance | None:
        thread.join()
        if problems:
            raise problems[0]
        return seen[0]

    return result
