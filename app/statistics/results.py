"""What each statistic found, as frozen data: a picture, a page and JSON are made of these alone.

Promise: plain numbers and names, no words of a language but the titles that packs give. Every
number's definition stands with it. Days are study-day ordinals, shares lie between 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.statistics.periods import Bucket, Period, Span, Step
from content.pack import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: how far, and of which topic (`pack:topic`, None for all)."""

    period: Period
    span: Span
    topic: str | None = None
    title: Text = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Reviews in force on each study day of the span, the first day first."""

    asked: Asked
    reviews: tuple[int, ...]
    total: int
    days_studied: int
    longest_run: int
    """Most study days in a row with a review."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Items that come on each study day.

    `planned` counts each item once, on the day for which it stands (today what is overdue too).
    `expected` adds what a simulation expects on top: the same items coming again, and new ones at
    `new_per_day` for as long as there are any. `planned_held` and `expected_held` are the same with
    no more than `reviews_per_day` reviews on a day (None: no limit, or one topic alone, for which
    none holds); `waiting` is what each day leaves to the next.
    """

    asked: Asked
    planned: tuple[int, ...]
    expected: tuple[float, ...]
    new_per_day: int | None
    new_left: int
    steps: tuple[Bucket, ...]
    step: Step
    reviews_per_day: int | None
    planned_held: tuple[int, ...]
    expected_held: tuple[float, ...]
    waiting: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `of`, with the 95 % Wilson interval; all zero where `of` is."""

    right: int
    of: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Retention:
    """True retention as Anki defines it: of the first reviews of a day of items in day-long
    review, the share not rated Again. `young` items were expected to last less than 21 days
    (stability), `mature` ones longer."""

    asked: Asked
    desired: float
    all: Share
    young: Share
    mature: Share
    over_time: tuple[Share, ...]
    steps: tuple[Bucket, ...]
    step: Step


@dataclass(frozen=True, slots=True)
class TopicMastery:
    """A topic: `mastery` is the share of all its items expected to be recalled a week from now
    without further study (a new item counts 0), as on the home screen."""

    topic: str
    title: Text
    chapter: Text
    items: int
    met: int
    mastery: float


@dataclass(frozen=True, slots=True)
class Mastery:
    """Every topic of the packs, in the order of teaching."""

    asked: Asked
    topics: tuple[TopicMastery, ...]
    items: int
    met: int
    mastery: float
    """Of all items together, each weighing alike."""


@dataclass(frozen=True, slots=True)
class MistakeLine:
    """A named mistake, how often it was made, and how often in each step of the span."""

    mistake: str
    pack: str
    title: Text
    times: int
    over_time: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Named mistakes, the most frequent first. `rates` are mistakes per 100 exercises answered in
    each step (None where none was); `earlier` and `later` the same over the span's halves. Answers
    given for practice are counted apart: `practised` exercises with `practice_mistakes`."""

    asked: Asked
    lines: tuple[MistakeLine, ...]
    total: int
    exercises: int
    rates: tuple[float | None, ...]
    earlier: float | None
    later: float | None
    steps: tuple[Bucket, ...]
    step: Step
    practised: int
    practice_mistakes: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Answer times of one sort of item, in seconds."""

    answers: int
    median: float | None
    ninth: float | None
    """Nine of ten answers were given within it."""
    counts: tuple[int, ...]
    """Answers in each class of `Times.edges`."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took. A class goes from its edge to below the next one; the last is open."""

    asked: Asked
    edges: tuple[int, ...]
    cards: Pace
    exercises: Pace


@dataclass(frozen=True, slots=True)
class Stability:
    """Stabilities of items in day-long review: the days after which recall falls to 90 %."""

    asked: Asked
    edges: tuple[int, ...]
    counts: tuple[int, ...]
    items: int
    median: float | None
    mature: int
    """Items with a stability of at least 21 days."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Reviews whose predicted recall lies in one class, and what came of them."""

    low: float
    high: float
    predicted: float
    """Mean prediction."""
    observed: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """Predicted against observed recall, over the reviews that `Retention` counts.

    `log_loss` is the mean of -ln of the probability given to what happened; `chance` the same for
    somebody who always predicts the mean. `rmse` is the root of the mean squared distance between
    prediction and outcome by class, weighed by reviews.
    """

    asked: Asked
    bins: tuple[Bin, ...]
    reviews: int
    predicted: float | None
    observed: Share
    log_loss: float | None
    chance: float | None
    rmse: float | None


@dataclass(frozen=True, slots=True)
class Studied:
    """Seconds studied: the time of each answer, at most three times what its kind usually takes
    (20 s a card, 60 s an exercise), so that a screen left open does not count. What was answered
    for practice is part of all of it; `practised` and `practice_seconds` tell how much."""

    asked: Asked
    seconds: tuple[float, ...]
    total: float
    days_studied: int
    answers: int
    steps: tuple[Bucket, ...]
    step: Step
    practised: int
    practice_seconds: float


Result = (
    Calendar | Forecast | Retention | Mastery | Mistakes | Times | Stability | Calibration | Studied
)
