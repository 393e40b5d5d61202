"""Plain mode: a prompt at which everything Gradus can do is typed, in words alone."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from app.cli import COMMANDS, main
from app.commands.prompt import PlainHome
from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.plain.desk import PlainDesk
from app.settings import Settings, load, save
from tests.built_in import built_in

_DRAWN = re.compile("[\u2500-\u25ff\u2713\u2717\u25c6\u2248]")


def session(tmp_path: Path, typed: str, **chosen: object) -> tuple[list[list[str]], str]:
    """What was run and what was printed for these lines."""
    paths = Paths.inside(tmp_path)
    save(Settings(**{"language": "en", "plain": True, **chosen}), paths.settings)  # type: ignore[arg-type]
    ran: list[list[str]] = []
    sink = io.StringIO()
    home = PlainHome(paths, io.StringIO(typed), sink, lambda words: ran.append(list(words)) or 0)
    assert home.run() == 0
    return ran, sink.getvalue()


def test_enter_studies_and_screens_are_asked_for_in_their_line_form(tmp_path: Path) -> None:
    ran, told = session(tmp_path, "\ndrill cnn-sprint\nlab --plain\nstats\nfind 'is:due x'\n")
    assert ran == [
        ["study", "--plain"],
        ["drill", "cnn-sprint", "--plain"],
        ["lab", "--plain"],
        ["stats"],
        ["find", "is:due x"],
    ]
    assert told.endswith("Everything is saved.\n")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    ran, told = session(tmp_path, "dance\nfind 'open\nquit\nstudy\n")
    assert ran == []
    assert "There is no command dance." in told
    assert "quotation mark" in told


def test_a_command_that_gives_up_comes_back_to_the_prompt(tmp_path: Path) -> None:
    def run(words: object) -> int:
        raise KeyboardInterrupt if words == ["stats"] else SystemExit(2)

    sink = io.StringIO()
    save(Settings(language="zh"), Paths.inside(tmp_path).settings)
    assert PlainHome(Paths.inside(tmp_path), io.StringIO("stats\nplan\n"), sink, run).run() == 0
    assert sink.getvalue().count("按回车开始学习") == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_every_command(tmp_path: Path, language: str) -> None:
    _, told = session(tmp_path, "help\n", language=language)
    for command in set(COMMANDS) - {"items", "exercise"}:
        assert command in told, command
    assert not _DRAWN.search(told)


def test_gradus_alone_starts_it_where_it_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("settings plain off\nquit\n"))
    save(Settings(language="en", plain=True), Paths.inside(tmp_path).settings)
    assert main([]) == 0
    assert "plain = off" in capsys.readouterr().out
    assert main([]) == 2
    assert "terminal" in capsys.readouterr().err


def test_pictures_and_verdicts_are_words_alone() -> None:
    library = built_in()
    for bare in (True, False):
        sink = io.StringIO()
        desk = PlainDesk(library, "en", io.StringIO(), sink)
        desk.bare = bare
        from content.text import Drawing
        from engine.values import Bars

        desk._document((Drawing(Bars(("a", "b"), (1.0, 2.0))),))
        desk._print(desk._verdict_words("mistake"))
        assert bool(_DRAWN.search(sink.getvalue())) is not bare
        assert "mistake" in sink.getvalue()
        assert "a" in sink.getvalue()


# gradus settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("new_per_day", "12", 12),
        ("theme", "safe-dark", "safe-dark"),
        ("reduced_motion", "on", True),
        ("desired_retention", "85%", 0.85),
        ("goal_date", "2026-12-12", "2026-12-12"),
        ("days_off", "2026-12-24..2026-12-26", "2026-12-24..2026-12-26"),
    ],
)
def test_a_setting_is_changed_and_reset(home: Path, name: str, text: str, value: object) -> None:
    file = Paths.inside(home).settings
    assert main(["settings", name, text]) == 0
    assert getattr(load(file)[0], name) == value
    assert main(["settings", name, "default"]) == 0
    assert getattr(load(file)[0], name) == getattr(Settings(), name)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["colour"], "There is no setting colour."),
        (["new_per_day", "many"], Locale("en")("settings.new_per_day.range")),
        (["theme", "pink"], "One of: dark, light"),
        (["plain", "perhaps"], "One of: on, off"),
        (["keys", "z"], "Keys are chosen on the settings screen"),
        (["goal_date", "2026-02-30"], Locale("en")("settings.goal_date.range")),
    ],
)
def test_what_is_refused_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["settings", *words]) == 2
    assert said in capsys.readouterr().err
    assert not Paths.inside(home).settings.exists()


def test_settings_are_listed_and_explained(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Paths.inside(home).settings.write_text('{"language": "en", "theme": "pink"}')
    assert main(["settings"]) == 0
    told = capsys.readouterr()
    assert "theme = dark\n" in told.out
    assert "theme in the settings file could not be used" in told.err
    assert main(["settings", "minutes_per_day"]) == 0
    assert capsys.readouterr() == (
        "minutes_per_day = 0\n",
        told.err + Locale("en")("settings.minutes_per_day.about") + "\n",
    )
