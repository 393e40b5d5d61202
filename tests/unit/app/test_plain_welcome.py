"""The first run line by line: every question passes with Enter, and it comes once."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from app.cli import main
from app.commands.prompt import PlainHome
from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.plain.welcome import welcomed
from app.settings import Settings, load
from content.text.said import is_drawn
from engine import client as engine_client
from engine.client import EngineClient


class Terminal(io.StringIO):
    """Lines as a person types them."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def paths(
    tmp_path: Path, compiled_packs: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> Paths:
    """A home in which nothing was ever done; a new progress file is a copy of one made before."""
    from app.progress import store

    (tmp_path / "cache").mkdir()
    shutil.copy(compiled_packs, tmp_path / "cache" / "packs.sqlite")
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setenv("GRADUS_NOW", "2026-11-20T09:00")
    opened: Callable[..., store.Store] = store.Store.open

    def open_copy(path: Path, **options: object) -> store.Store:
        if not path.exists():
            shutil.copy(empty_database, path)
        return opened(path, **options)

    monkeypatch.setattr(store.Store, "open", open_copy)
    return Paths.inside(tmp_path)


def first(paths: Paths, typed: str, **chosen: object) -> tuple[Settings, str]:
    """What was chosen and what was printed for these lines."""
    sink = io.StringIO()
    settings = Settings(**{"language": "en", "plain": True, **chosen})  # type: ignore[arg-type]
    return welcomed(paths, settings, Terminal(typed), sink), sink.getvalue()


def test_enter_passes_everything_and_it_does_not_come_again(paths: Paths) -> None:
    chosen, told = first(paths, "\n\n\n", new_per_day=7)
    assert chosen == Settings(language="en", plain=True, new_per_day=7)
    assert told.startswith("Welcome to Gradus.")
    assert "No goal: 7 new items a day." in told
    assert load(paths.settings) == (chosen, ())
    assert first(paths, "zh\n", new_per_day=7) == (chosen, "")


@pytest.mark.parametrize("typed", ["", ":q\n", "zh\n:q\n", "zh\n30\n"])
def test_it_can_be_left_at_any_question_and_keeps_what_was_chosen(paths: Paths, typed: str) -> None:
    chosen, _ = first(paths, typed)
    assert chosen.language == ("zh" if typed.startswith("zh") else "en")
    assert chosen.minutes_per_day == (30 if "30" in typed else 0)
    assert load(paths.settings)[0] == chosen
    assert first(paths, "\n")[1] == ""


def test_what_is_typed_is_checked(paths: Paths) -> None:
    chosen, told = first(paths, "fr\nen\nmany\n2000\n²\n20\ny\n\n", plain=False)
    assert (chosen.language, chosen.minutes_per_day, chosen.daily_new) == ("en", 20, 6)
    assert chosen.new_from_minutes
    assert chosen.plain
    say = Locale("en")
    assert told.count(say("plain.welcome.language-with")) == 1
    assert told.count(say("settings.minutes_per_day.range")) == 3
    assert "6 new items a day" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_is_judged_and_not_saved(
    paths: Paths, language: str, engine: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_client, "EngineClient", lambda *_, **__: nullcontext(engine))
    _, told = first(paths, f"{language}\n\ny\n\n3\nhm\n3*3\n")
    say = Locale(language)
    assert say("welcome.note.back") in told
    assert say("study.verdict.unreadable") in told
    assert say("welcome.note.judged") in told
    assert told.endswith(say("plain.welcome.done") + "\n")
    assert not is_drawn(told)
    with closing(sqlite3.connect(paths.database)) as database:
        assert database.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_nobody_is_asked_where_there_is_no_terminal(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sink = io.StringIO()
    assert welcomed(paths, Settings(language="en"), io.StringIO("zh\n"), sink).language == "en"
    assert sink.getvalue() == ""
    assert not paths.settings.exists()
    assert not paths.database.exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert main(["--plain"]) == 0
    told = capsys.readouterr().out
    assert "line by line" in told or "逐行" in told
    assert not paths.settings.exists()


def test_home_asks_first_and_then_speaks_the_language_chosen(paths: Paths) -> None:
    sink = io.StringIO()
    typed = Terminal("zh\n15\n\n\nquit\n")
    assert PlainHome(paths, typed, sink, lambda _: 0).run() == 0
    told = sink.getvalue()
    assert told.index("每天打算学几分钟") < told.index(Locale("zh")("plain.home.title"))
    assert told.endswith("一切都已保存。\n")
