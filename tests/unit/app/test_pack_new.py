"""`gradus pack new`: what it writes, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import main
from content.loader import load


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")


def test_a_pack_is_written_into_a_folder_of_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "new", "nlp-course", "--language", "en"]) == 0
    out, err = capsys.readouterr()
    assert "gradus pack preview nlp-course" in out
    assert "gradus pack check nlp-course" in out
    assert err == ""
    loaded = load(Path("nlp-course"))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    assert loaded.pack.manifest.id == "nlp-course"
    assert loaded.pack.manifest.languages == ("en", "zh")
    assert [path.name for path in Path().iterdir()] == ["nlp-course"]


def test_one_language_and_chinese_comments() -> None:
    assert main(["pack", "new", "kurs", "--languages", "zh", "--language", "zh"]) == 0
    text = Path("kurs", "pack.yaml").read_text(encoding="utf-8")
    assert "languages: [zh]" in text
    assert "# 这个文件给出题包的名字" in text
    assert "title: 一个卷积层" in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["My Course!"], 2, "my-course"),
        (["课程"], 2, "nlp-course"),
        (["../up"], 2, "up"),
        (["a" * 200], 2, "lower-case"),
        (["kurs", "--languages", "en,de"], 2, "not written in: de"),
        (["kurs", "--languages", ","], 2, "not written in"),
        (["there"], 1, "exists already"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("there").mkdir()
    assert main(["pack", "new", *words, "--language", "en"]) == code
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""
    assert [path.name for path in Path().iterdir()] == ["there"]
    assert list(Path("there").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert main(["pack", "new", "kurs", "--language", "en"]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert list(Path().iterdir()) == []
