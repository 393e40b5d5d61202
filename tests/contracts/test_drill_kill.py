"""A round whose process is killed loses no answered question, whatever the moment."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

PLAYER = """
import os, sys
from pathlib import Path
from app.drill.rounds import DrillRound
from app.drill.setup import Setup
from app.drill.views import Over
from app.progress import store
from app.study.clock import Clock
from app.study.session import Study
from content.compiled import PackLibrary

store._CHECKPOINT_ROWS = 4  # write back often, so that a kill may meet it

def play(database, packs):
    study = Study(store.Store.open(Path(database), clock=Clock()), PackLibrary([Path(packs)], None),
                  None, Clock())
    with study.store.reading():
        last = max((one.number for one in study.store.rounds.all()), default=0)
    try:
        drill = DrillRound.resume(study, last)
    except KeyError:
        drill = DrillRound.begin(study, Setup(questions=12, minutes=60, kinds=("card",)))
    while not isinstance(shown := drill.next(), Over):
        drill.reveal()
        drill.answer(str(1 + shown.number % 3), said="said")
        print(f"answered {drill.number} {shown.number}", flush=True)
    drill.end()
    print(f"ended {drill.number}", flush=True)

for line in sys.stdin:  # a fork is a process of its own, and begins at once
    child = os.fork()
    if child == 0:
        while True:
            play(*line.split())
    print(f"child {child}", flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


@contextmanager
def player() -> Iterator[subprocess.Popen[str]]:
    """A process that forks a child for each line it is given."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", PLAYER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
@pytest.mark.parametrize(
    "moments", [6, pytest.param(30, marks=pytest.mark.slow)], ids=["few", "thirty"]
)
def test_a_killed_round_loses_no_answer(tmp_path: Path, moments: int) -> None:
    from app.progress.store import Store
    from app.study.clock import Clock
    from app.study.doctor import verify

    pack = tmp_path / "packs" / "demo"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "id: demo\nversion: 1.0.0\ntitle: Demo\nlanguages: [en]\n", "utf-8"
    )
    cards = "\n".join(f"- {{id: c{n}, front: What is {n}?, back: It is.}}" for n in range(20))
    (pack / "a.yaml").write_text(f"topic: a\ntitle: About a\ncards:\n{cards}\n", "utf-8")
    database = tmp_path / "progress.sqlite"
    told: set[tuple[int, int]] = set()
    ended: set[int] = set()
    with player() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        chance = random.Random(moments)
        for _ in range(moments):
            print(f"{database} {tmp_path / 'packs'}", file=process.stdin, flush=True)
            child = 0
            answered = 0
            wanted = chance.randrange(1, 9)
            while not child or answered < wanted:  # child and parent write in any order
                words = process.stdout.readline().split()
                child = int(words[1]) if words[0] == "child" else child
                answered += words[0] == "answered"
                _note(words, told, ended)
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            while (words := process.stdout.readline().split()) != ["gone"]:
                _note(words, told, ended)
            _holds(database, tmp_path, told, ended)
    assert len(told) >= moments
    store = Store.open(database, clock=Clock())
    assert verify(store).sound
    store.close()


def _note(words: list[str], told: set[tuple[int, int]], ended: set[int]) -> None:
    if words and words[0] == "answered" and len(words) == 3:
        told.add((int(words[1]), int(words[2])))
    elif words and words[0] == "ended" and len(words) == 2:
        ended.add(int(words[1]))


def _holds(database: Path, folder: Path, told: set[tuple[int, int]], ended: set[int]) -> None:
    """What was told is in the file (and in a copy, as after a loss of power), with its review."""
    copy = folder / "copy.sqlite"
    for suffix in ("", "-wal"):
        source = Path(f"{database}{suffix}")
        if source.exists():
            shutil.copy(source, f"{copy}{suffix}")
    for path in (database, copy):
        with closing(sqlite3.connect(path)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = {
                (round_, question): event
                for round_, question, event in file.execute(
                    "SELECT round, question, event FROM drill_step WHERE kind = 'answered'"
                )
            }
            events = {row[0] for row in file.execute("SELECT id FROM event WHERE kind = 'review'")}
            over = {
                row[0] for row in file.execute("SELECT round FROM drill_step WHERE kind = 'ended'")
            }
        assert told <= kept.keys()
        assert set(kept.values()) == events
        assert len(events) == len(kept)
        assert ended <= over
    for suffix in ("", "-wal", "-shm"):
        Path(f"{copy}{suffix}").unlink(missing_ok=True)
