"""What was shown as saved is saved, whatever ends the process."""

from __future__ import annotations

import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from study_desk import ScriptedEngine, cards, write_pack

from app.progress.store import Store
from app.study.clock import Clock
from app.study.doctor import verify
from app.study.session import DailyLimits, Study
from content.compiled import PackLibrary

ROUNDS = 4

LEARNER = """
import sys
from pathlib import Path
from app.progress import store
from app.study.clock import Clock
from app.study.session import DailyLimits, Study
from app.study.views import Rating
from content.compiled import PackLibrary

store._CHECKPOINT_ROWS = 4  # write back often, so that a kill may meet it
study = Study(
    store.Store.open(Path(sys.argv[1]), clock=Clock()), PackLibrary([Path(sys.argv[2])], None),
    None, Clock(), limits=DailyLimits(new=None, reviews=None),
)
session = study.begin()
count = 0
while True:
    session.next()
    rated = session.rate(Rating(1 + count % 3), hints=0, seconds=1.0)
    print(rated.event, flush=True)
    count += 1
    if count % 5 == 0:
        session.undo()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_a_killed_process_loses_nothing_it_has_shown(database: Path, tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "packs" / "demo", {"a": cards(*(f"c{n}" for n in range(30)))})
    shown: set[str] = set()
    for seed in range(ROUNDS):
        shown |= _study_until_killed(database, pack, random.Random(seed).uniform(0.05, 0.5))
        with closing(sqlite3.connect(database)) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = {row[0] for row in file.execute("SELECT id FROM event WHERE kind = 'review'")}
            answers = file.execute("SELECT count(*) FROM answer").fetchone()[0]
        assert shown <= kept
        assert answers == len(kept)
    assert len(shown) > ROUNDS
    study = Study(
        Store.open(database, clock=Clock()),
        PackLibrary([pack], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        Clock(),
        limits=DailyLimits(),
    )
    assert verify(study.store).sound
    assert study.undo() is not None
    study.close()


def _study_until_killed(database: Path, pack: Path, seconds: float) -> set[str]:
    """Ids that the process had printed when it was killed, that long after its first answer."""
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", LEARNER, str(database), str(pack)],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stdout is not None
    with process.stdout as stream:
        ready, _, _ = select.select([stream], [], [], 120)
        assert ready, "the learner never answered"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        lines = stream.read().decode().split("\n")
    return set(lines[:-1])  # what follows the last line break was not shown whole
