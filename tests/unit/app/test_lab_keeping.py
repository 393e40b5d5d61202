"""The lab's history, completion and export."""

from __future__ import annotations

import stat
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lab import export
from app.lab.completion import Completer
from app.lab.history import MOST, History
from app.lab.session import LabSession
from app.lab.statements import read
from app.locale import LANGUAGES, Locale
from engine.client import EngineClient
from engine.expression import Refused
from engine.protocol import Job, Measured
from engine.values import Curves, RunValue, Series, Value

NOW = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001  (a local time, whatever the zone)
RUN = RunValue(
    "train(...)", (0, 10, 20), (2.0, 1.0, 0.5), (0, 20), (2.1, 0.9), gradient_norms=(1.0, 1.0, 1.0)
)


@pytest.fixture(scope="module")
def completer(engine: EngineClient) -> Completer:
    outcome = engine.measure(Job((), device="cpu", documented=True, seconds=60.0))
    assert isinstance(outcome, Measured)
    return Completer(outcome.documentation)


def offered(completer: Completer, text: str, language: str = "en") -> list[str]:
    own = {"layer": "Linear(2, 3)", "k": "3"}
    return [c.text for c in completer.at(text, len(text), own, Locale(language)).candidates]


# History


def test_history_is_kept_between_runs(tmp_path: Path) -> None:
    path = tmp_path / "data" / "lab.jsonl"
    history = History(path)
    for text in ("k = 3", "k + 1", "k + 1", "  ", "m = Conv2d(\n 3, 4, k)", "层 + 1"):
        history.add(text)
    again = History(path)
    assert again.texts == ["k = 3", "k + 1", "m = Conv2d(\n 3, 4, k)", "层 + 1"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert again.before(4) == 3
    assert again.before(4, "k") == 1
    assert again.after(0, "k") == 1
    assert again.after(3) is None
    assert again.holding("CONV", 4) == 2
    assert again.holding("nowhere", 4) is None


def test_history_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "lab.jsonl"
    history = History(path)
    for number in range(2 * MOST + 20):
        history.add(f"{number} + 1")
    history.add("1" * 5000)
    assert len(path.read_text().splitlines()) <= 2 * MOST
    again = History(path)
    assert len(again.texts) == MOST
    assert again.texts[-1] == f"{2 * MOST + 19} + 1"
    assert [p.name for p in tmp_path.iterdir()] == ["lab.jsonl"]


@given(st.binary(max_size=300))
def test_a_damaged_history_harms_nothing(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("lab") / "lab.jsonl"
    path.write_bytes(raw + b'\n"k = 3"\n')
    history = History(path)
    assert history.texts[-1:] == ["k = 3"]
    history.add("k")
    assert History(path).texts[-2:] == ["k = 3", "k"]


def test_a_history_that_cannot_be_kept_harms_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "lab.jsonl"):
        history = History(path)
        history.add("1 + 1")
        assert history.texts == ["1 + 1"]


# Completion


def test_listed_names_and_own_names_are_offered(completer: Completer) -> None:
    assert offered(completer, "parameters(lay")[0] == "layer"
    assert "Conv2d" in offered(completer, "1 + nn.Conv")
    assert "conv2d" in offered(completer, "conv")
    assert "Conv2d" in offered(completer, "conv")
    assert offered(completer, "flo")[:2] != []
    assert {"float16", "float32"} <= set(offered(completer, "float"))
    assert offered(completer, "") == ["layer", "k"]
    assert offered(completer, "nosuchname") == []


def test_arguments_that_are_not_given_yet_are_offered(completer: Completer) -> None:
    assert offered(completer, "Conv2d(3, 8, 3, st")[0] == "stride="
    assert "stride=" not in offered(completer, "Conv2d(3, 8, 3, stride=2, st")
    assert offered(completer, "parameters(Conv2d(3, max(8, 9), ")[0] == "kernel_size="
    assert "bias=" in offered(completer, "parameters(Conv2d(3, 8, 3, ")
    assert "bias=" not in offered(completer, "parameters(Conv2d(3, 8, 3), ")


def test_after_a_value_only_methods_are_offered(completer: Completer) -> None:
    found = offered(completer, "randn(3).su")
    assert "sum" in found
    assert "layer" not in offered(completer, "randn(3).")
    assert "Conv2d" not in offered(completer, "randn(3).")


def test_the_call_around_the_cursor_is_told(completer: Completer) -> None:
    say = Locale("en")
    found = completer.at("Conv2d(3, out_channels=8, ", 26, {}, say)
    assert found.signature.startswith("Conv2d(in_channels, out_channels, kernel_size")
    assert found.argument == "kernel_size"
    assert completer.at("Conv2d(3, out_channels=8", 24, {}, say).argument == "out_channels"
    assert completer.at("Conv2d(3, (3, ", 14, {}, say).argument == "out_channels"
    assert completer.at("1 + 1", 5, {}, say).signature == ""


def test_names_are_told_in_the_language_of_the_moment(completer: Completer) -> None:
    english, chinese = (
        completer.at("Conv2", 5, {}, Locale(language)).candidates[0].line for language in LANGUAGES
    )
    assert english.isascii()
    assert not chinese.isascii()


def test_what_all_candidates_begin_with(completer: Completer) -> None:
    found = completer.at("parame", 6, {}, Locale("en"))
    assert found.common == "parameters"


@given(st.text(max_size=40), st.integers(0, 40))
def test_any_text_can_be_completed(completer: Completer, text: str, place: int) -> None:
    found = completer.at(text, min(place, len(text)), {"k": "3"}, Locale("zh"))
    assert 0 <= found.start <= len(text)


# Export


def session_of(engine: EngineClient, *texts: str) -> LabSession:
    session = LabSession(device="cpu")
    for text in texts:
        try:
            statements = read(text)
        except Refused as refusal:
            session.add_refused(text, refusal)
            continue
        for statement in statements:
            for entry in session.add(statement):
                ticket, job = session.ask(entry)
                session.settle(entry, ticket, engine.measure(job))
    return session


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_session_is_written_as_markdown(engine: EngineClient, language: str) -> None:
    session = session_of(
        engine,
        "k = slider(3, 1, 5)",
        "m = Sequential(Conv2d(3, 8, k), Conv2d(8, 4, k))",
        "macs(m, zeros(1, 3, 8, 8))",
        "softmax(tensor([1., 2.]))",
        "cel(3)",
        "1 +",
    )
    text = export.markdown(session, Locale(language), NOW)
    assert text.startswith("# ")
    assert "```python\nm = Sequential(Conv2d(3, 8, k), Conv2d(8, 4, k))\n```" in text
    assert "| nn.Conv2d(3, 8, 3) | 8×3×3×3, 8 | 1×8×6×6 | 224 | 7,776 |" in text
    assert "tensor([0.26894143,  0.7310586], dtype=float32)" in text
    assert "cel(3)\n^\n" in text
    assert "| k | 3 | 3 |" in text
    assert text.count("```") % 2 == 0


def test_what_was_typed_stays_in_its_fence(engine: EngineClient) -> None:
    hostile = "relu('````\x1b[31m\n# title')"
    text = export.markdown(session_of(engine, hostile), Locale("en"), NOW)
    assert "\x1b" not in text
    assert "`````" in text


@pytest.mark.parametrize("value", [RUN, Curves((Series("a", (0.0, 1.0), (1.0, 2.0)),), "Title")])
def test_pictures_are_written_as_text(engine: EngineClient, value: Value) -> None:
    session = session_of(engine, "1 + 1")
    session.entries[0].outcome = Measured((value,), "cpu", 0.1)
    text = export.markdown(session, Locale("en"), NOW)
    assert text.count("```\n") >= 2
    assert "RunValue" not in text


def test_an_export_never_overwrites(tmp_path: Path) -> None:
    first = export.save("a", tmp_path / "new", NOW)
    second = export.save("b", tmp_path / "new", NOW)
    assert (first.name, second.name) == ("lab-2026-11-20-0900.md", "lab-2026-11-20-0900-2.md")
    assert first.read_text() == "a"
