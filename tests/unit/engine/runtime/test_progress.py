"""Words of progress: seldom, bounded, the last always, each under its key."""

from __future__ import annotations

import itertools
import time

import pytest

from engine import frames, limits
from engine.protocol import Job, Measure, Measured, Progress
from engine.runtime import job as jobs
from engine.runtime.progress import about, listened, report, reporting
from engine.values import TensorValue


def test_without_a_listener_nothing_happens() -> None:
    report(1, 2, 0.5)
    with reporting(None):
        assert not listened()
        with about("x"):
            report(1, 2, 0.5)
    told: list[Progress] = []
    with reporting(told.append):
        assert listened()
        with about("x"):
            pass
    assert told == []


def test_a_hundred_thousand_steps_are_few_small_words() -> None:
    told: list[Progress] = []
    count = 100_000
    begun = time.monotonic()
    with reporting(told.append), about("m"):
        for step in range(1, count + 1):
            report(step, count, 1 / step, 2 / step if step % 3 == 0 else None, "n" * 1000)
    most = 3 + (time.monotonic() - begun) / limits.PROGRESS_SECONDS
    assert 1 <= len(told) <= most
    assert told[-1].step == told[-1].steps == count
    assert told[-1].points[-1] == (count, 1 / count)
    steps = [step for word in told for step, _ in word.points]
    assert steps == sorted(set(steps))
    for word in told:
        assert (word.key, word.run, len(word.note)) == ("m", 0, limits.PROGRESS_NOTE)
        assert len(word.points) <= limits.PROGRESS_POINTS
        assert len(word.validation) <= limits.PROGRESS_POINTS
        assert len(frames.pack(word)) < 4096
    assert all(word.validation[-1][0] % 3 == 0 for word in told if word.validation)


def test_a_slow_loop_is_told_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(100.0, 1.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    told: list[Progress] = []
    with reporting(told.append), about("m"):
        for step in range(5):
            report(step, 10, float(step))
    assert [word.points for word in told] == [((step, float(step)),) for step in range(5)]


def _diverge() -> None:
    with about("a"):
        for step in range(1, 6):
            report(step, 100, 1.0)
        raise ValueError("the fifth")


def test_what_ends_early_is_told_to_where_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    told: list[Progress] = []
    with reporting(told.append):
        with pytest.raises(ValueError, match="fifth"):
            _diverge()
        with about("b"):
            report(1, 100, 3.0)
            report(2, 100, float("nan"))
    assert [(word.key, word.step, len(word.points)) for word in told] == [
        ("a", 1, 1), ("a", 5, 4), ("b", 2, 2),
    ]  # fmt: skip


def test_runs_of_one_key_are_counted() -> None:
    told: list[Progress] = []
    with reporting(told.append):
        for key in ("a", "b"):
            with about(key):
                for run in range(3):
                    for step in range(1, 4):
                        report(step, 3, float(run))
    ends = [(word.key, word.run, word.step) for word in told if word.step == word.steps]
    assert ends == [(key, run, 3) for key in ("a", "b") for run in range(3)]
    assert all({loss for _, loss in word.points} == {float(word.run)} for word in told)


@pytest.mark.parametrize("loud", [True, False])
def test_a_job_tells_bindings_and_measures_by_name(loud: bool) -> None:
    told: list[Progress] = []
    way = "trajectory(w * w, 1.0, SGD(lr=0.1), 40)"
    job = Job((Measure("first", f"{way}[1][40]"), Measure("second", "last")), lets=(("way", way),
              ("last", "way[1][40]")))  # fmt: skip
    outcome = jobs.run(job, time.monotonic() + 60, told.append if loud else None)
    assert isinstance(outcome, Measured)
    assert outcome.values[0] == outcome.values[1]
    assert list(dict.fromkeys(word.key for word in told)) == (["way", "first"] if loud else [])
    for key in ("way", "first") if loud else ():
        points = [point for word in told if word.key == key for point in word.points]
        assert [step for step, _ in points] == list(range(41))
        assert points[0][1] == 1.0
        assert points[-1][1] == pytest.approx(0.8**80)


def test_the_numbers_are_the_same_with_and_without_a_listener() -> None:
    source = "trajectory(rosenbrock, (-1.0, 1.0), Adam(lr=0.01), 60)"
    job = Job((Measure("m", source),))
    alone = jobs.run(job, time.monotonic() + 60)
    followed = jobs.run(job, time.monotonic() + 60, lambda _: None)
    assert isinstance(alone, Measured)
    assert isinstance(followed, Measured)
    assert alone.values == followed.values


def test_a_variable_of_a_binding_may_be_one_again() -> None:
    """What `w` meant inside an earlier trajectory is not followed in a later one."""
    way = "trajectory(w * w, 1.0, SGD(lr=0.5), 1)[1]"
    job = Job((Measure("m", way),), lets=(("earlier", way),))
    outcome = jobs.run(job, time.monotonic() + 60)
    assert isinstance(outcome, Measured)
    assert outcome.values == (TensorValue("float64", (2,), (1.0, 0.0)),)
