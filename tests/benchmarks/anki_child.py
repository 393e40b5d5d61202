"""Run by Anki's own Python: `make PATH COUNT`, `first PATH`, `answer PATH COUNT`.

Promise: one JSON object a line. Knows nothing of Gradus.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from anki.collection import Collection


def say(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def make(path: str, count: int) -> None:
    from anki.collection import AddNoteRequest

    collection = Collection(path)
    collection.set_config("fsrs", True)
    basic = collection.models.by_name("Basic")
    deck = collection.decks.id("Facts")
    requests = []
    for n in range(count):
        note = collection.new_note(basic)
        note["Front"] = f"What is fact {n}?"
        note["Back"] = f"It follows from fact {n - 1}."
        requests.append(AddNoteRequest(note=note, deck_id=deck))
    collection.add_notes(requests)
    today = collection.sched.today
    # Nine tenths reviewed once, a tenth of these due, with FSRS's memory states.
    collection.db.execute(
        "update cards set type = 2, queue = 2, ivl = 30, factor = 2500, reps = 11, due = ? - 7"
        ' + (id * 7919) % 100, data = \'{"s":30.0,"d":5.0,"dr":0.9}\' where id % 10 <> 0',
        today,
    )
    collection.close()


def allow(collection: Collection, reviews: int) -> None:
    """So many reviews a day; Anki's own 200, which the first card is shown under, would run out."""
    settings = collection.decks.config_dict_for_deck_id(collection.decks.id("Facts"))
    settings["rev"]["perDay"] = reviews
    settings["new"]["perDay"] = 0
    collection.decks.update_config(settings)


def first(path: str) -> None:
    collection = Collection(path)
    collection.decks.select(collection.decks.id("Facts"))
    card = collection.sched.getCard()
    text = card.question()
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    say(text=text, resident=int(line.split()[1]) * 1024 / 1e6)


def answer(path: str, count: int) -> None:
    collection = Collection(path)
    allow(collection, count)
    collection.decks.select(collection.decks.id("Facts"))
    from anki.buildinfo import version

    say(
        version=version,
        synchronous=collection.db.scalar("pragma synchronous"),
        journal=collection.db.scalar("pragma journal_mode"),
        fsrs=bool(collection.get_config("fsrs")),
    )
    for line in sys.stdin:
        seconds = []
        for n in range(int(line)):
            # The queue's look-up is not the answer's; Gradus's is not counted either.
            queued = collection.sched.get_queued_cards(fetch_limit=1).cards[0]
            card = collection.get_card(queued.card.id)
            card.start_timer()
            built = collection.sched.build_answer(
                card=card, states=queued.states, rating=(2, 2, 1, 3)[n % 4]
            )
            begun = time.perf_counter()
            collection.sched.answer_card(built)
            seconds.append(time.perf_counter() - begun)
        say(seconds=seconds)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1] == "first":
        first(sys.argv[2])
    else:
        answer(sys.argv[2], int(sys.argv[3]))
