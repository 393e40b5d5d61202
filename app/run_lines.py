"""A training run after an answer, line by line: its progress, its curve, how it went.

Promise: one thing a line, no cursor movement, no colour; the words come before the curve, for
those who hear them. Ctrl-C calls off the run and nothing else. Must not judge and must not save.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.lab.drawing import drawn, names_in
from app.lab.telling import progress_words, runs_told
from app.lab.whatif import run_of
from content.text.pictures import described, picture_of
from engine.messages import describe
from engine.protocol import Failure

if TYPE_CHECKING:
    from app.lab.session import Entry, LabSession
    from app.locale import Locale
    from content.prepare import Prepared
    from engine.client import EngineClient
    from engine.protocol import Progress

_WIDTH = 76
_HEIGHT = 14
_EVERY = 1.0
"""Seconds between two lines of progress."""
_WAIT = 0.2
"""With a time limit, for on Windows a wait without one is deaf to Ctrl-C."""

Tell = Callable[[str], None]


def follow_run(
    prepared: Prepared,
    engine: EngineClient,
    say: Locale,
    tell: Tell,
    *,
    ascii_only: bool = False,
    bare: bool = False,
) -> None:
    """Train what the item's `run` asks for and tell of it; nothing where it asks for none.

    Words alone where `bare`.
    """
    source = prepared.exercise.run
    if source is None:
        return
    tell(say("plain.run"))
    session, entry = run_of(prepared, source)
    _measure(session, entry, engine, say, tell)
    for line in _told(entry, say, ascii_only=ascii_only, bare=bare):
        tell(line)


def _measure(
    session: LabSession, entry: Entry, engine: EngineClient, say: Locale, tell: Tell
) -> None:
    """Until the run has ended; where it takes long, a line now and then says how far it is."""
    ticket, job = session.ask(entry)

    def progressed(word: Progress) -> None:
        session.progressed(entry, ticket, word)

    future = engine.submit(job, on_progress=progressed)
    told_at, told_step = time.monotonic(), (0, 0)
    while True:
        try:
            outcome = future.result(_WAIT)
            break
        except TimeoutError:
            step = entry.run, entry.step
            if time.monotonic() - told_at >= _EVERY and step != told_step and entry.points:
                told_at, told_step = time.monotonic(), step
                tell("  " + progress_words(entry, say))
        except KeyboardInterrupt:
            engine.cancel(future)
    session.settle(entry, ticket, outcome)


def _told(entry: Entry, say: Locale, *, ascii_only: bool, bare: bool) -> Iterator[str]:
    value = entry.value
    if entry.cancelled:
        far = progress_words(entry, say) if entry.points else ""
        yield "  " + (say("plain.run-stopped-at", far=far) if far else say("plain.run-stopped"))
        return
    if isinstance(value, Failure):
        yield "  " + describe(value, say.language)
        return
    names = names_in(entry.source)
    for words in runs_told(value, say, names):
        yield "  " + words
    picture = picture_of(value, names)
    if picture is None:
        return
    yield "  " + described(picture, say.language)
    if bare:
        return
    rows = drawn(value, _WIDTH, _HEIGHT, say.language, ascii_only=ascii_only, names=names)
    for row in rows:
        yield "".join(span.text for span in row).rstrip()
