"""MNIST's files as a person may have them: whole, zipped, missing, broken, hostile."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from runs import found, refused_code

TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def images(count: int, side: int = 28) -> bytes:
    sides = b"".join(n.to_bytes(4) for n in (count, side, side))
    return b"\0\0\x08\x03" + sides + bytes(n % 256 for n in range(count * side * side))


def labels(count: int) -> bytes:
    return b"\0\0\x08\x01" + count.to_bytes(4) + bytes(n % 10 for n in range(count))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADUS_DATA", str(tmp_path))
    return tmp_path


def test_files_are_read(folder: Path) -> None:
    (folder / TEST[0]).write_bytes(images(12))
    (folder / TEST[1]).write_bytes(labels(12))
    told = found("shape(inputs_of(d))", "targets_of(d)", "inputs_of(d)[0, 0, 9, 3]",
                 "len(mnist('test', 5))",
                 d="mnist('test')")  # fmt: skip
    assert told.values[0] == (12, 1, 28, 28)
    assert told.numbers(1) == tuple(n % 10 for n in range(12))
    assert told.number(2) == pytest.approx(255 / 255)
    assert told.number(3) == 5


def test_zipped_files_in_torchvisions_folder_are_read(folder: Path) -> None:
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(images(7)))
    (raw / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels(7)))
    assert found("len(mnist())").number(0) == 7


def test_without_a_folder_it_is_said_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADUS_DATA", raising=False)
    assert refused_code("mnist()") == "mnist-no-folder"


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / TEST[0]).write_bytes(images(3))
    assert refused_code("mnist('test')") == "mnist-missing"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"", labels(3)),
        (b"\0\0\x08", labels(3)),
        (images(3)[:-1], labels(3)),
        (images(3) + b"x", labels(3)),
        (images(3), labels(4)),
        (images(3), labels(3)[:8] + b"\x0a\0\0"),
        (images(3), images(3)),
        (images(3, 4), labels(3)),
        (b"\0\0\x08\x03" + b"\xff" * 12, labels(3)),
        (b"\0\0\x08\x03" + (2**31).to_bytes(4) * 3, labels(3)),
        (images(0), labels(0)),
        (b"PK\3\4" + images(3)[4:], labels(3)),
    ],
)
def test_broken_and_hostile_headers_are_refused(folder: Path, first: bytes, second: bytes) -> None:
    (folder / TEST[0]).write_bytes(first)
    (folder / TEST[1]).write_bytes(second)
    assert refused_code("mnist('test')") == "mnist-broken"


def test_a_zip_of_zeros_is_not_unpacked(folder: Path) -> None:
    (folder / f"{TEST[0]}.gz").write_bytes(gzip.compress(images(2) + bytes(5_000_000)))
    (folder / TEST[1]).write_bytes(labels(2))
    assert refused_code("mnist('test')") == "mnist-broken"


def test_what_is_no_zip_is_refused(folder: Path) -> None:
    (folder / f"{TEST[0]}.gz").write_bytes(images(2))
    (folder / TEST[1]).write_bytes(labels(2))
    assert refused_code("mnist('test')") == "mnist-unreadable"
    (folder / f"{TEST[0]}.gz").write_bytes(gzip.compress(images(2))[:-200])
    assert refused_code("mnist('test')") == "mnist-unreadable"
