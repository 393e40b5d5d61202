"""Frozen views that the study loop hands to an interface (screens or plain lines).

Promise: plain data; every text in every language, so that the interface can switch language in
place. Must not import anything heavy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from app.progress.events import PLAIN, Standing, Undone
from content.pack import Text

if TYPE_CHECKING:
    from content.prepare import Prepared
    from engine.protocol import Failure
    from engine.verdict import Verdict


class Rating(IntEnum):
    """How well the item was known."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Interval:
    """What a rating would do: the next due moment and the distance to it in seconds."""

    rating: Rating
    seconds: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """An item on screen, measured and ready. `intervals` has one entry per rating, 1 to 4."""

    name: str
    kind: str
    """"card" or the exercise's kind."""
    topic: str
    topic_title: Text
    level: int
    expected_seconds: int
    number: int
    """Position in this session, from 1: items met so far, this one included, each counted once.
    An item that comes back, and practice, keep the number as it was."""
    total: int
    """Items of this session, met and planned, each counted once."""
    is_new: bool
    prepared: Prepared
    intervals: tuple[Interval, ...]
    practice: bool = False
    """True for "again, new numbers" and for what is only repeated: answered, not scheduled."""
    returning: bool = False
    """True where the item was answered in this session already and came back."""
    early: bool = False
    """True where it comes before it is due: a review all the same."""
    resting: bool = False
    """True for practice that the choice of the session brought: the item is not due."""
    standing: Standing = PLAIN
    """Suspended, buried, flagged, noted."""


@dataclass(frozen=True, slots=True)
class Turned:
    """What an undo or a redo was about; `shown` is then on screen, None where the session goes on
    to its next item."""

    undone: Undone
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """The engine could not measure the next item; nothing is counted. Retry or skip."""

    name: str
    kind: str
    topic: str
    topic_title: Text
    number: int
    total: int
    failure: Failure
    text: Text | None = None
    """What is asked, where it holds no figure and so can be read all the same."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An exercise's verdict, already saved (unless unreadable or practice).

    `proposal` is the rating it counts as unless changed; `intervals` as in `Shown`.
    `event` is the saved review's id, None where nothing was saved. `lowered` is why a right
    answer counts as Hard: "hint" or "slow".
    """

    verdict: Verdict
    proposal: Rating | None
    intervals: tuple[Interval, ...]
    event: str | None
    lowered: str = ""

    def rated_up(self, rating: Rating) -> bool:
        """Whether that rating counts as known what was answered wrongly: allowed, but said."""
        return self.proposal is Rating.AGAIN and rating is not Rating.AGAIN


@dataclass(frozen=True, slots=True)
class Rated:
    """A saved rating and when the item comes back; `event` is empty for practice."""

    rating: Rating
    due: datetime
    event: str


@dataclass(frozen=True, slots=True)
class TopicResult:
    """One topic's line in the summary."""

    topic: str
    """`pack:topic`."""
    title: Text
    answered: int
    right: int
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a session came to. `seconds` is time spent on items."""

    answered: int
    right: int
    again: int
    new: int
    seconds: float
    topics: tuple[TopicResult, ...]
    due_left: int
    new_left: int
    next_due: datetime | None
    practised: int = 0
    """Answers that were not scheduled, of items that the choice brought though not due."""
    practised_right: int = 0
    over: str = ""
    """What ended the session before its items did: "minutes", "limit" or nothing."""


@dataclass(frozen=True, slots=True)
class Finished:
    """No item is left in this session."""

    summary: Summary


@dataclass(frozen=True, slots=True)
class RecurringMistake:
    """A named mistake made more than once lately in a topic."""

    id: str
    title: Text
    times: int


@dataclass(frozen=True, slots=True)
class TopicOverview:
    """A topic on the home screen.

    `mastery` is the share of all its items expected to be recalled a week from now without
    further study (a new item counts 0); `due` and `new` are today's, within the daily limits.
    """

    pack: str
    topic: str
    title: Text
    items: int
    due: int
    new: int
    mastery: float
    mistakes: tuple[RecurringMistake, ...] = ()


@dataclass(frozen=True, slots=True)
class ChapterOverview:
    """Topics taught together; its mastery weighs every item alike."""

    id: str
    title: Text
    topics: tuple[TopicOverview, ...]
    mastery: float
    pack_title: Text = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the home screen tells. Totals are the sums of the topics.

    `activity` is answers on the last seven study days, today last; `streak` study days in a row,
    `studied` seconds studied today;
    `next_due` when something comes back if nothing is due; `backlog` everything due, whatever the
    daily limit.
    """

    due: int
    new: int
    backlog: int
    minutes: int
    activity: tuple[int, ...]
    streak: int
    studied: int
    chapters: tuple[ChapterOverview, ...]
    next_due: datetime | None
