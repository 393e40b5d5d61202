"""`gradus pack check` with `--fix`, `--explain` and `--format`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.cli import main

DATA = Path(__file__).parents[2] / "data" / "packs"


@pytest.fixture(autouse=True)
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack with one misspelled field, in the working folder."""
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    shutil.copytree(DATA / "sound", "broken")
    shutil.copy(DATA / "codes" / "G101.yaml", Path("broken", "topic.yaml"))
    return Path("broken")


def run(*words: str) -> int:
    return main(["pack", "check", *words, "--no-measure", "--language", "en"])


def test_a_dry_run_shows_a_diff_and_writes_nothing(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (broken / "topic.yaml").read_bytes()
    assert run("broken", "--fix", "--dry-run") == 1
    out, err = capsys.readouterr()
    assert out.startswith("--- broken/topic.yaml\n+++ broken/topic.yaml\n@@")
    assert "\n-    secnds: 20\n+    seconds: 20\n" in out
    assert err == ""
    assert (broken / "topic.yaml").read_bytes() == before


def test_a_fix_is_written_and_the_check_follows(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("broken", "--fix") == 0
    out, err = capsys.readouterr()
    assert err == "1 line mended. Files changed: 1.\n"
    assert "0 errors" in out
    assert "seconds: 20" in (broken / "topic.yaml").read_text(encoding="utf-8")
    assert run("broken", "--fix", "--dry-run") == 0
    assert run("broken", "--fix") == 0
    assert capsys.readouterr().err == "0 lines mended. Files changed: 0.\n"


def test_a_fix_that_cannot_be_written_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("content.mending.write", full)
    assert run("broken", "--fix") == 1
    assert "No space left on device" in capsys.readouterr().err


def test_the_report_for_github(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("broken", "--format", "github") == 1
    first, *others = capsys.readouterr().out.splitlines()
    place = "::error file=broken/topic.yaml,line=7,col=5,title=G101 field-unknown::"
    assert first.startswith(place), first
    assert "Unknown field `secnds`%0A" in first
    assert others == []


def test_json_by_its_other_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("broken", "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["errors"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--explain", "g101"], 0, "G101 field-unknown (error)"),
        (["--explain", "G999"], 2, "There is no code G999."),
        ([], 2, "Give the pack's folder"),
        (["broken", "--dry-run"], 2, "--dry-run belongs to --fix."),
    ],
)
def test_what_is_asked_besides(
    words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == code
    out, err = capsys.readouterr()
    assert said in (err if code else out)


def test_a_broken_manifest_is_told_whatever_the_topics(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = broken / "pack.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "drlls: []\n", encoding="utf-8")
    shutil.copy(DATA / "sound" / "topic.yaml", broken / "topic.yaml")
    assert run("broken", "--topics", "cnn") == 1
    assert "Unknown field `drlls`" in capsys.readouterr().out


def test_what_learners_of_a_built_version_would_lose(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(DATA / "sound", "sound")
    assert main(["pack", "build", "sound", "--output", "one.gradus"]) == 0
    shutil.copy(DATA / "codes" / "G212.yaml", broken / "topic.yaml")
    capsys.readouterr()
    assert run("broken", "--since", "one.gradus") == 0
    assert "The item `cnn.params/sharing` is gone" in capsys.readouterr().out
    assert run("broken", "--since", "sound") == 0
    assert "[G212]" in capsys.readouterr().out
    assert run("sound", "--since", "one.gradus") == 0
    assert "G212" not in capsys.readouterr().out
    for nothing in ("none.gradus", "broken/topic.yaml"):
        assert run("broken", "--since", nothing) == 2
        assert "cannot be read as an earlier version" in capsys.readouterr().err
