"""A statistic as it is shown: pictures, the sentences that say the same, what each number means.

Promise: the terminal, the page and the plain text are made of this alone; words are in one
language. Must not draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.locale import Locale
from app.statistics.periods import Bucket, Step
from app.statistics.results import Asked
from content.pack import in_language
from content.text.clean import clean_line
from content.text.pictures import Calendar, Columns, Meters
from engine.values import Curves

Drawn = Calendar | Columns | Meters | Curves


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; the first column holds names, the others numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One statistic. With `empty` there is nothing to draw, and it says what to do.

    `defined` says what each number means, `legend` what signs of the drawing mean.
    """

    name: str
    title: str
    range: str
    said: tuple[str, ...] = ()
    pictures: tuple[Drawn, ...] = ()
    table: Table | None = None
    defined: tuple[str, ...] = ()
    legend: tuple[str, ...] = ()
    empty: str = ""


def range_words(kind: str, asked: Asked, say: Locale) -> str:
    """How far it looks, and at which topic."""
    if kind in ("mastery", "stability"):
        when = say("stats.today")
    else:
        way = "ahead" if kind == "forecast" else "back"
        when = say(f"stats.{way}.{asked.period}")
    return f"{when} · {topic_words(asked, say)}"


def topic_words(asked: Asked, say: Locale) -> str:
    """The topic's title, or that it is all of them."""
    if asked.topic is None:
        return say("stats.all-topics")
    return clean_line(in_language(asked.title, say.language)) or asked.topic


def counted(name: str, count: int, say: Locale) -> str:
    """1,234 reviews, 1 day."""
    return say(f"stats.{name}", n=count, count=say.number(count))


def percent(value: float, digits: int = 0) -> str:
    """0.873 as 87%."""
    return f"{100 * value:.{digits}f}%"


def spent(seconds: float, say: Locale) -> str:
    """A time as a person says it."""
    whole = round(seconds)
    if whole < 60:
        return say("stats.spent.seconds", seconds=whole)
    minutes = round(seconds / 60)
    if minutes < 60:
        return say("stats.spent.minutes", minutes=minutes)
    return say("stats.spent.hours", hours=minutes // 60, minutes=minutes % 60)


def short_date(day: int, say: Locale) -> str:
    """20 Nov, 11月20日."""
    found = date.fromordinal(day)
    return say("stats.short-date", day=found.day, month=say(f"study.month.{found.month}"))


def full_date(day: int, say: Locale) -> str:
    """20 Nov 2026, 2026年11月20日."""
    found = date.fromordinal(day)
    month = say(f"study.month.{found.month}")
    return say("stats.full-date", day=found.day, month=month, year=found.year)


def bucket_labels(buckets: tuple[Bucket, ...], step: Step, say: Locale) -> tuple[str, ...]:
    """What stands below each column: the day, the week's first day, the month or the quarter."""
    return tuple(_label(one, step, say) for one in buckets)


def _label(bucket: Bucket, step: Step, say: Locale) -> str:
    day = date.fromordinal(bucket.first)
    if step is Step.MONTH:
        return f"{day.year}-{day.month:02}"
    if step is Step.QUARTER:
        return f"{day.year} Q{(day.month + 2) // 3}"
    return short_date(bucket.first, say)


def weekday_names(say: Locale) -> tuple[str, ...]:
    """Monday first."""
    return tuple(say(f"study.weekday.{n}") for n in range(7))


def month_names(say: Locale) -> tuple[str, ...]:
    """January first."""
    return tuple(say(f"study.month.{n}") for n in range(1, 13))
