"""Results about memory as figures: retention, mastery, answer times, stability, calibration.

Promise: as in `telling`. Must not draw or count.
"""

from __future__ import annotations

from app.locale import Locale
from app.statistics.figure import Figure, Table, counted, percent, range_words
from app.statistics.results import (
    Asked,
    Calibration,
    Mastery,
    Retention,
    Share,
    Stability,
    Times,
    TopicMastery,
)
from content.pack import in_language
from content.text import pictures
from engine.values import Curves, Series

_FEWEST = 2
_ENOUGH = 10
"""Reviews from which on a point of the curve says something."""


def _figure(kind: str, asked: Asked, say: Locale, **parts: object) -> Figure:
    return Figure(kind, say(f"stats.kind.{kind}"), range_words(kind, asked, say), **parts)  # type: ignore[arg-type]


def retention(found: Retention, say: Locale) -> Figure:
    """True retention against the desired one."""
    if not found.all.of:
        return _figure("retention", found.asked, say, empty=say("stats.retention.empty"))
    desired = percent(found.desired)
    fits = (
        "below" if found.all.high < found.desired
        else "above" if found.all.low > found.desired else "fits"
    )  # fmt: skip
    said = (
        say("stats.retention.said", of=counted("reviews", found.all.of, say),
            right=say.number(found.all.right), **_ends(found.all)),
        say(f"stats.retention.{fits}", desired=desired),
    )  # fmt: skip
    today = found.asked.span.last
    points = [
        (-float(today - (step.first + step.last) // 2), 100 * one.value)
        for step, one in zip(found.steps, found.over_time, strict=True)
        if one.of >= _ENOUGH
    ]
    drawn: tuple[Curves, ...] = ()
    if len(points) >= _FEWEST:
        xs = tuple(x for x, _ in points)
        drawn = (
            Curves(
                (
                    Series(say("stats.retention.observed"), xs, tuple(y for _, y in points)),
                    Series(say("stats.retention.desired"), (xs[0], xs[-1]),
                           (100 * found.desired,) * 2),
                ),
                x_label=say("stats.retention.ago"),
                y_label=say("stats.retention.axis"),
            ),
        )  # fmt: skip
    rows = [
        (say(f"stats.retention.{name}"), percent(one.value, 1), _interval(one, say),
         say.number(one.of))
        for name, one in (("all", found.all), ("young", found.young), ("mature", found.mature))
        if one.of
    ]  # fmt: skip
    few = say("stats.retention.few", step=say(f"stats.step.{found.step}"), least=_ENOUGH)
    header = tuple(say(f"stats.head.{name}") for name in ("group", "known", "interval", "reviews"))
    return _figure(
        "retention", found.asked, say, said=said, pictures=drawn, table=Table(header, tuple(rows)),
        defined=(say("stats.retention.def"), say("stats.retention.young-def"),
                 *([few] if drawn else [])),
    )  # fmt: skip


def mastery(found: Mastery, say: Locale) -> Figure:
    """Each topic begun, in the order of teaching."""
    if not found.met:
        return _figure("mastery", found.asked, say, empty=say("stats.mastery.empty"))
    begun = [one for one in found.topics if one.met]
    language = say.language
    said = [
        say("stats.mastery.said", value=percent(found.mastery),
            items=counted("items", found.items, say), met=say.number(found.met))
    ]  # fmt: skip
    if len(begun) >= _FEWEST:
        best, least = max(begun, key=_known), min(begun, key=_known)
        said.append(
            say("stats.mastery.ends", best=in_language(best.title, language),
                high=percent(best.mastery), least=in_language(least.title, language),
                low=percent(least.mastery))
        )  # fmt: skip
    if left := len(found.topics) - len(begun):
        said.append(say("stats.mastery.unbegun", n=left))
    drawn = pictures.Meters(
        tuple(in_language(one.title, language) for one in begun),
        tuple(one.mastery for one in begun),
        tuple(percent(one.mastery) for one in begun),
        tuple(say("stats.mastery.note", met=one.met, items=one.items) for one in begun),
    )
    return _figure(
        "mastery", found.asked, say, said=tuple(said), pictures=(drawn,),
        defined=(say("stats.mastery.def"),),
    )  # fmt: skip


def times(found: Times, say: Locale) -> Figure:
    """How long cards and exercises take."""
    if not found.cards.answers + found.exercises.answers:
        return _figure("times", found.asked, say, empty=say("stats.times.empty"))
    said = [
        say(f"stats.times.said-{name}", median=f"{pace.median:.0f}", ninth=f"{pace.ninth:.0f}",
            n=say.number(pace.answers))
        for name, pace in (("cards", found.cards), ("exercises", found.exercises))
        if pace.median is not None and pace.ninth is not None
    ]  # fmt: skip
    drawn = pictures.Columns(
        (tuple(map(float, found.cards.counts)), tuple(map(float, found.exercises.counts))),
        tuple(map(str, found.edges)),
        (say("stats.times.cards"), say("stats.times.exercises")),
        x_label=say("stats.times.axis"),
        y_label=say("stats.times.answers"),
    )
    return _figure(
        "times", found.asked, say, said=tuple(said), pictures=(drawn,),
        defined=(say("stats.times.def"),),
    )  # fmt: skip


def stability(found: Stability, say: Locale) -> Figure:
    """How long memories last."""
    if found.median is None:
        return _figure("stability", found.asked, say, empty=say("stats.stability.empty"))
    said = say(
        "stats.stability.said",
        items=counted("items", found.items, say),
        median=f"{found.median:,.0f}" if found.median >= 10 else f"{found.median:.1f}",
        mature=say.number(found.mature),
    )
    drawn = pictures.Columns(
        (tuple(map(float, found.counts)),),
        tuple(map(str, found.edges)),
        x_label=say("stats.stability.axis"),
        y_label=say("stats.stability.items"),
    )
    return _figure(
        "stability", found.asked, say, said=(said,), pictures=(drawn,),
        defined=(say("stats.stability.def"),),
    )  # fmt: skip


def calibration(found: Calibration, say: Locale) -> Figure:
    """Predicted against observed recall."""
    if found.predicted is None or found.log_loss is None or found.rmse is None:
        return _figure("calibration", found.asked, say, empty=say("stats.calibration.empty"))
    observed = found.observed
    fits = (
        "below" if observed.high < found.predicted
        else "above" if observed.low > found.predicted else "fits"
    )  # fmt: skip
    said = (
        say("stats.calibration.said", predicted=percent(found.predicted, 1), **_ends(observed),
            reviews=counted("reviews", found.reviews, say)),
        say(f"stats.calibration.{fits}"),
        say("stats.calibration.measures", loss=f"{found.log_loss:.3f}",
            chance=f"{found.chance or 0.0:.3f}", rmse=f"{100 * found.rmse:.1f}"),
    )  # fmt: skip
    drawn: tuple[Curves, ...] = ()
    if len(found.bins) >= _FEWEST:
        xs = tuple(100 * one.predicted for one in found.bins)
        drawn = (
            Curves(
                (
                    Series(say("stats.calibration.observed"), xs,
                           tuple(100 * one.observed.value for one in found.bins)),
                    Series(say("stats.calibration.line"), (xs[0], xs[-1]), (xs[0], xs[-1])),
                ),
                x_label=say("stats.calibration.x"),
                y_label=say("stats.calibration.y"),
            ),
        )  # fmt: skip
    header = tuple(
        say(f"stats.head.{name}")
        for name in ("class", "predicted", "observed", "interval", "reviews")
    )
    rows = tuple(
        (f"{percent(one.low)}–{percent(one.high)}", percent(one.predicted, 1),
         percent(one.observed.value, 1), _interval(one.observed, say), say.number(one.observed.of))
        for one in found.bins
    )  # fmt: skip
    return _figure(
        "calibration", found.asked, say, said=said, pictures=drawn, table=Table(header, rows),
        defined=(say("stats.calibration.def"), say("stats.calibration.measures-def")),
    )  # fmt: skip


def _known(topic: TopicMastery) -> float:
    return topic.mastery


def _ends(share: Share) -> dict[str, str]:
    return {
        "value": percent(share.value, 1),
        "low": percent(share.low, 1),
        "high": percent(share.high, 1),
    }


def _interval(share: Share, say: Locale) -> str:
    return say("stats.interval", low=percent(share.low, 1), high=percent(share.high, 1))
