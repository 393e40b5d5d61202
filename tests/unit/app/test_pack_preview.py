"""`gradus pack preview` and `pack schema`: what they say where they cannot open or only print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main
from content.reference import reference


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))


def test_without_a_terminal_the_check_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "preview", str(tmp_path), "--language", "en"]) == 2
    assert f"gradus pack check {tmp_path}" in capsys.readouterr().err


def test_nothing_at_the_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "preview", str(tmp_path / "none"), "--language", "zh"]) == 1
    assert "什么也没有" in capsys.readouterr().err


def test_the_reference_of_fields_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "schema", "fields"]) == 0
    assert capsys.readouterr().out == reference()


@pytest.mark.parametrize("of", ["topic", "pack"])
def test_every_field_of_a_schema_is_described(of: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "schema", of]) == 0
    schema = json.loads(capsys.readouterr().out)
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        assert all(field.get("description") for field in part["properties"].values())
