"""`gradus pack`: exit codes, streams, JSON and languages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.cli import main
from content.checks import RULES

DATA = Path(__file__).parents[2] / "data" / "packs"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "sound", tmp_path / "broken")
    shutil.copy(DATA / "codes" / "G101.yaml", tmp_path / "broken" / "topic.yaml")
    return tmp_path / "broken"


def test_a_sound_pack_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", str(DATA / "sound"), "--draws", "20", "--language", "en"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("sample: nothing to mend. Items: 2, exercises: 1, draws measured: 21")
    assert err == ""


def test_a_pack_that_has_not_changed_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(DATA / "sound", pack)
    words = ["pack", "check", str(pack), "--draws", "5", "--language", "en", "--json"]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(words) == 0
    second = json.loads(capsys.readouterr().out)
    assert (first["known"], second["known"]) == (0, 2)
    changing = ("known", "seconds")
    assert {k: v for k, v in first.items() if k not in changing} == {
        k: v for k, v in second.items() if k not in changing
    }
    (file,) = (file for file in pack.glob("*.yaml") if file.name != "pack.yaml")
    file.write_text(file.read_text(encoding="utf-8") + "\nunknown: 3\n", encoding="utf-8")
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)["errors"] == 1


def test_what_an_installed_pack_lacks_is_told_also_of_a_pack_that_was_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, pack = tmp_path / "home" / "packs" / "other", tmp_path / "pack"
    shutil.copytree(DATA / "sound", other)
    shutil.copytree(DATA / "sound", pack)
    for file, old, new in (
        (other / "pack.yaml", "id: sample", "id: other"),
        (pack / "topic.yaml", "topic: cnn.params", "topic: cnn.params\nneeds: [other:cnn.params]"),
    ):
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with (pack / "pack.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("after: [other]\n")
    words = ["pack", "check", str(pack), "--draws", "5", "--language", "en"]
    assert main(words) == 0
    topic = other / "topic.yaml"
    text = topic.read_text(encoding="utf-8").replace("topic: cnn.params", "topic: cnn.param")
    topic.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert main(words) == 1
    out, _ = capsys.readouterr()
    assert "[G204]" in out
    assert "Did you mean `other:cnn.param`" in out
    shutil.rmtree(other)
    assert main(words) == 0


def test_errors_give_exit_code_1(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", str(broken), "--no-measure", "--language", "zh"]) == 1
    out, err = capsys.readouterr()
    assert "错误[G101] 未知字段 `secnds`" in out
    assert err == ""


def test_json(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", str(broken), "--json", "--language", "en"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["pack"] == "sample"
    assert report["ok"] is False
    assert report["errors"] == 1
    (error,) = [entry for entry in report["diagnostics"] if entry["severity"] == "error"]
    assert (error["code"], error["line"], error["column"]) == ("G101", 7, 5)
    assert error["mend"] == "Did you mean `seconds`?"


def test_some_topics_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong in other topics is not told, and an unknown topic is."""
    pack = tmp_path / "pack"
    shutil.copytree(DATA / "sound", pack)
    (own,) = (file for file in pack.glob("*.yaml") if file.name != "pack.yaml")
    text = own.read_text(encoding="utf-8")
    name = next(line for line in text.splitlines() if line.startswith("topic:"))
    other = text.replace(name, "topic: other.thing\nneeds: [nowhere.at-all]")
    (pack / "other.yaml").write_text(other, encoding="utf-8")
    words = ["pack", "check", str(pack), "--no-measure", "--language", "en", "--topics"]
    assert main([*words, "other"]) == 1
    assert "nowhere.at-all" in capsys.readouterr().out
    assert main([*words, name.removeprefix("topic:").strip()]) == 0
    assert "nowhere.at-all" not in capsys.readouterr().out
    assert main([*words, "othe"]) == 2
    assert capsys.readouterr().err.startswith("No topic of this pack is called othe")


def test_what_is_no_pack_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "check", str(tmp_path / "nowhere"), "--language", "en"]) == 1
    assert "error[G001] There is nothing at this path" in capsys.readouterr().out


@pytest.mark.parametrize(("language", "word"), [("en", "What it does"), ("zh", "检查什么")])
def test_explain(language: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "explain", "g403", "--language", language]) == 0
    assert word in capsys.readouterr().out
    assert main(["pack", "explain", "G999", "--language", language]) == 2
    assert "G999" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "end"), [("en", "."), ("zh", "。")])
def test_without_a_code_all_are_listed(
    language: str, end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "explain", "--language", language]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:4] for line in lines] == sorted(RULES)
    assert all(line.endswith(end) for line in lines)


@pytest.mark.parametrize(("of", "name"), [("topic", "Topic"), ("pack", "Manifest")])
def test_schema(of: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "schema", of]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == name
