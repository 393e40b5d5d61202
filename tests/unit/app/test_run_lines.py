"""A training run after an answer in lines: words, curve, start and end; stopped by Ctrl-C."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from app.locale import Locale
from app.run_lines import follow_run
from content.pack import Exercise
from content.prepare import Prepared, job_for
from engine.client import EngineClient
from engine.protocol import Measured, Outcome

LETS = {
    "net": "mlp(2, width, 1)",
    "data": "make_rings(64)",
    "A": 'train(net, data, "bce", SGD(lr=0.1), steps=STEPS)',
    "B": 'train(net, data, "bce", SGD(lr=0.5), steps=STEPS)',
}


def prepared(run: str | None, engine: EngineClient, steps: int = 20) -> Prepared:
    item = Exercise(
        id="it",
        kind="number",
        question="?",
        draw={"width": (4, 8)},
        let={name: source.replace("STEPS", str(steps)) for name, source in LETS.items()},
        measure="parameters(mlp(2, width, 1))",
        solution="4*width + 1",
        run=run,
    )
    draw = (("width", 8),)
    job = job_for(Exercise(id="it", kind="number", question="?"), 3, draw)
    measured = engine.measure(job)
    assert isinstance(measured, Measured)
    return Prepared("pack:topic/it", "Topic", item, 3, draw, job, measured)


def lines(run: str | None, engine: EngineClient, language: str = "en", steps: int = 20) -> str:
    told: list[str] = []
    follow_run(prepared(run, engine, steps), engine, Locale(language), told.append)
    return "\n".join(told)


def test_an_item_without_a_run_says_nothing(engine: EngineClient) -> None:
    assert lines(None, engine) == ""


def test_the_run_sees_the_draw_and_the_bindings(engine: EngineClient) -> None:
    told = lines("A", engine)
    assert "20 steps: loss " in told
    assert "─" in told
    assert "\n  training: " in told
    assert "20 步：损失 " in lines("A", engine, "zh")


def test_several_runs_have_labels(engine: EngineClient) -> None:
    told = lines("(A, B)", engine)
    assert "A: lr=0.1: 20 steps: loss " in told
    assert "● A: lr=0.1" in told
    assert "B: lr=0.5" in told


def test_what_fails_is_told(engine: EngineClient) -> None:
    assert "width_of" in lines("train(net, data, width_of, SGD(lr=1), steps=2)", engine)


def test_the_key_that_stops_stops_the_run_only(
    engine: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = prepared("A", engine, 100_000)
    wait = Future.result
    pressed: list[Future[Outcome]] = []

    def pressing(self: Future[Outcome], timeout: float | None = None) -> Outcome:
        if not pressed:
            pressed.append(self)
            raise KeyboardInterrupt
        return wait(self, timeout)

    monkeypatch.setattr(Future, "result", pressing)
    told: list[str] = []
    follow_run(asked, engine, Locale("en"), told.append)
    assert told[-1].startswith("  Stopped")
    assert len(told) == 2
