"""`kill -9` of the interface right after a verdict: what was shown as saved is saved.

The real program in a pseudo-terminal, on a real file database, with a real engine.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from contextlib import closing
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0
_EXERCISES = 60

_PACK = """\
id: kill
version: 1.0.0
title: Kill
languages: [en]
"""
_EXERCISE = """\
  - id: dense-{n}
    kind: number
    draw: {{a: {{from: 2, to: 9}}}}
    question: "How many parameters has `{{{{ code(layer) }}}}`?"
    let: {{layer: "Linear(a, {n})"}}
    measure: parameters(layer)
    solution: (a + 1) * {n}
"""


def _home(folder: Path) -> Path:
    pack = folder / "packs" / "kill"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(_PACK)
    exercises = "".join(_EXERCISE.format(n=n) for n in range(3, 3 + _EXERCISES))
    (pack / "dense.yaml").write_text(f"topic: kill.dense\ntitle: Dense\nexercises:\n{exercises}")
    (folder / "settings.json").write_text('{"language": "en", "new_per_day": 1000}')
    return folder


class _Terminal:
    """The interface in a pseudo-terminal of 80x24."""

    def __init__(self, home: Path) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        env = {**os.environ, "GRADUS_HOME": str(home), "TERM": "xterm-256color",
               "LANG": "C.UTF-8", "PYTHONPATH": str(_ROOT)}  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "study", "--topic", "kill.dense"],
            stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True, cwd=home,
        )  # fmt: skip
        os.close(slave)
        self.seen = b""

    def wait_for(self, *words: str) -> None:
        """Read until one of the words was painted since the last call."""
        end = time.monotonic() + _PATIENCE
        self.seen = b""
        while not any(word.encode() in self.seen for word in words):
            assert time.monotonic() < end, self.seen[-2000:].decode(errors="replace")
            ready, _, _ = select.select([self.master], [], [], 1.0)
            if ready:
                self.seen += os.read(self.master, 65536)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.master)


def _saved(home: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(home / "progress.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute(
            "SELECT id FROM event WHERE kind = 'review' ORDER BY counter"
        ).fetchall()


def _kill_after_each_verdict(home: Path, times: int) -> None:
    known: list[tuple[str, ...]] = []
    for round_ in range(1, times + 1):
        terminal = _Terminal(home)
        try:
            terminal.wait_for("How many parameters")
            terminal.type("1\r")
            terminal.wait_for("✗", "◆", "≈", "✓")
        finally:
            terminal.kill()
        saved = _saved(home)
        assert len(saved) == round_
        assert saved[: len(known)] == known
        known = saved


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a pseudo-terminal")
def test_two_kills_lose_nothing(tmp_path: Path) -> None:
    _kill_after_each_verdict(_home(tmp_path), 2)


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a pseudo-terminal")
def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    _kill_after_each_verdict(_home(tmp_path), 50)
