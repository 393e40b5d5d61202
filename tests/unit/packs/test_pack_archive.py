"""Building: the same bytes whatever the day, the folder, the order; signing."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hostile_zip import FILES, PACK, TOPIC

from app.cli import main
from content.archive import ArchiveError, build, collect, pack_files, read
from content.compiled import builtin_root


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))


FULL = {**FILES, "README.md": b"# Sample\n", "LICENSE": b"MIT\n", "a/second.yaml":
        TOPIC.replace(b"topic: first", b"topic: second"), "卷积/third.yaml":
        TOPIC.replace(b"topic: first", b"topic: third")}  # fmt: skip


def test_another_day_folder_order_and_umask_give_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "first", FULL)
    umask = os.umask(0o077)
    try:
        second = write(tmp_path / "far" / "away" / "second", dict(reversed(FULL.items())))
    finally:
        os.umask(umask)
    for n, path in enumerate(second.rglob("*")):
        os.utime(path, (10**9 + n, 10**9 + n))
        path.chmod(0o700)
    assert main(["pack", "build", str(first), "--output", str(tmp_path / "1.gradus")]) == 0
    # Another process, another seed of hashes, another time zone.
    subprocess.run(
        [sys.executable, "-m", "app.cli", "pack", "build", str(second / "pack.yaml"),
         "--output", str(tmp_path / "2.gradus")],
        check=True, capture_output=True, timeout=60, cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai",
             "GRADUS_NOW": "2031-05-05T05:05"},
    )  # fmt: skip
    assert (tmp_path / "1.gradus").read_bytes() == (tmp_path / "2.gradus").read_bytes()
    assert dict(read((tmp_path / "1.gradus").read_bytes()).files) == FULL


def test_what_is_built_does_not_change_from_version_to_version() -> None:
    """The bytes themselves are part of the promise; change them only with the format."""
    import hashlib

    data, contents = build("sample", "1.0.0", FULL)
    assert hashlib.sha256(data).hexdigest() == GOLDEN
    assert contents.digest == GOLDEN_DIGEST


GOLDEN = "7fb7141d2165ba108faf098a842593152a89352922f433b79d1ebc584640179f"
GOLDEN_DIGEST = "43542f03be988543af301a90b36bbb49f9b1748a75499856381b7c1fb6bcfb7a"


def test_an_archive_is_an_ordinary_zip(tmp_path: Path) -> None:
    (tmp_path / "a.gradus").write_bytes(build("sample", "1.0.0", FULL)[0])
    with zipfile.ZipFile(tmp_path / "a.gradus") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["gradus.json", *sorted(FULL)]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("pack", ["foundations", "interview", "errata"])
def test_the_built_in_packs_fit(pack: str) -> None:
    files = collect(builtin_root() / pack)
    assert dict(read(build(pack, "1.0.0", files)[0]).files) == files


def test_what_does_not_belong_stays_out(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "pack",
        {**FILES, ".git/config": b"", "_drafts/x.yaml": b"x: 1", "run.py": b"", "notes.docx": b"",
         ".secret.yaml": b"password: 1", "a/README.md": b"", "a/.hidden.yaml": b""},
    )  # fmt: skip
    assert set(pack_files(folder)) == set(FILES)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = write(tmp_path / "pack", FILES)
    (folder / "inside.yaml").symlink_to(folder / "topic.yaml")
    with pytest.raises(ArchiveError) as refused:
        collect(folder)
    assert refused.value.code == "link"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("con.yaml", "name-reserved"),
        ("ab:c.yaml", "name-character"),
        ("cafe\u0301.yaml", "name-form"),
    ],
)
def test_a_name_that_would_not_do_elsewhere_is_told_when_building(
    tmp_path: Path, name: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "pack", {**FILES, name: TOPIC.replace(b": first", b": second")})
    output = tmp_path / "x.gradus"
    with pytest.raises(ArchiveError) as refused:
        pack_files(folder)
    assert refused.value.code == code
    assert main(["pack", "build", str(folder), "--output", str(output)]) == 3
    assert not output.exists()


def test_other_contents_in_a_file_of_the_same_version_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "pack", FILES)
    monkeypatch.chdir(tmp_path)
    told = "stood there with other contents"
    for _ in range(2):
        assert main(["pack", "build", "pack"]) == 0
        assert told not in capsys.readouterr()[0]
    topic = folder / "topic.yaml"
    topic.write_bytes(topic.read_bytes() + b"# changed\n")
    assert main(["pack", "build", "pack"]) == 0
    assert told in capsys.readouterr()[0]
    (built,) = tmp_path.glob("*.gradus")
    built.write_bytes(b"no archive")
    assert main(["pack", "build", "pack", "--language", "zh"]) == 0
    assert "内容不同" not in capsys.readouterr()[0]


def test_a_pack_with_errors_is_not_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "pack", {**FILES, "topic.yaml": TOPIC + b"run: x\n"})
    output = tmp_path / "x.gradus"
    words = ["pack", "build", str(folder), "--output", str(output), "--language", "zh"]
    assert main(words) == 1
    out, _ = capsys.readouterr()
    assert "错误[G101]" in out
    assert "--> topic.yaml:5:1" in out
    assert "因此没有继续" in out
    assert not output.exists()


def test_what_stood_there_is_replaced_whole_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "pack", FILES)
    output = tmp_path / "no" / "such" / "folder" / "x.gradus"
    assert main(["pack", "build", str(folder), "--output", str(output)]) == 7
    output = tmp_path / "x.gradus"
    output.write_bytes(b"old")
    assert main(["pack", "build", str(folder), "--output", str(output)]) == 0
    assert dict(read(output.read_bytes()).files) == FILES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pack", "x.gradus"]
    assert PACK in output.read_bytes()
