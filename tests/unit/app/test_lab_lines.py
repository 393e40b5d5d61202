"""`gradus lab --plain`: the lab on two text streams."""

from __future__ import annotations

import io
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

import pytest

from app.cli import main
from app.commands.measure_text import layers_said, layers_text
from app.lab.history import History
from app.lab.lines import LabLines
from app.lab.session import LabSession
from app.locale import Locale
from engine.client import EngineClient
from engine.protocol import Job, Outcome
from engine.tickets import Listener

NOW = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001  (a local time, whatever the zone)


def said(
    engine: EngineClient, folder: Path, typed: str, *, language: str = "en", bare: bool = False
) -> str:
    """What a session prints for that input."""
    sink = io.StringIO()
    lines = LabLines(
        LabSession(device="cpu"), engine, Locale(language), io.StringIO(typed), sink,
        history=History(folder / "lab.jsonl"), exports=folder / "lab", now=lambda: NOW,
        table=layers_said if bare else layers_text, bare=bare,
    )  # fmt: skip
    assert lines.run() == 0
    return sink.getvalue()


def test_values_are_printed_and_follow_their_names(engine: EngineClient, tmp_path: Path) -> None:
    told = said(engine, tmp_path, "k = 3\nparameters(Conv2d(\n3, 64, k))\nk = 5\nk * 2")
    rows = told.splitlines()
    assert rows[:2] == ["k = 3", "1792"]
    assert "nn.Conv2d(3, 64, 3)" in rows[3]
    assert rows[5:] == ["k = 5", "parameters(Conv2d(", "3, 64, k)) = 4864  (was 1792)", "10"]
    assert len(History(tmp_path / "lab.jsonl").texts) == 4


def test_sliders_are_set_by_their_name(engine: EngineClient, tmp_path: Path) -> None:
    told = said(engine, tmp_path, "s = slider(1, 0, 5)\ns * 2\ns = 4\n:names\ns = 9\n")
    assert told.splitlines() == [
        "2",
        "s * 2 = 8  (was 2)",
        "s = 4",
        "s * 2 = 18  (was 2)",
        "9 is none of the values s slides over: 0 to 5, every 1. It is measured all the same.",
    ]


def test_words_alone_for_those_who_hear_them(engine: EngineClient, tmp_path: Path) -> None:
    typed = (
        "plot(relu(x), x, -3, 3)\ndiagram(Linear(3, 4))\nparameters(nn.Sequential(Linear(3, 4)))"
    )
    told = said(engine, tmp_path, typed, bare=True)
    assert told.splitlines() == [
        "relu(x): 0 at −3, 3 at 3, rising",
        "A drawing; in reading order: nn.Linear(3, 4).",
        "16",
        "path: 0; layer: nn.Linear(3, 4); weights: 4×3, 4; parameters: 16",
        "path: total; parameters: 16",
    ]


def test_errors_stand_under_their_column_in_the_language_asked_for(
    engine: EngineClient, tmp_path: Path
) -> None:
    told = said(engine, tmp_path, "1 + cel(3)\n:l\n1 + cel(3)\nk =\n")
    assert "1 + cel(3)\n    ^\nThe name `cel` is not known here." in told
    assert "1 + cel(3)\n    ^\n这里没有名称 `cel`。" in told


def test_commands(engine: EngineClient, tmp_path: Path) -> None:
    told = said(engine, tmp_path, ":names\n:save\n1 + 1\n:save\n:what Conv2d\n:no\n:q\n2 + 2\n")
    assert "No name is given yet." in told
    assert "There is nothing to save yet." in told
    assert "lab-2026-11-20-0900.md" in told
    assert "Conv2d(in_channels, out_channels" in told
    assert "There is no command :no." in told
    assert "4" not in told.splitlines()


def test_ctrl_c_cancels_what_runs(engine: EngineClient, tmp_path: Path) -> None:
    class Impatient(EngineClient):
        """Ctrl+c is pressed while the first result is waited for."""

        def submit(self, job: Job, *, on_progress: Listener | None = None) -> Future[Outcome]:
            future = engine.submit(job, on_progress=on_progress)
            real, pressed = future.result, []

            def result(timeout: float | None = None) -> Outcome:
                if not pressed and "matmul" in job.measures[0].source:
                    pressed.append(True)
                    raise KeyboardInterrupt
                return real(timeout)

            future.result = result  # type: ignore[method-assign]
            return future

        def cancel(self, future: Future[Outcome]) -> None:
            engine.cancel(future)

    client = Impatient(tmp_path / "engine.log")
    told = said(client, tmp_path, "sum(matmul(rand(4000, 4000), rand(4000, 4000)))\n1 + 1\n")
    assert told.splitlines() == ["Cancelled.", "2"]


def test_the_command_ends_with_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["lab", "--plain", "2 ** 10", "--language", "en"]) == 0
    assert capsys.readouterr().out == "1024\n"
    assert main(["lab", "1 + 1", "--language", "en"]) == 2
    assert "gradus lab --plain" in capsys.readouterr().err
