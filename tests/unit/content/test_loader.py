"""Loading packs: hostile folders and files give diagnostics, never an exception."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from content.loader import load

SOUND = Path(__file__).parents[2] / "data" / "packs" / "sound"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "pack"))


def codes(path: Path) -> list[str]:
    return [found.code for found in load(path).diagnostics]


def test_a_sound_pack(pack: Path) -> None:
    loaded = load(pack)
    assert loaded.whole
    assert loaded.pack is not None
    assert loaded.pack.find("cnn.params", "sharing") is not None
    assert set(loaded.positions) == {"", "cnn.params"}
    source = loaded.source("cnn.params")
    assert source is not None
    assert set(source.hashes) == {"sharing", "conv-parameters"}
    assert load(pack / "pack.yaml").pack == loaded.pack


def test_a_broken_topic_costs_only_itself(pack: Path) -> None:
    (pack / "deep").mkdir()
    (pack / "deep" / "broken.yaml").write_text("topic: x: y", encoding="utf-8")
    loaded = load(pack)
    assert [found.code for found in loaded.diagnostics] == ["G004"]
    assert loaded.diagnostics[0].file == str(pack / "deep" / "broken.yaml")
    assert loaded.pack is not None
    assert [topic.topic for topic in loaded.pack.topics] == ["cnn.params"]
    assert not loaded.whole


def test_without_a_manifest_there_is_no_pack_but_every_problem(pack: Path) -> None:
    (pack / "pack.yaml").write_text("id: A\n", encoding="utf-8")
    (pack / "broken.yaml").write_text("[", encoding="utf-8")
    loaded = load(pack)
    assert loaded.pack is None
    assert {found.code for found in loaded.diagnostics} == {"G102", "G004"}


@pytest.mark.parametrize("name", ["nothing", "pack.yaml"])
def test_paths_that_are_no_pack(tmp_path: Path, name: str) -> None:
    assert codes(tmp_path / name) == ["G001"]


def test_a_file_is_no_pack(pack: Path) -> None:
    assert codes(pack / "topic.yaml") == ["G001"]


def test_an_empty_folder_is_no_pack(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["G001"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX links and pipes")
def test_links_and_pipes(pack: Path) -> None:
    outside = pack.parent / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text("topic: secret", encoding="utf-8")
    (pack / "file.yaml").symlink_to(outside / "secret.yaml")
    (pack / "folder").symlink_to(outside)
    (pack / "loop").symlink_to(pack)
    (pack / "dangling.yaml").symlink_to(pack / "nowhere.yaml")
    os.mkfifo(pack / "pipe.yaml")
    found = load(pack).diagnostics
    assert {Path(d.file).name: d.code for d in found} == {
        "file.yaml": "G013",
        "folder": "G013",
        "dangling.yaml": "G013",
        "pipe.yaml": "G013",
        "loop": "G013",
    }


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_file(pack: Path) -> None:
    (pack / "topic.yaml").chmod(0)
    assert codes(pack) == ["G001"]


def test_hidden_files_are_left_alone(pack: Path) -> None:
    (pack / ".git").mkdir()
    (pack / ".git" / "x.yaml").write_text("[", encoding="utf-8")
    (pack / "_draft.yaml").write_text("[", encoding="utf-8")
    assert codes(pack) == []


def test_a_topic_in_two_files_is_kept_once(pack: Path) -> None:
    shutil.copy(pack / "topic.yaml", pack / "a.yaml")
    loaded = load(pack)
    assert [(d.code, Path(d.file).name) for d in loaded.diagnostics] == [("G201", "topic.yaml")]
    assert loaded.pack is not None
    assert len(loaded.pack.topics) == 1


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"\x00" * 1000, b"[" * 200_000, b"a: " * 200_000, b"#" * 50_000_000,
     b"topic: \x1b[31m", b"&a [*a, *a]", b"topic: t\ntitle: a\ncards: 3", b"- 1", b"",
     b"topic: {{ x }}", b"exercises: [{draw: {a: {from: {}}}}]", "topic: \u202eabc".encode()],
    ids=range(13),
)  # fmt: skip
def test_any_content_gives_diagnostics(pack: Path, content: bytes) -> None:
    (pack / "bad.yaml").write_bytes(content)
    loaded = load(pack)
    assert loaded.pack is not None
    assert len(loaded.pack.topics) == 1
    assert loaded.diagnostics
    assert all(Path(found.file).name == "bad.yaml" for found in loaded.diagnostics)


def test_a_hash_changes_with_the_text_and_not_with_the_layout(pack: Path) -> None:
    def hashes() -> dict[str, str]:
        source = load(pack).source("cnn.params")
        assert source is not None
        return dict(source.hashes)

    before = hashes()
    text = (pack / "topic.yaml").read_text(encoding="utf-8")
    (pack / "topic.yaml").write_text("# a comment\n" + text, encoding="utf-8")
    assert hashes() == before
    (pack / "topic.yaml").write_text(text.replace("so few", "hardly any"), encoding="utf-8")
    after = hashes()
    assert after["sharing"] != before["sharing"]
    assert after["conv-parameters"] == before["conv-parameters"]
