"""What a round came to, from its steps and its items measured again.

Promise: the same steps give the same report on any day; times and scores come from the steps
alone, so a pack that changed or an engine that fails takes away worked solutions and nothing
else. Must not write.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from app.drill.ability import as_level, difficulty, estimate
from app.drill.advice import advice
from app.drill.answers import truth_text, verdict_on
from app.drill.changes import exists
from app.drill.record import stored_state
from app.drill.setup import title_of
from app.drill.state import COUNTED, QuestionState, RoundState
from app.drill.styles import RULES
from app.drill.views import (
    Calibration,
    Earlier,
    Level,
    Part,
    Report,
    Result,
    RoundLine,
    Share,
)
from app.study.ahead import Ahead, Ask
from app.study.clock import moment_of
from content.compiled import ItemIndex
from content.pack import Text, split_item_name
from engine.protocol import Failure

if TYPE_CHECKING:
    from app.study.session import Study
    from content.prepare import Prepared
    from engine.verdict import Verdict

_Z = 1.6448536269514722
"""The middle 90 % of a normal distribution lies within so many standard deviations."""
_JUDGED = frozenset({"right", "close", "mistake", "wrong"})
"""Outcomes of a question that was answered."""


def report(
    study: Study,
    number: int,
    prepared: Mapping[int, Prepared] | None = None,
    verdicts: Mapping[int, Verdict] | None = None,
    *,
    measure: bool = True,
) -> Report:
    """The report of that round, also of one that goes on.

    `prepared` and `verdicts` are what is known already, by question; without `measure` nothing
    else is. Raises KeyError where there is no such round.
    """
    state = stored_state(study, number)
    known = dict(prepared or {}), dict(verdicts or {})
    failures = _measure(study, state, *known) if measure else {}
    results = tuple(_result(study, one, *known, failures) for one in state.questions)
    counted = [one for one in state.questions if one.standing in COUNTED]
    answered = [one for one in counted if one.standing == "answered"]
    expected = sum(one.expected_seconds for one in answered)
    return Report(
        number=number,
        begun=study.clock.local(moment_of(state.at)),
        ended=bool(state.ended),
        setup=state.setup,
        title=title_of(study.library, state.setup),
        reason=state.ended,
        planned=state.made.questions,
        share=_share(counted),
        credit=_credit(counted),
        level=_level(counted),
        seconds=state.round_seconds,
        minutes=state.setup.minutes,
        pace=sum(one.seconds for one in answered) / expected if expected else None,
        calibration=_calibration(answered),
        interruptions=state.interruptions,
        away_seconds=state.away_seconds,
        topics=_parts(counted, {one.topic: one.topic_title for one in counted}, "topic"),
        levels=_parts(counted, {n: n for n in sorted({str(q.level) for q in counted})}, "level"),
        results=results,
        advice=advice(study.library, results),
        earlier=_earlier(study, state),
        changed=state.changed,
    )


def rounds(study: Study) -> tuple[RoundLine, ...]:
    """Every round, the newest first."""
    with study.store.reading():
        stored = study.store.rounds.all()
    return tuple(_line(study, stored_state(study, one.number)) for one in reversed(stored))


def line_of(told: Report) -> RoundLine:
    """A report's round as `rounds` tells it."""
    return RoundLine(
        number=told.number,
        begun=told.begun,
        setup=told.setup,
        title=told.title,
        ended=told.ended,
        answered=sum(one.outcome in _JUDGED for one in told.results),
        right=told.share.right,
        asked=len(told.results),
        seconds=told.seconds,
    )


def open_rounds(study: Study) -> tuple[RoundLine, ...]:
    """The rounds that can be resumed, the newest first."""
    return tuple(line for line in rounds(study) if not line.ended)


def wilson(right: float, of: int) -> tuple[float, float]:
    """The 90 % interval of a share (E. B. Wilson, JASA 22, 1927); 0 to 1 where nothing counts."""
    if of == 0:
        return 0.0, 1.0
    share, spread = right / of, _Z * _Z / of
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z / (1 + spread) * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    # Exactly 0 and 1 at the ends, where rounding would leave the share outside its interval.
    low = middle - reach if right > 0 else 0.0
    return low, (middle + reach if right < of else 1.0)


def _measure(
    study: Study,
    state: RoundState,
    prepared: dict[int, Prepared],
    verdicts: dict[int, Verdict],
) -> dict[int, Failure]:
    """Measure and judge again what is not at hand, under the stored draws."""
    ahead = Ahead(study.engine, study.library)
    failures: dict[int, Failure] = {}
    calculator = RULES[state.setup.style].calculator
    try:
        asks = {
            one.asked.number: Ask(str(one.asked.number), one.asked.name, one.asked.seed)
            for one in state.questions
            if one.asked.number not in prepared and not _is_changed(study, one)
        }
        ahead.want(asks.values())
        for number, ask in asks.items():
            found = ahead.get(ask)
            if isinstance(found, Failure):
                failures[number] = found
            else:
                prepared[number] = found
        for one in state.questions:
            number = one.asked.number
            if number in prepared and one.standing == "answered" and number not in verdicts:
                verdicts[number] = verdict_on(
                    prepared[number], one.typed, ahead.run, calculator=calculator
                )
    finally:
        ahead.close()
    return failures


def _result(
    study: Study,
    one: QuestionState,
    prepared: Mapping[int, Prepared],
    verdicts: Mapping[int, Verdict],
    failures: Mapping[int, Failure],
) -> Result:
    asked = one.asked
    verdict, found = verdicts.get(asked.number), prepared.get(asked.number)
    if verdict is not None and verdict.kind.value != one.verdict:
        verdict = None  # a program that ended otherwise this time
    return Result(
        number=asked.number,
        name=asked.name,
        kind=one.kind,
        topic=one.topic,
        topic_title=one.topic_title,
        level=one.level,
        outcome=_outcome(one),
        credit=one.credit,
        typed=one.typed,
        said=one.said,
        truth=one.truth or (truth_text(found) if found is not None else ""),
        mistake=one.mistake,
        mistake_title=one.mistake_title,
        seconds=one.seconds,
        expected_seconds=one.expected_seconds,
        hints=one.hints,
        sure=one.sure,
        flagged=one.flagged,
        follows=asked.follows,
        because=asked.because,
        changed=_is_changed(study, one),
        prepared=found,
        verdict=verdict,
        failure=failures.get(asked.number),
    )


def _outcome(one: QuestionState) -> str:
    if one.standing == "answered":
        return one.verdict
    outcomes = {"open": "left", "skipped": "left", "uncompared": "said"}
    return outcomes.get(one.standing, one.standing)


def _is_changed(study: Study, one: QuestionState) -> bool:
    name = one.asked.name
    return not exists(study, name) or study.content_hash(name) != one.content_hash


def _share(counted: Sequence[QuestionState]) -> Share:
    right = sum(one.verdict == "right" for one in counted)
    return Share(right, len(counted), *wilson(right, len(counted)))


def _credit(counted: Sequence[QuestionState]) -> float:
    return sum(one.credit for one in counted) / len(counted) if counted else 0.0


def _level(counted: Sequence[QuestionState]) -> Level | None:
    if not counted:
        return None
    found = estimate([(difficulty(_entry(one)), one.credit) for one in counted])
    return Level(as_level(found.value), as_level(found.low), as_level(found.high))


def _entry(one: QuestionState) -> ItemIndex:
    """The item as it was when it was asked."""
    pack, topic, _ = split_item_name(one.asked.name)
    return ItemIndex(
        one.asked.name, pack, topic, one.kind, one.level, 0, (), one.content_hash, "",
        one.expected_seconds,
    )  # fmt: skip


def _calibration(answered: Iterable[QuestionState]) -> Calibration:
    told = [(one.sure, one.verdict == "right") for one in answered if one.sure is not None]
    return Calibration(
        sure=sum(sure for sure, _ in told),
        sure_right=sum(right for sure, right in told if sure),
        unsure=sum(not sure for sure, _ in told),
        unsure_right=sum(right for sure, right in told if not sure),
    )


def _parts(
    counted: Sequence[QuestionState], titles: Mapping[str, Text], by: str
) -> tuple[Part, ...]:
    parts = []
    for id_, title in titles.items():
        own = [one for one in counted if str(getattr(one, by)) == id_]
        made = Counter(one.mistake for one in own if one.mistake and one.mistake_title)
        names = {one.mistake: one.mistake_title for one in own}
        parts.append(
            Part(
                id=id_,
                title=title,
                share=_share(own),
                credit=_credit(own),
                questions=tuple(one.asked.number for one in own),
                mistakes=tuple(names[mistake] for mistake, _ in made.most_common()),
            )
        )
    return tuple(parts)


def _earlier(study: Study, state: RoundState) -> tuple[Earlier, ...]:
    """Ended rounds before this one that were of its kind."""
    with study.store.reading():
        stored = [one for one in study.store.rounds.all() if one.number < state.number]
    found = []
    for one in stored:
        before = stored_state(study, one.number)
        counted = [q for q in before.questions if q.standing in COUNTED]
        if before.ended and counted and _kind(before) == _kind(state):
            share, level = _share(counted), _level(counted)
            found.append(
                Earlier(
                    one.number,
                    study.clock.local(moment_of(one.at)),
                    share.right,
                    share.of,
                    None if level is None else level.value,
                )
            )
    return tuple(found)


def _kind(state: RoundState) -> str:
    return state.setup.drill or state.setup.style.value


def _line(study: Study, state: RoundState) -> RoundLine:
    counted = [one for one in state.questions if one.standing in COUNTED]
    return RoundLine(
        number=state.number,
        begun=study.clock.local(moment_of(state.at)),
        setup=state.setup,
        title=title_of(study.library, state.setup),
        ended=bool(state.ended),
        answered=sum(one.standing == "answered" for one in counted),
        right=sum(one.verdict == "right" for one in counted),
        asked=len(state.questions),
        seconds=state.round_seconds,
    )
