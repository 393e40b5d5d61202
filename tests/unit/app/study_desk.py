"""What a learner's desk needs in tests: a clock moved by hand, an engine by script, packs."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.study.clock import Clock
from engine.protocol import Job, Outcome


class HandClock(Clock):
    """Time that moves only when told to; Berlin, so that summer time exists."""

    def __init__(self, start: datetime) -> None:
        self.seconds = 0.0
        super().__init__(start, zone=ZoneInfo("Europe/Berlin"), ticks=lambda: self.seconds)

    @classmethod
    def at_nine(cls) -> HandClock:
        """Monday 2 March 2026, nine in the morning in Berlin."""
        return cls(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))

    def forward(self, *, days: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        self.seconds += days * 86_400 + minutes * 60 + seconds


class ScriptedEngine:
    """Answers jobs with what a test says, in place of a worker process."""

    def __init__(self, *outcomes: Outcome | None) -> None:
        self.outcomes = list(outcomes)
        self.jobs: list[Job] = []
        self.waiting: list[Future[Outcome]] = []

    def submit(self, job: Job) -> Future[Outcome]:
        """The next outcome; None leaves the caller waiting."""
        self.jobs.append(job)
        future: Future[Outcome] = Future()
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is None:
            self.waiting.append(future)
        else:
            future.set_result(outcome)
        return future


def write_pack(folder: Path, topics: Mapping[str, str], manifest: str = "") -> Path:
    """A pack named like its folder; a topic's text is what follows `topic:` and `title:`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(
        f"id: {folder.name}\nversion: 1.0.0\ntitle: Test\nlanguages: [en]\n{manifest}"
    )
    for name, text in topics.items():
        (folder / f"{name}.yaml").write_text(f"topic: {name}\ntitle: About {name}\n{text}")
    return folder


def cards(*ids: str, extra: str = "") -> str:
    """YAML of plain cards, which need no engine."""
    lines = (
        f"- {{id: {name}, front: What is {name}?, back: 'It is {name}.{extra}'}}" for name in ids
    )
    return "\n".join(("cards:", *lines)) + "\n"
