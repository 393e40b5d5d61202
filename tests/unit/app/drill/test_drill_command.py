"""`gradus drill`: its options, its lists, its reports."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from drill_desk import write_small

from app.cli import main
from engine.client import EngineClient

Run = Callable[..., tuple[int, str, str]]


class _Running:
    """The engine that runs already; a command neither starts nor ends it."""

    def __init__(self, engine: EngineClient) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def start(self) -> None:
        """It runs."""

    def close(self) -> None:
        """Others use it."""


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    engine: EngineClient,
) -> Run:
    """One command in a home of its own, with the small pack for the built-in ones."""
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    packs = write_small(tmp_path / "packs")
    monkeypatch.setattr("content.compiled.builtin_root", lambda: packs)
    monkeypatch.setattr("engine.client.EngineClient", lambda *_, **__: _Running(engine))

    def run_it(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run_it


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--questions", "0"), "--questions is a whole number from 1 to 200"),
        (("--minutes", "9999"), "--minutes is a whole number from 1 to 600"),
        (("--seed", "-1"), "--seed is a whole number from 0"),
        (("--level", "4"), "4 is no range of levels"),
        (("--level", "x-y"), "x-y is no range of levels"),
        (("--topics", "main,cooking"), "No topic is called cooking."),
        (("--kinds", "riddle"), "riddle is no kind of question"),
        (("--ready", "cooking"), "no ready-made round cooking"),
    ],
)
def test_options_that_cannot_be_are_told(run: Run, words: tuple[str, ...], told: str) -> None:
    code, out, err = run("drill", "--plain", *words)
    assert (code, out) == (2, "")
    assert told in err


def test_without_a_terminal_the_plain_form_is_named(run: Run) -> None:
    code, out, err = run("drill", "--language", "zh")
    assert (code, out) == (2, "")
    assert "gradus drill --plain" in err


def test_a_round_its_list_and_its_report(run: Run) -> None:
    code, out, err = run(
        "drill", "--plain", "--questions", "2", "--level", "1-2", "--topics", "main,mend",
        "--seed", "3", "--language", "zh", typed=":s\n",
    )  # fmt: skip
    assert code == 0
    assert "第 1 题，共 2 题" in out.splitlines()
    assert "演练报告" in out
    assert "gradus drill report 1" in err
    code, out, err = run("drill", "list")
    assert (code, err) == (0, "")
    assert "small:quick  Quick round · 4 questions · 10 min · screening" in out
    assert "0 of 2" in out
    code, out, _ = run("drill", "report", "--format", "json")
    data = json.loads(out)
    assert (code, data["round"], data["planned"]) == (0, 1, 2)
    assert [one["outcome"] for one in data["questions"]] == ["left", "left"]
    assert data["setup"]["levels"] == [1, 2]
    code, out, _ = run("drill", "--language", "zh", "report", "1", "--format", "html")
    assert code == 0
    assert '<html lang="zh-Hans">' in out
    code, out, err = run("drill", "report", "7")
    assert (code, out) == (1, "")
    assert "There is no round 7." in err
    code, _, err = run("drill", "--plain", "--resume", "1")
    assert code == 1
    assert "Round 1 has ended" in err
    code, _, err = run("drill", "--plain", "--resume")
    assert code == 1
    assert "No round waits" in err


def test_a_ready_made_round_is_set_up_by_its_name(run: Run) -> None:
    code, out, err = run(
        "drill", "--plain", "--ready", "quick", "--questions", "1", "--style", "mock",
        typed=":q\n",
    )  # fmt: skip
    assert code == 0
    assert "1 question · 10 min · mock interview" in out.splitlines()[0]
    assert "Drill report · Quick round" in out
    assert "Saved as round 1" in err
