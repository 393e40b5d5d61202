"""Anki, the peer: its headless backend in an environment of its own, asked through pipes.

Promise: Gradus never depends on it; where it cannot be installed (`absent` says why) the ratios
are skipped. Its collection has as many cards as ours, scheduled by FSRS. Must not be imported by
the program.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.benchmarks.places import FOLDER, HERE, environment

CARDS = 100_000
_ENVIRONMENT = FOLDER / "anki"
_PYTHON = _ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_CHILD = str(HERE / "anki_child.py")
_VERSION = 1
"""Count it up when what is generated changes."""


@cache
def absent() -> str:
    """Why there is no Anki; empty if there is one."""
    if _importable():
        return ""
    sys.stderr.write("installing anki into .benchmarks/anki ...\n")
    words = [str(_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "anki"]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(_ENVIRONMENT)], check=True, timeout=120)
        subprocess.run(words, check=True, timeout=240)
    except (OSError, subprocess.SubprocessError) as problem:
        return f"anki could not be installed: {problem}"
    return "" if _importable() else "anki was installed and cannot be imported"


def _importable() -> bool:
    try:
        done = subprocess.run([str(_PYTHON), "-c", "import anki.collection"], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def large_collection() -> Path:
    """A collection of 100,000 cards, reviewed and due; made once."""
    path = FOLDER / f"anki-{_VERSION}" / "collection.anki2"
    if not path.exists():
        for old in FOLDER.glob("anki-*"):
            shutil.rmtree(old)
        path.parent.mkdir(parents=True)
        begun = time.perf_counter()
        sys.stderr.write("generating Anki's 100,000 cards ...\n")
        partial = path.with_name("partial.anki2")
        words = [str(_PYTHON), _CHILD, "make", str(partial), str(CARDS)]
        subprocess.run(words, check=True, env=environment())
        partial.replace(path)
        sys.stderr.write(f"  {time.perf_counter() - begun:.0f} s\n")
    return path


def first_card(collection: Path) -> tuple[float, float]:
    """(seconds from process start until the first card's text is there, resident MB)."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [str(_PYTHON), _CHILD, "first", str(collection)], stdout=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        seconds = time.perf_counter() - begun
        process.kill()
    return seconds, said["resident"]


class AnkiAnswers:
    """A running Anki that answers cards when told to."""

    def __init__(self, collection: Path, most: int) -> None:
        self._process = subprocess.Popen(
            [str(_PYTHON), _CHILD, "answer", str(collection), str(most)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
        )
        self.about: dict[str, Any] = self._hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()

    def answer(self, count: int) -> list[float]:
        """Answer that many cards; the seconds of each."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{count}\n".encode())
        self._process.stdin.flush()
        seconds: list[float] = self._hear()["seconds"]
        return seconds

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        heard: dict[str, Any] = json.loads(self._process.stdout.readline())
        return heard
