"""Archives and YAML made to harm: each refused for its own reason, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import ARCHIVES
from hostile_yaml import YAML
from hostile_zip import FILES, whole

from app.cli import main
from app.commands.pack_share import FAULTY, REFUSED
from app.locale import LANGUAGES, Locale
from content.archive import ArchiveError, read
from content.archive.refusal import CODES
from content.text import hidden_in

ELSEWHERE = {
    "signature-unchecked": "test_pack_signing",
    "not-signed": "test_pack_signing",
    "other-key": "test_pack_signing",
}
"""Codes that depend on more than the file, and the module that tests them."""


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "here"))


def test_the_corpus_is_large_and_its_measure_is_sound() -> None:
    assert len(ARCHIVES) + len(YAML) >= 250
    assert dict(read(whole()).files) == FILES


def test_every_reason_to_refuse_occurs_and_has_words() -> None:
    assert {code for _, code in ARCHIVES.values()} | set(ELSEWHERE) == set(CODES)
    for language in LANGUAGES:
        for code in CODES:
            assert Locale(language).has(f"share.archive.{code}"), code


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_is_refused_for_the_right_reason_and_nothing_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, code = ARCHIVES[name]
    with pytest.raises(ArchiveError) as refused:
        read(data)
    assert refused.value.code == code
    file = tmp_path / "pack.gradus"
    file.write_bytes(data)
    assert main(["pack", "install", str(file), "--language", "en"]) == REFUSED
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Refused: ")
    assert err.endswith("\n")
    assert hidden_in(err[:-1]) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "pack.gradus"]
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize("name", YAML)
def test_a_file_of_a_pack_is_refused_with_its_diagnostic(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, code = YAML[name]
    file = tmp_path / "pack.gradus"
    file.write_bytes(whole({**FILES, "topic.yaml": data}))
    assert main(["pack", "install", str(file), "--language", "en"]) == FAULTY
    out, err = capsys.readouterr()
    assert f"[{code}]" in out
    assert "--> topic.yaml" in out
    assert hidden_in(out) == ()
    assert err == ""
    assert list((tmp_path / "home" / "packs").iterdir()) == []
