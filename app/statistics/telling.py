"""Results as figures: activity, what is ahead, mistakes and time. Memory is told next door.

Promise: every number on a figure is defined in a sentence of the same figure; what the picture
says is also said in words. Must not draw or count.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from app.locale import Locale
from app.statistics.figure import (
    Drawn,
    Figure,
    bucket_labels,
    counted,
    month_names,
    range_words,
    spent,
    weekday_names,
)
from app.statistics.periods import gathered
from app.statistics.results import (
    Asked,
    Calendar,
    Calibration,
    Forecast,
    Mastery,
    Mistakes,
    Result,
    Retention,
    Stability,
    Studied,
    Times,
)
from app.statistics.telling_memory import calibration, mastery, retention, stability, times
from content.pack import in_language
from content.text import pictures

_MISTAKES_SHOWN = 10
_SPARKS = "·▁▂▃▄▅▆▇█"
_SPARKS_SHOWN = 15


def figure(result: Result, say: Locale) -> Figure:
    """The result in that language."""
    if isinstance(result, Calendar):
        return _calendar(result, say)
    if isinstance(result, Forecast):
        return _forecast(result, say)
    if isinstance(result, Retention):
        return retention(result, say)
    if isinstance(result, Mastery):
        return mastery(result, say)
    if isinstance(result, Mistakes):
        return _mistakes(result, say)
    if isinstance(result, Times):
        return times(result, say)
    if isinstance(result, Stability):
        return stability(result, say)
    if isinstance(result, Calibration):
        return calibration(result, say)
    return _studied(result, say)


def _empty(kind: str, asked: Asked, say: Locale) -> Figure:
    return Figure(
        kind,
        say(f"stats.kind.{kind}"),
        range_words(kind, asked, say),
        empty=say(f"stats.{kind}.empty"),
    )


def _calendar(found: Calendar, say: Locale) -> Figure:
    if not found.total:
        return _empty("calendar", found.asked, say)
    span = found.asked.span
    most = max(found.reviews)
    busiest = date.fromordinal(span.first + found.reviews.index(most))
    said = (
        say("stats.calendar.said", reviews=counted("reviews", found.total, say),
            days=found.days_studied, of=span.days, run=found.longest_run),
        say("stats.calendar.busiest", date=say.date(busiest),
            reviews=counted("reviews", most, say)),
    )  # fmt: skip
    drawn = pictures.Calendar(
        span.first, tuple(map(float, found.reviews)), weekday_names(say), month_names(say)
    )
    return Figure(
        "calendar",
        say("stats.kind.calendar"),
        range_words("calendar", found.asked, say),
        said,
        (drawn,),
        defined=(say("stats.calendar.def"),),
        legend=(say("stats.calendar.shades"),),
    )


def _forecast(found: Forecast, say: Locale) -> Figure:
    span = found.asked.span
    planned, extra = sum(found.planned), sum(found.expected)
    if not planned and not extra:
        return _empty("forecast", found.asked, say)
    both = [a + b for a, b in zip(found.planned_held, found.expected_held, strict=True)]
    most = max(both)
    said = [
        say("stats.forecast.said", items=counted("items", planned, say),
            average=_decimal(planned / span.days)),
        say("stats.forecast.expected", total=say.number(round(sum(both))),
            average=_decimal(sum(both) / span.days), most=say.number(round(most)),
            date=say.date(date.fromordinal(span.first + both.index(most)))),
    ]  # fmt: skip
    if found.reviews_per_day is not None and round(max(found.waiting)):
        heaped = max(found.waiting)
        said.append(
            say("stats.forecast.moved", limit=say.number(found.reviews_per_day),
                most=say.number(round(heaped)),
                date=say.date(date.fromordinal(span.first + found.waiting.index(heaped))))
        )  # fmt: skip
        if round(found.waiting[-1]):
            said.append(say("stats.forecast.left", n=round(found.waiting[-1])))
    days = range(span.first, span.last + 1)
    drawn = pictures.Columns(
        (
            gathered(dict(zip(days, map(float, found.planned_held), strict=True)), found.steps),
            gathered(dict(zip(days, found.expected_held, strict=True)), found.steps),
        ),
        bucket_labels(found.steps, found.step, say),
        (say("stats.forecast.planned"), say("stats.forecast.extra")),
        y_label=say("stats.axis.items", step=say(f"stats.step.{found.step}")),
    )
    left = say.number(found.new_left)
    expected = (
        say("stats.forecast.expected-def-all", left=left)
        if found.new_per_day is None
        else say("stats.forecast.expected-def", rate=found.new_per_day, left=left)
    )
    return Figure(
        "forecast",
        say("stats.kind.forecast"),
        range_words("forecast", found.asked, say),
        tuple(said),
        (drawn,),
        defined=(say("stats.forecast.def"), expected),
    )


def _mistakes(found: Mistakes, say: Locale) -> Figure:
    if not found.exercises and not found.practised:
        return _empty("mistakes", found.asked, say)
    practice: list[str] = []
    if found.practised:
        practice.append(
            say("stats.mistakes.practice", n=say.number(found.practised),
                made=say.number(found.practice_mistakes))
        )  # fmt: skip
    title, range_ = say("stats.kind.mistakes"), range_words("mistakes", found.asked, say)
    exercises = say.number(found.exercises)
    if not found.lines:
        none = say("stats.mistakes.none", exercises=exercises)
        return Figure(
            "mistakes", title, range_, (none, *practice), defined=(say("stats.mistakes.def"),)
        )
    shown = found.lines[:_MISTAKES_SHOWN]
    said = [
        say("stats.mistakes.said", n=say.number(found.total), exercises=exercises,
            title=in_language(shown[0].title, say.language), times=say.number(shown[0].times)),
    ]  # fmt: skip
    if found.earlier is not None and found.later is not None:
        said.append(say("stats.mistakes.trend", earlier=_decimal(found.earlier),
                        later=_decimal(found.later)))  # fmt: skip
    if len(found.lines) > len(shown):
        said.append(say("stats.mistakes.more", n=len(found.lines) - len(shown)))
    said += practice
    drawn: list[Drawn] = [
        pictures.Meters(
            tuple(in_language(one.title, say.language) for one in shown),
            tuple(one.times / shown[0].times for one in shown),
            tuple(say.number(one.times) for one in shown),
            tuple(_spark(one.over_time) for one in shown),
        )
    ]
    if sum(rate is not None for rate in found.rates) > 1:
        drawn.append(
            pictures.Columns(
                (tuple(rate or 0.0 for rate in found.rates),),
                bucket_labels(found.steps, found.step, say),
                y_label=say("stats.mistakes.rate"),
            )
        )
    return Figure(
        "mistakes", title, range_, tuple(said), tuple(drawn),
        defined=(say("stats.mistakes.def"),), legend=(say("stats.mistakes.spark"),),
    )  # fmt: skip


def _studied(found: Studied, say: Locale) -> Figure:
    if not found.answers:
        return _empty("time", found.asked, say)
    said = say(
        "stats.time.said",
        total=spent(found.total, say),
        days=counted("days", found.days_studied, say),
        average=spent(found.total / found.days_studied, say),
        each=round(found.total / found.answers),
    )
    practice = say(
        "stats.time.practice",
        n=say.number(found.practised),
        time=spent(found.practice_seconds, say),
    )
    drawn = pictures.Columns(
        (tuple(seconds / 60 for seconds in found.seconds),),
        bucket_labels(found.steps, found.step, say),
        y_label=say("stats.time.minutes", step=say(f"stats.step.{found.step}")),
    )
    return Figure(
        "time",
        say("stats.kind.time"),
        range_words("time", found.asked, say),
        (said, practice) if found.practised else (said,),
        (drawn,),
        defined=(say("stats.time.def"),),
    )


def _spark(counts: tuple[int, ...]) -> str:
    """A row of signs over the time in equal parts, each as tall as its share of the tallest."""
    parts = min(len(counts), _SPARKS_SHOWN)
    if parts < 2:
        return ""
    ends = [round(n * len(counts) / parts) for n in range(parts + 1)]
    sums = [sum(counts[first:last]) for first, last in pairwise(ends)]
    most = max(sums)
    return "".join(_SPARKS[-(-8 * one // most) if most else 0] for one in sums)


def _decimal(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{round(value):,}"
