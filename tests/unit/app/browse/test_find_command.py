"""`gradus find` as a shell meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from study_desk import write_pack

from app.cli import main
from app.paths import Paths
from app.progress.store import Store
from app.study.clock import Clock

_HOSTILE = """cards:
- id: hostile
  front: {en: "Red \\e[31malert\\a [bold]markup[/bold]\\u202e", zh: "红 \\e[31m卷积核\\a"}
  back: {en: Nothing., zh: 没有。}
"""


@pytest.fixture(scope="module")
def used_home(tmp_path_factory: pytest.TempPathFactory, compiled_packs: Path) -> Path:
    """The built-in packs and a hostile one, searched once."""
    home = tmp_path_factory.mktemp("found")
    paths = Paths.inside(home)
    paths.cache.mkdir()
    shutil.copy(compiled_packs, paths.compiled_packs)
    folder = write_pack(paths.packs / "bad", {"z.bad": _HOSTILE})
    for file in folder.glob("*.yaml"):
        text = file.read_text().replace("languages: [en]", "languages: [en, zh]")
        file.write_text(
            text.replace("title: Test", "title: {en: T, zh: 测}").replace(
                "title: About z.bad", "title: {en: Z, zh: 差}"
            )
        )
    return home


@pytest.fixture(autouse=True)
def home(used_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That home, in a plain English terminal."""
    monkeypatch.setenv("GRADUS_HOME", str(used_home))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return used_home


def test_items_are_found_as_lines_and_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "topic:cnn.pooling 池化", "--limit", "3"]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 3
    assert all(line.startswith("foundations:cnn.pooling/") for line in told.out.splitlines())
    assert told.err.splitlines()[-1].startswith("3 of ")
    assert main(["find", "topic:cnn.pooling", "池化", "--json", "--language", "zh"]) == 0
    items = json.loads(capsys.readouterr().out)
    assert len(items) > 3
    assert {item["state"] for item in items} == {"new"}
    assert set(items[0]) == {
        "item", "title", "topic", "kind", "level", "state", "due_days", "recall", "stability",
        "difficulty", "reviews", "lapses", "suspended", "flag", "note",
    }  # fmt: skip


def test_nothing_found_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "--json", "is:suspended"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == []
    assert "0 items" in told.err


def test_a_query_that_cannot_be_read_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "卷积 topc:cnn"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert lines[1].index("^") == 5
    assert "“topic”" in lines[2]


def test_nothing_a_terminal_acts_on_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["卷积核 pack:bad"], ["alert"], ["alert", "--json"]):
        assert main(["find", *words, "--language", "zh"]) == 0
        told = capsys.readouterr()
        assert "hostile" in told.out
        assert not any(char in told.out for char in "\x1b\a\u202e")


def test_progress_that_cannot_be_read_is_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    Store.open(Paths.inside(tmp_path).database, clock=Clock.from_environment()).close()
    Paths.inside(tmp_path).database.write_bytes(b"not a database" * 1000)
    assert main(["find", "x"]) == 1
    assert str(Paths.inside(tmp_path).database) in capsys.readouterr().err
