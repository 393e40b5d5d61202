"""From process start until the first card of a session, against hello world and headless Anki.

Both have 100,000 cards; the three are run in turn, and the goal is the sum of the two peers.
"""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import anki_peer
from tests.benchmarks.large_home import FRONT, large_home
from tests.benchmarks.places import GRADUS, environment
from tests.benchmarks.report import Row, median, ms, paired
from tests.benchmarks.start import hello
from tests.benchmarks.terminal import Terminal

_RUNS = 11


def run() -> list[Row]:
    """One row."""
    home = large_home()
    why = anki_peer.absent()
    collection = None if why else anki_peer.large_collection()
    ours, sums, floors, peers, resident = [], [], [], [], 0.0
    for n in range(_RUNS + 1):
        card, floor, peer = _until_card(home), hello(), 0.0
        if collection is not None:
            peer, resident = anki_peer.first_card(collection)
        if n:  # the first round warms caches
            ours.append(card)
            floors.append(floor)
            peers.append(peer)
            sums.append(floor + peer)
    against = f"hello {ms(median(floors))}"
    name = "start: first card of a session, 100,000 cards"
    if why:
        return [Row(name, ms(median(ours)), against, None, "<= hello + Anki", None, (why,))]
    ratio = paired(ours, sums)
    against += f" + Anki {ms(median(peers))} ({resident:.0f} MB)"
    return [Row(name, ms(median(ours)), against, ratio, "<= hello + Anki", ratio <= 1.0)]


def _until_card(home: Path) -> float:
    with Terminal((GRADUS, "study"), environment(home)) as terminal:
        return terminal.wait(FRONT)
