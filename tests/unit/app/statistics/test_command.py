"""`gradus stats` as a shell meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.cli import main
from app.settings import Settings, save
from content.text.said import is_drawn


@pytest.fixture(autouse=True)
def home(tmp_path: Path, compiled_packs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cache").mkdir()
    shutil.copy(compiled_packs, tmp_path / "cache" / "packs.sqlite")
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setenv("GRADUS_NOW", "2026-11-20T09:00")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return tmp_path


def test_text_json_and_a_page(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["stats", "forecast", "--period", "week", "--language", "zh"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("复习预测   今后 7 天 · 全部主题\n")
    assert "每天 20 项新内容" in text
    assert main(["stats", "--json", "--period", "week"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["format", "today", "period", "topic", "pictures"]
    assert len(data["pictures"]) == 9
    assert len(data["pictures"]["forecast"]["expected"]) == 7
    page = home / "page.html"
    assert main(["stats", "calendar", "--html", str(page)]) == 0
    told = capsys.readouterr()
    assert (told.out, str(page) in told.err) == ("", True)
    assert page.read_text(encoding="utf-8").count("<section") == 1


def test_what_cannot_be(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "--topic", "no.such"]) == 2
    assert "no.such" in capsys.readouterr().err
    (home / "taken").mkdir()
    assert main(["stats", "time", "--html", str(home / "taken")]) == 1
    assert "taken" in capsys.readouterr().err
    for words in (["stats", "--json", "--html", "x"], ["stats", "weather"]):
        with pytest.raises(SystemExit) as refused:
            main(words)
        assert refused.value.code == 2


def test_plain_mode_hears_every_picture(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(Settings(language="en", plain=True), home / "settings.json")
    assert main(["stats", "forecast", "--period", "week"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Forecast: next 7 days · all topics\n")
    assert "items per day: again and new: 20 Nov: 20" in told
    assert main(["stats"]) == 0
    assert not is_drawn(capsys.readouterr().out)
