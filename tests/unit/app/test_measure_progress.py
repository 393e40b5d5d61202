"""The line that `gradus measure` draws while it waits, and Ctrl-C in the middle of it."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.measure_progress import curve, wait_for
from app.locale import Locale
from content.text.wrap import cells
from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Job, Measure, Measured

LONG = "trajectory(w * w, 1.0, SGD(lr=0.0001), 10000)[1][10000]"
MIDDLING = LONG.replace("10000", "1500").replace("0.0001", "0.001")


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8", *, terminal: bool = True) -> None:
        super().__init__()
        self._encoding, self._terminal = encoding, terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal

    @property
    def lines(self) -> list[str]:
        return self.getvalue().split("\r")[1:]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    return Screen()


def job(source: str, *lets: tuple[str, str]) -> Job:
    return Job((Measure("value", source),), lets=lets, seconds=120)


@pytest.mark.parametrize(("language", "words"), [("en", "step {} of"), ("zh", "第 {} 步")])
def test_a_long_measurement_shows_how_far_it_is(
    engine: EngineClient, screen: Screen, language: str, words: str
) -> None:
    engine.measure(job("1"))
    assert isinstance(wait_for(engine, job(MIDDLING), Locale(language), screen), Measured)
    *drawn, erased, end = screen.lines
    assert drawn
    assert (erased.strip(), end) == ("", "")
    assert len(erased) >= max(map(cells, drawn))
    assert all(cells(line) < 80 for line in drawn)
    assert any(re.search(words.format(r"[\d,]+"), line) for line in drawn)
    assert any(set("▁▂▃▄▅▆▇█") & set(line) for line in drawn)
    shares = [int(found[1]) for line in drawn if (found := re.search(r"(\d+)%", line))]
    assert shares == sorted(shares)
    assert "\x1b" not in screen.getvalue()


def test_a_short_measurement_draws_nothing(engine: EngineClient, screen: Screen) -> None:
    engine.measure(job("1"))
    wait_for(engine, job("6 * 7"), Locale("en"), screen)
    assert screen.getvalue() == ""


@pytest.mark.parametrize("width", ["20", "41", "200"])
def test_the_line_fits_and_names_its_binding(
    engine: EngineClient, screen: Screen, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    wait_for(
        engine, job("way[1][1]", ("way", MIDDLING[: MIDDLING.index("[")])), Locale("zh"), screen
    )
    told = [line for line in screen.lines if "way" in line]
    assert told
    assert all(cells(line.rstrip()) < int(width) for line in screen.lines)


def test_an_old_terminal_gets_what_it_can_write(
    engine: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Screen("ascii")
    monkeypatch.setenv("TERM", "vt100")
    wait_for(engine, job(MIDDLING), Locale("en"), shown)
    assert shown.getvalue().isascii()
    assert "%" in shown.getvalue()


@pytest.mark.parametrize(("terminal", "kind"), [(False, "xterm"), (True, "dumb")])
def test_without_a_terminal_nothing_is_drawn(
    engine: EngineClient, monkeypatch: pytest.MonkeyPatch, terminal: bool, kind: str
) -> None:
    shown = Screen(terminal=terminal)
    monkeypatch.setenv("TERM", kind)
    wait_for(engine, job(MIDDLING), Locale("en"), shown)
    assert shown.getvalue() == ""


def test_ctrl_c_calls_the_measurement_off(engine: EngineClient, screen: Screen) -> None:
    begun = 0.0

    def interrupt(*_: object) -> None:
        nonlocal begun
        begun = time.perf_counter()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.4)
        outcome = wait_for(engine, job(LONG), Locale("en"), screen)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.perf_counter() - begun < 20  # the job would last a minute
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.CANCELLED
    assert screen.lines[-2].strip() == screen.lines[-1] == ""
    assert isinstance(wait_for(engine, job("6 * 7"), Locale("en"), screen), Measured)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell starts what runs behind it with Ctrl+C ignored, and a child would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
@pytest.mark.usefixtures("interruptible")
def test_the_command_ends_with_a_word_and_130(tmp_path: Path) -> None:
    import pty

    master, slave = pty.openpty()
    words = (sys.executable, "-m", "app.cli", "measure", "--seconds", "60", LONG)
    variables = {**os.environ, "GRADUS_HOME": str(tmp_path), "TERM": "xterm", "LANG": "C.UTF-8"}
    with subprocess.Popen(words, stdin=slave, stdout=subprocess.PIPE, stderr=slave, env=variables,
                          cwd=Path(__file__).parents[3]) as command:  # fmt: skip
        os.close(slave)
        shown = b""
        while b"step " not in shown:
            shown += os.read(master, 4096)
        command.send_signal(signal.SIGINT)
        assert command.wait(20) == 130
        assert command.stdout is not None
        assert command.stdout.read() == b""
    rest = os.read(master, 4096).decode()
    os.close(master)
    assert rest.split("\r")[-2].endswith("Cancelled before it was measured to the end.")


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([1.0], "▁"),
        ([2.0, 2.0, 2.0], "▁▁▁"),
        ([8.0, 4.0, 2.0, 1.0], "█▄▂▁"),
        ([0.0, float("nan"), 1.0, float("inf")], "▁!█!"),
        ([1e308, -1e308], "▁▁"),
        ([float(n) for n in range(80)], "▁▂▃▄▅▆▇█"),
    ],
)
def test_a_curve(values: list[float], drawn: str) -> None:
    assert curve(values, 8) == drawn
