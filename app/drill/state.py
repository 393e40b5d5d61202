"""What a round's steps amount to: its questions, what became of them, its clocks.

Promise: `replay` is a pure function of the stored round and its steps; what it says is all that is
known of a round. Must not read a store, a pack or a clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.drill.choosing import Asked, Given
from app.drill.setup import Setup
from app.progress.events import StepKind
from app.progress.rounds import RoundClock, Step, StoredRound
from content.pack import Text

Standing = Literal[
    "open", "skipped", "said", "answered", "left", "time", "unmeasured", "uncompared"
]
"""open: on screen. skipped: comes back. said: spoken, to be compared with the points. The others
are for good: answered, left without an answer, out of time, not to be measured, never compared."""

CLOSED: frozenset[Standing] = frozenset({"answered", "left", "time", "unmeasured", "uncompared"})
COUNTED: frozenset[Standing] = frozenset({"answered", "left", "time"})
"""What a score counts."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A question fixed when the round was made, and which text of its item was meant."""

    asked: Asked
    content_hash: str


@dataclass(frozen=True, slots=True)
class Made:
    """What the packs were when the round was made (or when their change was accepted)."""

    key: str
    versions: Mapping[str, str]
    questions: int
    plan: tuple[Planned, ...] = ()

    def to_json(self) -> str:
        """As `from_json` reads it."""
        return json.dumps(
            {
                "key": self.key,
                "versions": dict(self.versions),
                "questions": self.questions,
                "plan": [[*_plain(one.asked), one.content_hash] for one in self.plan],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Made:
        """What `to_json` wrote."""
        stored = json.loads(text)
        plan = tuple(Planned(Asked(*row[:-1]), row[-1]) for row in stored["plan"])
        return cls(stored["key"], stored["versions"], stored["questions"], plan)


def _plain(asked: Asked) -> tuple[int, str, int, int | None, str]:
    return asked.number, asked.name, asked.seed, asked.follows, asked.because


@dataclass(slots=True)
class QuestionState:
    """A question that was shown, as its last step left it."""

    asked: Asked
    content_hash: str
    kind: str
    topic: str
    topic_title: Text
    level: int
    expected_seconds: int
    standing: Standing = "open"
    returned: bool = False
    flagged: bool = False
    seconds: float = 0.0
    hints: int = 0
    typed: str = ""
    said: str = ""
    sure: bool | None = None
    verdict: str = ""
    mistake: str | None = None
    mistake_title: Text = ""
    credit: float = 0.0
    truth: Text = ""

    def given(self) -> Given:
        """As the chooser sees it."""
        right = self.verdict == "right" if self.standing == "answered" else None
        return Given(self.asked, right, self.credit, self.mistake)


@dataclass(slots=True)
class RoundState:
    """A round as its steps tell it."""

    number: int
    at: int
    setup: Setup
    luck: int
    language: str
    made: Made
    questions: list[QuestionState] = field(default_factory=list)
    round_seconds: float = 0.0
    steps: int = 0
    """How many steps led here."""
    last_at: int = 0
    """When the last thing is known to have happened."""
    paused: bool = False
    ended: str = ""
    """Why it ended; empty while it has not."""
    interruptions: int = 0
    away_seconds: float = 0.0
    changed: bool = False

    def question(self, number: int) -> QuestionState:
        """The question of that number; KeyError where it was never shown."""
        for one in self.questions:
            if one.asked.number == number:
                return one
        raise KeyError(number)

    @property
    def open(self) -> QuestionState | None:
        """The question on screen."""
        return next((one for one in self.questions if one.standing == "open"), None)

    def numbers(self, *standings: Standing) -> tuple[int, ...]:
        """The questions that stand so."""
        return tuple(one.asked.number for one in self.questions if one.standing in standings)


def replay(stored: StoredRound, steps: Iterable[Step], clock: RoundClock | None) -> RoundState:
    """The round after these steps. Raises ValueError or KeyError where they make no round."""
    state = RoundState(
        number=stored.number,
        at=stored.at,
        setup=Setup.from_json(stored.setup),
        luck=stored.luck,
        language=stored.language,
        made=Made.from_json(stored.packs),
        last_at=stored.at,
    )
    for step in steps:
        apply(state, step)
    if clock is not None:
        state.last_at = max(state.last_at, clock.at)
        state.round_seconds = max(state.round_seconds, clock.round_seconds)
        if clock.question is not None and clock.question in state.numbers("open"):
            shown = state.question(clock.question)
            shown.seconds = max(shown.seconds, clock.question_seconds)
    return state


def apply(state: RoundState, step: Step) -> None:
    """Let one more step have happened."""
    payload: dict[str, Any] = json.loads(step.payload)
    state.steps += 1
    state.last_at = max(state.last_at, step.at)
    state.round_seconds = max(state.round_seconds, payload.get("clock", 0.0))
    if step.kind is StepKind.PAUSED:
        state.paused = True
    elif step.kind is StepKind.RESUMED:
        _resumed(state, payload)
    elif step.kind is StepKind.ENDED:
        state.ended = payload["reason"]
    elif step.question is not None:
        _of_question(state, step, step.question, payload)


def _resumed(state: RoundState, payload: Mapping[str, Any]) -> None:
    state.paused = False
    state.interruptions += 1
    state.away_seconds += payload["away"]
    if "packs" in payload:
        state.made = Made.from_json(json.dumps(payload["packs"]))
        state.changed = True


def _of_question(state: RoundState, step: Step, number: int, payload: Mapping[str, Any]) -> None:
    if step.kind is StepKind.ASKED:
        _asked(state, number, payload)
        return
    question = state.question(number)
    if step.kind in (StepKind.FLAGGED, StepKind.UNFLAGGED):
        question.flagged = step.kind is StepKind.FLAGGED
    elif step.kind is StepKind.SKIPPED:
        question.seconds = payload["seconds"]
        question.standing = payload["why"]
    elif step.kind is StepKind.ANSWERED:
        question.standing = "said" if payload["pending"] else "answered"
        for name in _ANSWER:
            if name in payload:
                setattr(question, name, payload[name])


_ANSWER = (
    "seconds", "hints", "typed", "said", "sure", "verdict", "mistake", "mistake_title", "credit",
    "truth",
)  # fmt: skip


def _asked(state: RoundState, number: int, payload: Mapping[str, Any]) -> None:
    known = next((one for one in state.questions if one.asked.number == number), None)
    if payload.get("again"):
        if known is None:
            raise KeyError(number)
        known.standing, known.returned = "open", True
        return
    fresh = QuestionState(
        asked=Asked(
            number, payload["name"], payload["seed"], payload["follows"], payload["because"]
        ),
        content_hash=payload["hash"],
        kind=payload["kind"],
        topic=payload["topic"],
        topic_title=payload["topic_title"],
        level=payload["level"],
        expected_seconds=payload["expected"],
    )
    if known is None:
        state.questions.append(fresh)
    else:  # it took the place of one whose item had changed
        state.questions[state.questions.index(known)] = fresh
