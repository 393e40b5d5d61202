"""Installing, updating, removing: what is there afterwards, what is told, what is asked."""

from __future__ import annotations

import io
import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from hostile_zip import FILES, PACK, TOPIC

from app.cli import main
from app.locale import LANGUAGES, Locale
from app.packs.fetching import Fetched
from app.packs.installing import install as put
from app.packs.problems import CODES, FETCH_CODES
from app.packs.shelf import installed
from app.packs.sources import Kind, Source
from content.archive import build
from content.compiled import PackLibrary

ITEMS = b"""topic: first
title: First
cards:
  - {id: a, front: What is first?, back: The beginning.}
  - {id: b, front: What is second?, back: The middle.}
  - {id: c, front: What is third?, back: The end.}
"""
NEW_ITEMS = b"""title: First
topic: first  # the same topic
cards:
  - {id: a, front: What comes first?, back: The beginning.}
  - id: middle
    formerly: [first/b]
    front: What is second?
    back: The middle.
    level: 1
  - {id: d, front: What is fourth?, back: Nothing.}
"""
ONE = {**FILES, "topic.yaml": ITEMS}
TWO = {"pack.yaml": PACK.replace(b"1.0.0", b"1.1.0"), "topic.yaml": NEW_ITEMS}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def folder(path: Path, files: dict[str, bytes]) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    for name, data in files.items():
        (path / name).write_bytes(data)
    return path


def file(path: Path, files: dict[str, bytes], version: str = "1.0.0") -> Path:
    path.write_bytes(build("sample", version, files)[0])
    return path


def gradus(*words: object) -> int:
    return main(["pack", *map(str, words), "--language", "en"])


def state(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its time and contents."""
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_every_refusal_has_words() -> None:
    for language in LANGUAGES:
        say = Locale(language)
        assert all(say.has(f"share.pack.{code}") for code in CODES)
        assert all(say.has(f"share.fetch.{code}") for code in FETCH_CODES)


def test_installing_twice_changes_nothing(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = file(tmp_path / "s.gradus", ONE)
    assert gradus("install", pack) == 0
    before, when = state(home), (home / "packs").stat().st_mtime_ns
    assert gradus("install", pack) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert state(home) == before
    assert (home / "packs").stat().st_mtime_ns == when
    assert gradus("update") == 0
    assert state(home) == before


def test_a_damaged_installation_is_mended_by_installing_again(tmp_path: Path, home: Path) -> None:
    pack = file(tmp_path / "s.gradus", ONE)
    assert gradus("install", pack) == 0
    (home / "packs" / "sample@1" / "topic.yaml").write_bytes(b"")
    assert gradus("install", pack) == 0
    with PackLibrary((home / "packs",), None) as library:
        assert [item.name for item in library.index()] == [f"sample:first/{n}" for n in "abc"]


def test_updating_tells_what_differs_in_meaning(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = folder(tmp_path / "pack", ONE)
    assert gradus("install", source) == 0
    folder(source, TWO)
    capsys.readouterr()
    assert gradus("update", "sample") == 0
    assert capsys.readouterr().out.splitlines() == [
        "pack.yaml: version",
        "New items: 1",
        "  + first/d",
        "Items gone (what you learned of them is kept): 1",
        "  - first/c",
        "Renamed items (progress follows): 1",
        "  > first/b -> first/middle",
        "Items in which the wording differs: 1",
        "  ~ first/a: front",
        "Updated sample from 1.0.0 to 1.1.0.",
    ]
    assert [path.name for path in (home / "packs").iterdir()] == ["sample@2"]
    old, new = file(tmp_path / "1.gradus", ONE), file(tmp_path / "2.gradus", TWO, "1.1.0")
    assert gradus("diff", old, new, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["changed"] == [
        {"item": "first/a", "was": "first/a", "fields": ["front"], "judged": False}
    ]
    assert gradus("diff", "sample", new) == 0
    assert capsys.readouterr().out.splitlines()[1] == "Nothing differs in meaning."


def test_a_pack_is_listed_and_removed(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gradus("list") == 0
    assert capsys.readouterr().out == "No packs are installed besides the built-in ones.\n"
    pack = file(tmp_path / "s.gradus", ONE)
    assert gradus("install", pack) == 0
    folder(home / "packs" / "own", {**FILES, "pack.yaml": PACK.replace(b"sample", b"own")})
    capsys.readouterr()
    assert gradus("list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "own     1.0.0  put there by hand", f"sample  1.0.0  {pack}",
    ]  # fmt: skip
    assert gradus("list", "--json") == 0
    assert [held["source"] for held in json.loads(capsys.readouterr().out)] == [None, str(pack)]
    assert gradus("remove", "own") == 6
    assert gradus("update", "own") == 6
    assert gradus("remove", "sample") == 0
    assert gradus("remove", "sample") == 6
    assert [path.name for path in (home / "packs").iterdir()] == ["own"]


def test_what_was_put_there_by_hand_is_not_replaced(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = folder(home / "packs" / "mine", FILES)
    assert gradus("install", file(tmp_path / "s.gradus", ONE)) == 6
    assert "put there by hand" in capsys.readouterr().err
    assert [path.name for path in (home / "packs").iterdir()] == ["mine"]
    assert (own / "topic.yaml").read_bytes() == TOPIC


def test_a_built_in_pack_is_not_replaced(tmp_path: Path) -> None:
    pack = {**ONE, "pack.yaml": PACK.replace(b"sample", b"foundations")}
    assert gradus("install", folder(tmp_path / "pack", pack)) == 6


def test_an_archive_that_names_another_pack_is_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "x.gradus").write_bytes(build("other", "1.0.0", ONE)[0])
    assert gradus("install", tmp_path / "x.gradus") == 6
    assert list((home / "packs").iterdir()) == []


def test_an_update_that_is_another_pack_is_refused(tmp_path: Path, home: Path) -> None:
    source = folder(tmp_path / "pack", ONE)
    assert gradus("install", source) == 0
    folder(source, {**TWO, "pack.yaml": PACK.replace(b"sample", b"other")})
    assert gradus("update") == 6
    assert [held.id for held in installed(home / "packs")] == ["sample"]


def test_a_faulty_update_leaves_the_old_version(tmp_path: Path, home: Path) -> None:
    source = folder(tmp_path / "pack", ONE)
    assert gradus("install", source) == 0
    before = state(home)
    folder(source, {**TWO, "topic.yaml": NEW_ITEMS + b"unknown: 1\n"})
    assert gradus("update") == 1
    assert state(home) == before
    shutil.rmtree(source)
    assert gradus("update") == 4
    assert state(home) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    home.chmod(0o500)
    assert gradus("install", file(tmp_path / "s.gradus", ONE)) == 7


def test_a_file_where_the_packs_should_be(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "packs").write_text("")
    assert gradus("install", file(tmp_path / "s.gradus", ONE)) == 7


def test_what_interrupted_installations_left_is_taken_away(tmp_path: Path, home: Path) -> None:
    packs = home / "packs"
    assert gradus("install", file(tmp_path / "1.gradus", ONE)) == 0
    shutil.copytree(packs / "sample@1", packs / "sample@2")
    old, young = packs / ".staged-old", packs / ".staged-young"
    old.mkdir()
    young.mkdir()
    (packs / ".gone-x" / "deep").mkdir(parents=True)
    os.utime(old, (1, 1))
    assert gradus("install", file(tmp_path / "2.gradus", TWO, "1.1.0")) == 0
    assert sorted(path.name for path in packs.iterdir()) == [".staged-young", "sample@3"]


def test_several_at_once_leave_one_whole_pack(tmp_path: Path, home: Path) -> None:
    packs = home / "packs"
    problems: list[BaseException] = []

    def go(n: int) -> None:
        files = {**ONE, "README.txt": b"%d" % n}
        fetched = Fetched(Source(Kind.FILE, f"/{n}"), files)
        try:
            put(packs, fetched, decide=lambda plan: None)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=go, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    (held,) = installed(packs)
    assert (held.folder / "README.txt").read_bytes() == held.source.place[1:].encode()  # type: ignore[union-attr]


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def learned(tmp_path: Path, home: Path) -> Path:
    """A learner who knows items a, b and c of the installed pack; the update lies in `pack`."""
    from datetime import UTC, datetime

    from app.progress.store import Store
    from app.study.clock import Clock
    from app.study.session import DailyLimits, Study
    from app.study.views import Rating

    source = folder(tmp_path / "pack", ONE)
    assert gradus("install", source) == 0
    clock = Clock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    store = Store.open(home / "progress.sqlite", clock=clock)
    study = Study(
        store, PackLibrary((home / "packs",), None), None, clock,  # type: ignore[arg-type]
        limits=DailyLimits(new=None, reviews=None), seed=1,
    )  # fmt: skip
    session = study.begin()
    for _ in range(3):
        session.next()
        session.rate(Rating.EASY, hints=0, seconds=2.0)
    study.close()
    folder(source, TWO)
    return source


def known(home: Path) -> dict[str, int]:
    """Reviews that count, by item, once the catalogue is that of the packs."""
    from app.progress.store import Store
    from app.study.catalogue import synchronise
    from app.study.clock import Clock
    from app.study.doctor import verify

    store = Store.open(home / "progress.sqlite", clock=Clock())
    try:
        with store.transaction(), PackLibrary((home / "packs",), None) as library:
            synchronise(store, library)
        assert verify(store).sound
        names = [f"sample:first/{name}" for name in ("a", "middle", "d")]
        keys = {name: store.items.key(name) for name in names}
        found = {}
        for name, key in keys.items():
            assert key is not None
            memory = store.memories.get(key)
            found[name.rpartition("/")[2]] = memory.reviews if memory else 0
        assert sum(len(reviews) for _, reviews in store.log.all_reviews()) == 3
        return found
    finally:
        store.close()


@pytest.mark.parametrize(
    ("typed", "code", "expected"),
    [
        (None, 0, {"a": 1, "middle": 1, "d": 0}),
        ("k\n", 0, {"a": 1, "middle": 1, "d": 0}),
        ("\n", 0, {"a": 1, "middle": 1, "d": 0}),
        ("what?\nr\n", 0, {"a": 0, "middle": 1, "d": 0}),
    ],
)
def test_changed_items_are_asked_about_where_somebody_can_answer(
    learned: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str | None,
    code: int,
    expected: dict[str, int],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("") if typed is None else Keyboard(typed))
    capsys.readouterr()
    assert gradus("update") == code
    asked = capsys.readouterr().err
    assert asked.count("[k]eep, [r]eset, [q]uit") == (0 if typed is None else typed.count("\n"))
    assert known(home) == expected


@pytest.mark.parametrize("typed", ["q\n", ""])
def test_an_update_may_be_left(
    learned: Path, home: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    before = state(home / "packs")
    monkeypatch.setattr("sys.stdin", Keyboard(typed))
    assert gradus("update") == 6
    assert state(home / "packs") == before
    assert [path.name for path in (home / "packs").iterdir()] == ["sample@1"]


def test_what_becomes_of_changed_items_can_be_said_beforehand(learned: Path, home: Path) -> None:
    assert gradus("update", "--changed", "reset") == 0
    assert known(home) == {"a": 0, "middle": 1, "d": 0}


def test_removing_and_installing_again_brings_back_what_was_learned(
    learned: Path, home: Path
) -> None:
    assert gradus("remove", "sample") == 0
    assert gradus("install", learned) == 0
    assert known(home) == {"a": 1, "middle": 1, "d": 0}


def test_a_running_process_goes_on_in_the_version_it_began_with(tmp_path: Path, home: Path) -> None:
    """Whoever is in the middle of a round never gets questions of two versions."""
    cache = tmp_path / "packs.sqlite"
    source = folder(tmp_path / "pack", ONE)
    assert gradus("install", source) == 0
    with PackLibrary((home / "packs",), cache) as running:
        folder(source, TWO)
        assert gradus("update") == 0
        # Another process compiles the new version into the same cache.
        with PackLibrary((home / "packs",), cache) as other:
            assert [item.name for item in running.scan()] == [f"sample:first/{n}" for n in "abc"]
            for held, front in ((running, "What is first?"), (other, "What comes first?")):
                assert held.item("sample:first/a")[1].front == front  # type: ignore[union-attr]
            assert running.refresh()
            with PackLibrary((home / "packs",), None) as anew:
                assert running.key() == other.key() == anew.key()
        assert [held.version for held in running.manifests()] == ["1.1.0"]


def test_progress_that_cannot_be_read_is_told_before_anything_changes(
    learned: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "progress.sqlite").write_bytes(b"no database" * 100)
    for name in ("progress.sqlite-wal", "progress.sqlite-shm"):
        (home / name).unlink(missing_ok=True)
    assert gradus("update", "--changed", "reset") == 6
    assert "progress cannot be read" in capsys.readouterr().err
    assert [held.version for held in installed(home / "packs")] == ["1.0.0"]
    assert gradus("update") == 0  # nobody is asked, so nothing of it is needed
