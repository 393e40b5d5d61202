"""Answers that are programs in the study loop: what is saved, what counts for nothing."""

from __future__ import annotations

import io
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from study_desk import write_pack

from app.plain.study import PlainSession
from app.study.session import Study, StudySession
from app.study.views import Judged, Rating, Shown
from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Job, Outcome
from engine.verdict import VerdictKind

OpenStudy = Callable[..., Study]

MANIFEST = (
    "mistakes: {bias-forgotten: {title: bias forgotten}, naive-softmax: {title: naive softmax}}\n"
)
FORMULA = """
exercises:
- id: it
  kind: formula
  draw: {k: [1, 3, 5], c: [1, 3, 8], m: [4, 8, 32]}
  question: "Parameters of `Conv2d(c, m, k)`?"
  measure: parameters(Conv2d(c, m, k))
  solution: k*k*c*m + m
  mistakes:
  - {id: bias-forgotten, value: k*k*c*m, why: "You left out {{ m }} biases."}
"""
LAYER = """
exercises:
- id: it
  kind: layer
  draw: {c: [3, 5]}
  question: "A layer from {{ c }}x8x8 to 4x4x4."
  require:
  - {that: "output_shape(answer, zeros(1, c, 8, 8)) == (1, 4, 4, 4)", why: "it gives {{ output_shape(answer, zeros(1, c, 8, 8)) }}"}
  example: Conv2d(c, 4, 2, stride=2)
"""  # noqa: E501
TENSOR = """
exercises:
- id: it
  kind: tensor
  question: "Softmax of `x`."
  inputs: [{x: "tensor([1000., 1001.])"}, {x: "randn(5, seed=1)"}]
  reference: softmax(x)
  allow: [exp, sum, max, randn]
  example: exp(x - max(x)) / sum(exp(x - max(x)))
  mistakes:
  - {id: naive-softmax, value: exp(x) / sum(exp(x)), why: "NaN at 1000."}
"""


@pytest.fixture
def begin(
    open_study: OpenStudy, engine: EngineClient, tmp_path: Path
) -> Callable[[str], StudySession]:
    """A session on one exercise, with the real engine."""

    def begun(exercise: str, engine: object = engine) -> StudySession:
        pack = write_pack(tmp_path / "packs" / "programs", {"p.one": exercise}, MANIFEST)
        return open_study(roots=(pack,), engine=engine).begin()

    return begun


def shown(session: StudySession) -> Shown:
    found = session.next()
    assert isinstance(found, Shown), found
    return found


def answer(session: StudySession, typed: str) -> Judged:
    return session.answer(typed, hints=0, seconds=10.0)


@pytest.mark.parametrize(
    ("exercise", "typed", "kind", "mistake"),
    [
        (FORMULA, "m(k*k*c + 1)", VerdictKind.UNREADABLE, None),
        (FORMULA, "m*(k²·c + 1)", VerdictKind.RIGHT, None),
        (FORMULA, "k*k*c*m", VerdictKind.MISTAKE, "bias-forgotten"),
        (LAYER, "Conv2d(c, 4, 2, 2)", VerdictKind.RIGHT, None),
        (LAYER, "MaxPool2d(2)", VerdictKind.WRONG, None),
        (LAYER, "Conv2D(c, 4, 2, 2)", VerdictKind.UNREADABLE, None),
        (TENSOR, "exp(x) / sum(exp(x))", VerdictKind.MISTAKE, "naive-softmax"),
        (TENSOR, "softmax(x)", VerdictKind.UNREADABLE, None),
    ],
)
def test_a_program_is_judged_and_recorded(
    begin: Callable[[str], StudySession],
    tmp_path: Path,
    exercise: str,
    typed: str,
    kind: VerdictKind,
    mistake: str | None,
) -> None:
    session = begin(exercise)
    first = shown(session)
    judged = answer(session, typed)
    assert judged.verdict.kind is kind, judged.verdict
    assert judged.verdict.mistake == mistake
    if kind is VerdictKind.UNREADABLE:
        assert (judged.proposal, judged.event) == (None, None)
        assert session.next() is first
        assert session.summary().answered == 0
        return
    assert judged.event is not None
    assert judged.proposal is (Rating.GOOD if kind is VerdictKind.RIGHT else Rating.AGAIN) or (
        judged.proposal is Rating.EASY
    )
    assert session.summary().answered == 1


def test_what_was_typed_is_in_the_log(begin: Callable[[str], StudySession], tmp_path: Path) -> None:
    session = begin(TENSOR)
    shown(session)
    answer(session, "exp(x) / sum(exp(x))")
    with closing(sqlite3.connect(tmp_path / "progress.sqlite")) as database:
        row = database.execute("SELECT typed, verdict, mistake, measured FROM answer").fetchone()
    assert row[:3] == ("exp(x) / sum(exp(x))", "mistake", "naive-softmax")
    assert json.loads(row[3])["data"] == pytest.approx([0.26894142, 0.73105858])


class Failing:
    """An engine that measures, and fails at every program."""

    def __init__(self, engine: EngineClient) -> None:
        self.engine = engine

    def submit(self, job: Job) -> object:
        """A crash for a trial."""
        if job.trial is None:
            return self.engine.submit(job)
        from concurrent.futures import Future

        future: Future[Outcome] = Future()
        future.set_result(Failure(FailureKind.CRASH, "worker-died"))
        return future


def test_an_engine_that_fails_counts_for_nothing(
    begin: Callable[..., StudySession], engine: EngineClient
) -> None:
    session = begin(LAYER, engine=Failing(engine))
    shown(session)
    judged = answer(session, "Conv2d(c, 4, 2, 2)")
    assert judged.verdict.kind is VerdictKind.UNREADABLE
    assert judged.verdict.failure is not None
    assert session.summary().answered == 0


def test_a_running_program_is_called_off(begin: Callable[[str], StudySession]) -> None:
    session = begin(TENSOR)
    shown(session)
    part = "sum(randn(2000, 2000) @ randn(2000, 2000))"
    slow = f"exp(x)*({' + '.join([part] * 60)})"
    found: list[Judged] = []
    thread = threading.Thread(target=lambda: found.append(answer(session, slow)))
    thread.start()
    time.sleep(0.3)
    assert session.withdraw()
    thread.join(10)  # the program would run for half a minute
    assert not thread.is_alive()
    assert found[0].verdict.kind is VerdictKind.UNREADABLE
    assert found[0].verdict.failure is not None
    assert found[0].verdict.failure.kind is FailureKind.CANCELLED
    assert not session.withdraw()
    assert answer(session, "exp(x - max(x)) / sum(exp(x - max(x)))").proposal is not None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_line_mode_reads_programs_over_lines(
    open_study: OpenStudy, engine: EngineClient, tmp_path: Path, language: str
) -> None:
    pack = write_pack(tmp_path / "packs" / "programs", {"p.one": LAYER}, MANIFEST)
    study = open_study(roots=(pack,), engine=engine)
    sink = io.StringIO()
    typed = "Conv2D(c, 4, 2)\nSequential(\n  Conv2d(c, 4, 1),\n  ReLU())\n\n"
    assert PlainSession(study, language, io.StringIO(typed), sink).run() == 0
    told = sink.getvalue()
    assert ("Did you mean `Conv2d`?" if language == "en" else "`Conv2d`") in told
    assert "it gives (1, 4, 8, 8)" in told
    assert "Conv2d(c, 4, 2, stride=2)" in told
