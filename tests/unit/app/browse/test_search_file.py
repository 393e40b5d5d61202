"""The search file: made, kept up to date, stopped half-way, damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from study_desk import cards, write_pack

from app.browse.building import build, is_current
from app.progress.problems import StoreProblem
from app.progress.search import SearchFile
from content.compiled import PackLibrary


@pytest.fixture
def library(pack: Path) -> Iterator[PackLibrary]:
    """The packs of a learner."""
    with PackLibrary((pack,), None) as found:
        yield found


def names(file: SearchFile, *phrase: str) -> list[str]:
    """The ids of items that hold the phrase."""
    known = {row.id: row.name.rpartition("/")[2] for row in file.listing()}
    return sorted(known[number] for number in file.find(phrase, prefix=False))


def test_only_what_changed_is_read_again(tmp_path: Path, pack: Path, library: PackLibrary) -> None:
    path = tmp_path / "cache" / "search.db"
    file = SearchFile(path)
    told: list[tuple[int, int]] = []
    assert not is_current(file, library)
    assert build(file, library, told=lambda done, all_: told.append((done, all_)))
    assert told[-1] == (12, 12)
    assert is_current(file, library)
    write_pack(pack, {"c.other": cards("c1", "c2", "c5", extra=" 卷积池化")})
    library.refresh()
    assert not is_current(file, library)
    told.clear()
    assert build(file, library, told=lambda done, all_: told.append((done, all_)))
    assert told[-1] == (3, 3)
    assert names(file, "卷", "积") == ["c1", "c2", "c5"]
    assert "c4" not in {row.name.rpartition("/")[2] for row in file.listing()}
    file.close()
    again = SearchFile(path)
    assert is_current(again, library)
    assert names(again, "积", "池") == ["c1", "c2", "c5"]
    again.close()


def test_stopped_it_goes_on_where_it_was(tmp_path: Path, pack: Path, library: PackLibrary) -> None:
    write_pack(pack, {"d.many": cards(*(f"d{n}" for n in range(250)))})
    library.refresh()
    file = SearchFile(tmp_path / "search.db")
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) == 2

    assert not build(file, library, stopped=stopped)
    assert not is_current(file, library)
    held = len(file.listing())
    assert 0 < held < 262
    told: list[int] = []
    assert build(file, library, told=lambda _, all_: told.append(all_))
    assert told[0] == 262 - held
    assert len(file.listing()) == 262
    file.close()


def test_a_damaged_or_foreign_file_is_made_anew(tmp_path: Path, library: PackLibrary) -> None:
    path = tmp_path / "search.db"
    for damage in (b"no database at all" * 100, b""):
        path.write_bytes(damage)
        file = SearchFile(path)
        assert build(file, library)
        assert names(file, "a1") == ["a1"]
        file.close()
    with path.open("r+b") as bytes_:
        bytes_.seek(4096)
        bytes_.write(b"\xff" * (path.stat().st_size - 4096))
    file = SearchFile(path)
    assert build(file, library)
    assert names(file, "a1") == ["a1"]
    file.close()


def test_without_a_folder_it_is_held_in_memory(tmp_path: Path, library: PackLibrary) -> None:
    (tmp_path / "file").write_text("")
    file = SearchFile(tmp_path / "file" / "search.db")
    assert build(file, library)
    assert names(file, "b2") == ["b2"]
    file.close()


def test_one_file_serves_two_at_once(tmp_path: Path, library: PackLibrary) -> None:
    first, second = SearchFile(tmp_path / "search.db"), SearchFile(tmp_path / "search.db")
    assert build(first, library)
    assert is_current(second, library)
    assert names(second, "c1") == ["c1"]
    first.close()
    second.close()


def test_a_closed_file_is_not_taken_for_a_damaged_one(tmp_path: Path, library: PackLibrary) -> None:
    path = tmp_path / "search.db"
    file = SearchFile(path)
    assert build(file, library)
    file.close()
    with pytest.raises(StoreProblem):
        file.key()
    again = SearchFile(path)
    assert is_current(again, library)
    again.close()
