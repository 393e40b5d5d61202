"""A round in words: what screens, line mode and exports say alike.

Promise: every sentence is data in `app/locale`. Must not know widths or colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from content.pack import Text, in_language

if TYPE_CHECKING:
    from app.drill.setup import Setup
    from app.drill.views import Advice, Changed, Question, Report, Result
    from app.locale import Locale

_GLYPHS = {
    "right": "✓",
    "close": "≈",
    "mistake": "◆",
    "wrong": "✗",
    "left": "–",
    "time": "–",
    "said": "·",
    "unmeasured": "·",
}
_ASCII_GLYPHS = {
    "right": "+",
    "close": "~",
    "mistake": "*",
    "wrong": "x",
    "left": "-",
    "time": "-",
    "said": ".",
    "unmeasured": ".",
}
_VARIANTS = 3
"""Ways in which an interviewer leads over to a follow-up."""


def glyphs(*, ascii: bool = False, bare: bool = False) -> Mapping[str, str]:  # noqa: A002
    """A sign per outcome; none where `bare`, for those who hear the words."""
    if bare:
        return dict.fromkeys(_GLYPHS, "")
    return _ASCII_GLYPHS if ascii else _GLYPHS


def duration_words(seconds: float) -> str:
    """0:42, 17:42, 1:02:03."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def round_title(title: Text, setup: Setup, say: Locale) -> str:
    """A ready-made round's title, else what it was put together of."""
    named = in_language(title, say.language) if title else ""
    if named:
        return named
    if setup.items:
        return say("drill.repeated")
    style = say(f"drill.style.{setup.style}")
    return f"{style} · {setup.topics[0]}" if len(setup.topics) == 1 else style


def setup_words(setup: Setup, questions: int, say: Locale) -> str:
    """`15 questions · 20 min · screening · seed 7 · cnn, numerics`."""
    parts = [
        say("drill.questions", n=questions),
        say("drill.minutes", n=setup.minutes),
        say(f"drill.style.{setup.style}"),
    ]
    if setup.seed is not None:
        parts.append(say("drill.seed", seed=setup.seed))
    if not setup.drill:
        parts += [", ".join(words) for words in (setup.topics, setup.tags) if words]
        if setup.levels:
            parts.append(say("plain.level", n=", ".join(map(str, setup.levels))))
    return " · ".join(parts)


def wins(report: Report, say: Locale) -> Iterator[str]:
    """Score, level and calibration, one sentence each, with their intervals."""
    share = report.share
    if share.of == 0:
        yield say("drill.report.nothing")
    else:
        yield say(
            "drill.report.score",
            right=share.right,
            of=share.of,
            share=percent(share.right / share.of),
            low=percent(share.low),
            high=percent(share.high),
        )
    if report.level is not None:
        level = report.level
        yield say(
            "drill.report.level",
            level=f"{level.value:.1f}",
            low=f"{level.low:.1f}",
            high=f"{level.high:.1f}",
        )
    yield from _calibration(report, say)
    if report.ended and (missing := report.planned - len(report.results)) > 0:
        yield say("drill.report.unreached", n=missing)
    for outcome in ("unmeasured", "said"):
        if n := sum(result.outcome == outcome for result in report.results):
            yield say(f"drill.report.{outcome}-count", n=n)
    if report.changed:
        yield say("drill.report.packs-changed")


def percent(share: float) -> str:
    """0.733 as 73."""
    return f"{100 * share:.0f}"


def outcome_words(result: Result, say: Locale) -> str:
    """The outcome, with the name of the mistake."""
    words = say(f"drill.outcome.{result.outcome}")
    mistake = in_language(result.mistake_title, say.language)
    return f"{words} · {mistake}" if mistake else words


def told_advice(advice: Advice, say: Locale) -> str:
    """One thing to do next."""
    return say(
        f"drill.advice.{advice.kind}",
        title=in_language(advice.title, say.language),
        n=advice.count,
        cards=say("drill.cards", n=advice.cards),
        exercises=say("drill.exercises", n=advice.exercises),
        minutes=advice.minutes,
    )


def lead_over(question: Question, say: Locale, *, told: bool) -> str:
    """What an interviewer says before a follow-up; empty before any other question.

    `told` where verdicts are told at once: otherwise the words give nothing away.
    """
    if not question.because or question.returning or question.stage == "tick":
        return ""
    kind = question.because if told else "more"
    return say(f"drill.says.{kind}.{question.number % _VARIANTS}")


def changes_told(changed: Changed, say: Locale) -> Iterator[str]:
    """What became of the packs since a round was made."""
    for pack, then, now in changed.packs:
        if now:
            yield say("drill.changed.pack", pack=pack, then=then, now=now)
        else:
            yield say("drill.changed.pack-gone", pack=pack)
    for item in changed.items:
        state = "gone" if item.gone else "open" if item.open else "answered"
        if item.gone and not item.open:
            state = "gone-answered"
        yield say(f"drill.changed.{state}", n=item.number, item=item.name)


def _calibration(report: Report, say: Locale) -> Iterator[str]:
    found = report.calibration
    if found.sure:
        yield say("drill.report.when-sure", right=found.sure_right, of=found.sure)
    if found.unsure:
        yield say("drill.report.when-unsure", right=found.unsure_right, of=found.unsure)
