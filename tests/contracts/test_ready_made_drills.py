"""Every ready-made round is played to its end by candidates of every sort, and its report says
what they answered.

In `make test` each round is played once, by who knows everything or by who mixes right answers,
classic mistakes, rubbish and skips; among the slow tests by all candidates, until each
mistake of each question was made, with a seed and without.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.drill.exporting import exported
from app.drill.report import report as report_of
from app.drill.rounds import DrillRound
from app.drill.setup import ReadyMade, Setup, ready_made
from app.drill.views import Judged, Kept, Over, Question, Report
from app.progress.store import Store
from app.study.clock import Clock
from app.study.doctor import verify
from app.study.session import Study
from content.compiled import builtin_root
from content.loader import read_manifest
from content.pack import Exercise, in_language
from engine.client import EngineClient
from engine.programs import PROGRAM_KINDS
from engine.protocol import Job, Outcome
from engine.values import TensorValue, Value
from engine.verdict import VerdictKind, canonical
from tests.built_in import built_in

LETTERS = "abcdefghijklmnop"
RUBBISH = "%% rubbish %%"


@dataclass(frozen=True)
class Said:
    """What a candidate typed, and what a report must say of it."""

    typed: str | None
    """None skips."""
    outcome: str
    mistake: str | None = None


Candidate = Callable[[Question], Said]


class Remembering:
    """The engine, which measures no job twice: candidates meet the same questions."""

    def __init__(self, engine: EngineClient) -> None:
        self._engine = engine
        self._known: dict[str, Future[Outcome]] = {}

    def submit(self, job: Job) -> Future[Outcome]:
        """The job's outcome, from before where there is one."""
        if repr(job) not in self._known:
            self._known[repr(job)] = self._engine.submit(job)
        held = self._known[repr(job)]
        given: Future[Outcome] = Future()  # its own, so that nobody cancels what others wait for
        held.add_done_callback(lambda done: given.cancelled() or given.set_result(done.result()))
        return given

    def cancel(self, future: Future[Outcome]) -> None:
        """Nothing here takes long."""


def _names() -> list[str]:
    """Every round of the built-in packs; only their first files are read for that."""
    found = (read_manifest(path).manifest for path in sorted(builtin_root().glob("*/pack.yaml")))
    return [f"{pack.id}:{drill.id}" for pack in found if pack is not None for drill in pack.drills]


def _ready(name: str) -> ReadyMade:
    """The round as it is offered: every built-in one is."""
    return next(ready for ready in ready_made(built_in()) if ready.name == name)


@pytest.fixture(scope="module")
def remembering(engine: EngineClient) -> Remembering:
    return Remembering(engine)


@pytest.fixture
def study(tmp_path: Path, remembering: Remembering) -> Iterator[Study]:
    clock = Clock()
    store = Store.open(tmp_path / "progress.sqlite", clock=clock)
    yield Study(store, built_in(), remembering, clock)  # type: ignore[arg-type]
    store.close()


def _scalar(value: Value) -> Value:
    if isinstance(value, TensorValue) and value.shape == ():
        assert not isinstance(value.data, tuple)
        return value.data
    return value


def _typed(value: Value, kind: str) -> str:
    value = _scalar(value)
    if kind in ("number", "shape") and not isinstance(value, TensorValue):
        return str(value) if isinstance(value, tuple | bool) else repr(value)
    return str(value)


def right(question: Question) -> Said:
    """Knows everything."""
    truth = question.prepared.truth
    if truth.kind == "self":
        return Said(" ".join(str(n) for n in range(1, truth.points + 1)), "right")
    if truth.kind in ("choice", "several"):
        letters = [LETTERS[n] for n, option in enumerate(truth.options) if option.right]
        return Said(", ".join(letters), "right")
    value = _scalar(truth.value)
    if truth.kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return Said(repr(value), "right")
    return Said(canonical(truth, "en"), "right")


def mistakes_of(question: Question) -> list[Said]:
    """Each classic mistake of a question, as it is typed."""
    truth, exercise = question.prepared.truth, question.prepared.exercise
    assert isinstance(exercise, Exercise)
    if truth.kind in PROGRAM_KINDS:
        return [Said(one.value, "mistake", one.id) for one in exercise.mistakes]
    if truth.kind in ("choice", "several"):
        return [
            Said(LETTERS[n], "mistake", option.mistake)
            for n, option in enumerate(truth.options)
            if option.mistake and not option.right
        ]
    return [Said(_typed(one.value, truth.kind), "mistake", one.id) for one in truth.mistakes]


def mistaken(nth: int) -> Candidate:
    """Makes the nth mistake of every question that has so many; knows the others."""

    def answer(question: Question) -> Said:
        known = mistakes_of(question)
        return known[nth] if nth < len(known) else right(question)

    return answer


def rubbish(_question: Question) -> Said:
    """Types what nobody can read."""
    return Said(RUBBISH, "left")


def mixed(question: Question) -> Said:
    """A bit of everything, in turn."""
    turn = question.number % 4
    if turn == 1:
        return right(question)
    if turn == 2:
        return mistaken(question.number % 3)(question)
    return rubbish(question) if turn == 3 else Said(None, "left")


def play(study: Study, setup: Setup, candidate: Candidate, language: str) -> dict[int, Said]:
    """One round to its end, its report checked against what was answered."""
    drill = DrillRound.begin(study, setup, language=language, luck=5)
    said: dict[int, Said] = {}
    while not isinstance(shown := drill.next(), Over):
        assert isinstance(shown, Question), shown
        given = said[shown.number] = candidate(shown)
        if given.typed is None:
            drill.skip()
            continue
        if shown.concept:
            drill.reveal()
        judged = drill.answer(given.typed)
        if isinstance(judged, Judged) and given.outcome != "left":
            assert judged.verdict is not None
            assert (judged.verdict.kind.value, judged.verdict.mistake) == (
                given.outcome, given.mistake,
            ), (shown.name, given, judged)  # fmt: skip
        unread = isinstance(judged, Judged) and judged.verdict is not None
        if unread and judged.verdict.kind is VerdictKind.UNREADABLE:  # type: ignore[union-attr]
            drill.skip()
            if shown.stage == "tick":  # said, and never compared with its points
                said[shown.number] = replace(given, outcome="said")
        elif shown.concept and isinstance(judged, Kept):
            continue  # it comes back to be compared, or that was it
        elif given.typed == RUBBISH:  # a term may be any text: it is wrong, then
            assert isinstance(judged, Kept) or judged.verdict.kind is VerdictKind.WRONG
            said[shown.number] = replace(given, outcome="wrong")
    report = drill.end()
    _holds(report, said, language)
    assert _bare(report_of(study, report.number)) == _bare(report)
    return said


def _bare(report: Report) -> Report:
    return replace(report, results=tuple(replace(one, prepared=None) for one in report.results))


def _holds(report: Report, said: dict[int, Said], language: str) -> None:
    """The report says what was answered, in numbers and in every form."""
    assert report.ended
    assert [one.number for one in report.results] == [*range(1, report.planned + 1)]
    for result in report.results:
        given = said[result.number]
        assert (result.outcome, result.mistake) == (given.outcome, given.mistake), result.name
        assert result.prepared is not None
        assert in_language(result.truth, language).strip()
        if given.outcome not in ("left", "said"):
            assert result.typed == given.typed
            assert result.verdict is not None
    rights = sum(given.outcome == "right" for given in said.values())
    counted = sum(given.outcome != "said" for given in said.values())
    assert (report.share.right, report.share.of) == (rights, counted)
    assert report.share.low <= rights / max(1, counted) <= report.share.high
    for parts in (report.topics, report.levels):
        assert sum(part.share.right for part in parts) == rights
        assert sum(part.share.of for part in parts) == counted
    assert len(report.advice) == (3 if counted else 0)
    missed = {one.name for one in report.results if one.outcome not in ("right", "said")}
    assert not missed or set(report.advice[1].items) <= missed
    data = json.loads(exported(report, "json", language))
    assert [one["outcome"] for one in data["questions"]] == [one.outcome for one in report.results]
    for form in ("text", "md", "html"):
        text = exported(report, form, language)  # type: ignore[arg-type]
        assert in_language(report.title, language) in text
        for result in report.results:
            title = in_language(result.mistake_title, language)
            assert form != "html" or not title or title.replace("'", "&#x27;") in text


def _setup(ready: ReadyMade, seed: int | None) -> Setup:
    """The round as it is offered, but with time enough for any machine."""
    return replace(ready.setup, seed=seed, minutes=600)


def test_twelve_rounds_are_offered() -> None:
    assert len(ready_made(built_in())) >= 12


@pytest.mark.parametrize(
    ("number", "name"),
    [
        pytest.param(number, name, marks=() if number % 3 == 0 else pytest.mark.slow)
        for number, name in enumerate(_names())
    ],
)
def test_a_ready_made_round_reports_what_was_answered(number: int, name: str, study: Study) -> None:
    """Every round is played to its end, by turns all right in English and mixed in Chinese."""
    setup = _setup(_ready(name), 1)
    if number % 2:
        play(study, setup, mixed, "zh")
    else:
        said = play(study, setup, right, "en")
        assert {one.outcome for one in said.values()} == {"right"}
    assert verify(study.store).sound


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, None], ids=["seeded", "adapting"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", _names())
def test_a_ready_made_round_with_every_candidate(
    name: str, language: str, seed: int | None, study: Study
) -> None:
    setup = _setup(_ready(name), seed)
    for candidate in (right, rubbish, mixed):
        play(study, setup, candidate, language)
    nth = 0
    while any(one.mistake for one in play(study, setup, mistaken(nth), language).values()):
        nth += 1
    assert nth > 0 or setup.kinds == ("self",)
    assert verify(study.store).sound
