"""Frozen views that a drill hands to an interface (screens or plain lines).

Promise: plain data; every text in every language, so that the interface can switch language in
place. A report holds what was stored and what was measured again, nothing that a clock says now.
Must not import anything heavy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from content.pack import Text

if TYPE_CHECKING:
    from app.drill.setup import Setup
    from content.prepare import Prepared
    from engine.protocol import Failure
    from engine.verdict import Verdict

Stage = Literal["ask", "tick"]
Known = Literal["known", "partly", "not"]
"""What a person says of a card after its back was shown; typed as 1, 2, 3 or these words."""

KNOWN: tuple[Known, ...] = ("known", "partly", "not")


@dataclass(frozen=True, slots=True)
class Time:
    """The clocks, in seconds. Paused, away, measuring and reading a verdict do not count.

    `question_allowed` is 0 where a question has no time of its own. `closed`: the question's time
    is over and the style closes it; `over`: the round's time is over.
    """

    question_spent: float
    question_allowed: float
    round_spent: float
    round_allowed: float
    closed: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the round stands: numbers of questions."""

    answered: tuple[int, ...]
    skipped: tuple[int, ...]
    """Skipped and still open: they come back at the end, or by `go`."""
    flagged: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question on screen, measured and ready.

    `concept` questions (cards, `self`) are answered in free text or aloud: `reveal` stops the
    clock, then the points of a `self` exercise are ticked ("1 3", "0") or a card is said to be
    known, partly known or not. Where nothing is told before the end, `answer("", said=...)`
    keeps the words, and the question comes back in stage "tick" when the others are done.
    """

    number: int
    total: int
    name: str
    kind: str
    """"card" or the exercise's kind."""
    topic: str
    topic_title: Text
    level: int
    expected_seconds: int
    prepared: Prepared
    time: Time
    progress: Progress
    follows: int | None = None
    """The number of the question that this one follows up."""
    because: str = ""
    """"" (no follow-up), "next" (a step up) or "isolates" (what a mistake was about)."""
    concept: bool = False
    stage: Stage = "ask"
    said: str = ""
    """In stage "tick": the free text given before."""
    hints: bool = True
    """Whether hints are allowed."""
    calculator: bool = True
    """Whether an expression is read as a number."""
    returning: bool = False
    """True for a question that was skipped before."""


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """The engine could not measure the next question; nothing counts. Retry `next`, or `skip`."""

    number: int
    total: int
    name: str
    kind: str
    topic_title: Text
    failure: Failure


@dataclass(frozen=True, slots=True)
class Over:
    """No question is left: `end` gives the report. `reason`: "done", "time" or "left"."""

    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, already saved (unless unreadable: then the question stays open).

    `credit` is 0 to 1. `tries` counts the unreadable answers to this question so far. `closed`
    says that the answer came after the question's time was over, and so does not count.
    """

    verdict: Verdict | None
    credit: float
    tries: int = 0
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer saved without a word about it: the report tells."""


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """A question whose item is not what it was when the round was made."""

    number: int
    name: str
    open: bool
    """Still to be answered: going on replaces it. Otherwise the answer stands as it was given."""
    gone: bool
    """In no pack any more."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Packs changed since the round was made: `accept` goes on, `end` reports what there is.

    `packs` holds (id, version then, version now); "" where the pack is gone.
    """

    packs: tuple[tuple[str, str, str], ...]
    items: tuple[ChangedItem, ...]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in a list, `begun` on the learner's wall clock.

    `title` is a ready-made round's; empty where it is in no pack.
    """

    number: int
    begun: datetime
    setup: Setup
    title: Text
    ended: bool
    answered: int
    right: int
    asked: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and the Wilson interval (90 %) of the share."""

    right: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Level:
    """Ability on the scale of the items' levels, 1.0 to 3.0, with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one topic or one level."""

    id: str
    """"pack:topic", or the level as a digit."""
    title: Text
    share: Share
    credit: float
    """Mean over its questions."""
    questions: tuple[int, ...]
    mistakes: tuple[Text, ...] = ()
    """Titles of named mistakes, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """How confidence and truth agree; all 0 where confidence was never given."""

    sure: int = 0
    sure_right: int = 0
    unsure: int = 0
    unsure_right: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """One question of a report.

    `outcome`: "right", "close", "mistake", "wrong"; "left" (no answer) and "time" (its time ran
    out), which count as not known; "said" (never compared with its points) and "unmeasured" (the
    engine could not), which count for nothing.
    `prepared` and `verdict` are measured and judged again from what was stored; None where the
    item is gone, changed since or could not be measured. What was stored stands in any case.
    """

    number: int
    name: str
    kind: str
    topic: str
    """"pack:topic"."""
    topic_title: Text
    level: int
    outcome: str
    credit: float
    typed: str
    said: str
    truth: Text
    mistake: str | None
    mistake_title: Text
    seconds: float
    expected_seconds: int
    hints: int
    sure: bool | None
    flagged: bool
    follows: int | None
    because: str
    changed: bool = False
    """The item's text or formulas are not those that were asked."""
    prepared: Prepared | None = None
    verdict: Verdict | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to do next. `kind`: "study_topic" (target "pack:topic"), "repeat" (`items` with
    new numbers) or "read" (target a card's name). `count` items take about `minutes`."""

    kind: Literal["study_topic", "repeat", "read"]
    target: str
    title: Text
    count: int
    minutes: int
    items: tuple[str, ...] = ()
    cards: int = 0
    exercises: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier round with the same ready-made drill, or else the same style."""

    number: int
    begun: datetime
    right: int
    of: int
    level: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a round came to."""

    number: int
    begun: datetime
    ended: bool
    setup: Setup
    title: Text
    """The ready-made drill's; empty where the round was put together by hand."""
    reason: str
    """Why it ended: "done", "time" or "left"; empty while it goes on."""
    planned: int
    """Questions the round was to have; `results` holds those that were shown."""
    share: Share
    """Right of those shown and closed."""
    credit: float
    level: Level | None
    """None where nothing was answered."""
    seconds: float
    minutes: int
    """The round's length as set."""
    pace: float | None
    """Seconds spent per second expected, over what was answered; None where nothing was."""
    calibration: Calibration
    interruptions: int
    away_seconds: float
    topics: tuple[Part, ...]
    levels: tuple[Part, ...]
    results: tuple[Result, ...]
    advice: tuple[Advice, ...]
    earlier: tuple[Earlier, ...]
    """Oldest first, without this one."""
    changed: bool = False
    """Packs changed while the round stood, and the person went on."""
