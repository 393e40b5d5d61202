"""Backups: whole and sound, made every study day, thinned; the way back."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_desk import HandClock

from app.cli import main
from app.progress.backup import KEPT, back_up
from app.progress.events import Answer
from app.progress.problems import StoreProblem
from app.study.doctor import verify
from app.study.session import Study
from app.study.views import Rating
from app.transfer.backups import back_up_by_hand, begin_daily, daily, listed
from app.transfer.contents import contents
from app.transfer.restoring import candidate, restore
from app.transfer.thinning import ALL_DAYS, ALL_MOST, DAYS, MONTHS, MOST, WEEKS, kept

OpenStudy = Callable[..., Study]
TODAY = 739_677


def answer(study: Study, *ratings: Rating) -> None:
    session = study.begin()
    for rating in ratings:
        session.next()
        session.rate(rating, hints=0, seconds=1.0)


def log_of(path: Path) -> list[str]:
    from app.progress.extract import canonical_lines, reading

    with reading(path) as database:
        return list(canonical_lines(database))


@given(
    backups=st.lists(
        st.tuples(st.integers(TODAY - 500, TODAY + 3), st.sampled_from("abcdefgh")),
        unique=True, max_size=150,
    )
)  # fmt: skip
def test_thinning_keeps_the_newest_and_the_last_of_everything_that_counts(
    backups: list[tuple[int, str]],
) -> None:
    left = kept(backups, TODAY)
    assert left <= set(backups)
    assert len(left) <= MOST
    assert kept(left, TODAY) == left  # nothing more goes when it is done again
    if not backups:
        return
    assert max(backups) in left
    recent = sorted(b for b in backups if b[0] > TODAY - ALL_DAYS)
    assert set(recent[-ALL_MOST:]) <= left
    from datetime import date

    def week(day: int) -> tuple[int, int]:
        return date.fromordinal(day).isocalendar()[:2]

    def month(day: int) -> tuple[int, int]:
        return date.fromordinal(day).year, date.fromordinal(day).month

    days = range(TODAY - DAYS + 1, TODAY + 1)
    weeks = {week(TODAY - 7 * n) for n in range(WEEKS)}
    months = sorted({month(TODAY - n) for n in range(400)})[-MONTHS:]
    for bucket_of, counted in (
        (lambda day: day, set(days)), (week, weeks), (month, set(months)),
    ):  # fmt: skip
        last: dict[object, tuple[int, str]] = {}
        for backup in sorted(backups):
            last[bucket_of(min(backup[0], TODAY))] = backup
        assert {last[b] for b in counted if b in last} <= left


def test_a_year_of_days_thins_to_what_is_said() -> None:
    left: set[tuple[int, str]] = set()
    for day in range(TODAY - 400, TODAY + 1):
        left = kept({*left, (day, "a")}, day)
    days = sorted(TODAY - day for day, _ in left)
    assert days[:DAYS] == list(range(DAYS))
    assert DAYS + 5 < len(days) <= DAYS + WEEKS + MONTHS
    assert 300 < days[-1] < 366


def test_every_study_day_has_its_backup(
    open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    study, folder = open_study(), tmp_path / "backups"
    answer(study, Rating.GOOD)
    begin_daily(study.store.path, folder, clock).join()
    assert [backup.kind for backup in listed(folder)] == ["daily"]
    answer(study, Rating.GOOD)
    assert daily(study.store.path, folder, clock) is None  # the same study day
    clock.forward(days=1)
    (folder / "daily-20260302-080000.77.partial").write_text("left by a lost process")
    made = daily(study.store.path, folder, clock)
    assert made is not None
    assert log_of(made) == log_of(study.store.path)
    clock.forward(days=1)
    assert daily(study.store.path, folder, clock) is None  # nothing was written since
    practice = Answer("1.0.0", "h", None, 3.0, 0, 5, "{}")
    for _ in range(20):
        study.journal.practise("demo:a.first/a1", practice)
        clock.forward(days=1)
        daily(study.store.path, folder, clock)
    assert 14 < len(listed(folder)) < 20
    assert not list(folder.glob("*.partial*"))


def test_no_kind_of_backup_pushes_out_another(
    open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    study, folder = open_study(), tmp_path / "backups"
    by_hand = back_up_by_hand(study.store.path, folder, clock)
    for _ in range(KEPT + 3):
        back_up(study.store.path, folder, clock.now())
    answer(study, Rating.GOOD)
    automatic = daily(study.store.path, folder, clock)
    kinds = [backup.kind for backup in listed(folder)]
    assert (kinds.count("progress"), kinds.count("kept"), kinds.count("daily")) == (KEPT, 1, 1)
    assert by_hand.exists()
    assert automatic is not None
    assert automatic.exists()


def test_what_goes_wrong_with_a_daily_backup_is_no_business_of_the_study(
    open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    (tmp_path / "backups").write_text("no folder")
    begin_daily(open_study().store.path, tmp_path / "backups", clock).join()
    begin_daily(tmp_path / "absent.sqlite", tmp_path / "other", clock).join()


def test_a_backup_is_one_file_and_is_sound(
    open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    study = open_study()
    answer(study, Rating.GOOD, Rating.HARD)
    target = tmp_path / "stick" / "mine.sqlite"
    target.parent.mkdir()
    back_up_by_hand(study.store.path, tmp_path / "backups", clock, target)
    assert [path.name for path in target.parent.iterdir()] == ["mine.sqlite"]
    with closing(sqlite3.connect(f"{target.as_uri()}?immutable=1", uri=True)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert file.execute("SELECT count(*) FROM event WHERE kind = 'review'").fetchone() == (2,)
    assert log_of(target) == log_of(study.store.path)


def test_an_unsound_copy_is_no_backup(
    open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    study = open_study()
    answer(study, *[Rating.GOOD] * 6)
    study.close()
    path = study.store.path
    with path.open("r+b") as file:  # an index page overwritten
        with closing(sqlite3.connect(path)) as database:
            row = database.execute("SELECT rootpage FROM sqlite_master WHERE name='ix_event_day'")
            page = row.fetchone()[0]
        file.seek((page - 1) * 4096 + 8)
        file.write(b"\xff" * 4088)
    with pytest.raises(StoreProblem):
        back_up_by_hand(path, tmp_path / "backups", clock, tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()
    assert not list(tmp_path.glob("*.partial*"))


def test_restoring_goes_back_and_keeps_what_was(
    open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    study, folder = open_study(), tmp_path / "backups"
    answer(study, Rating.GOOD, Rating.AGAIN)
    backup = back_up_by_hand(study.store.path, folder, clock)
    clock.forward(days=3)
    answer(study, Rating.GOOD)
    path, before = study.store.path, log_of(study.store.path)
    with pytest.raises(StoreProblem) as caught, candidate(backup, path, clock):
        pass
    assert caught.value.code == "in-use"
    assert log_of(path) == before
    study.close()
    with candidate(backup, path, clock) as found:
        assert (found.holds.reviews, found.lost) == (2, 1)
        assert found.now is not None
        assert found.now.reviews == 3
        copy = restore(found, path, folder, clock)
    assert log_of(path) == log_of(backup)
    assert copy is not None
    assert log_of(copy) == before
    study = open_study()
    assert verify(study.store).sound
    assert study.undo() is not None


@pytest.mark.parametrize(
    "left",
    [None, b"", b"SQLite format 3\x00" + b"\xff" * 5000, b"ruined"],
    ids=["gone", "empty", "overwritten", "no database"],
)
def test_a_file_that_is_gone_or_ruined_is_restored(
    left: bytes | None, open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    study, folder = open_study(), tmp_path / "backups"
    answer(study, Rating.GOOD)
    backup, path = back_up_by_hand(study.store.path, folder, clock), study.store.path
    study.close()
    path.unlink()
    if left is not None:
        path.write_bytes(left)
        path.with_name(path.name + "-wal").write_bytes(b"of another time")
    with candidate(backup, path, clock) as found:
        assert found.now is None
        copy = restore(found, path, folder, clock)
    assert log_of(path) == log_of(backup)
    if left:
        assert copy is not None
        assert copy.read_bytes() == left
    assert verify(open_study().store).sound


def test_the_commands(
    open_study: OpenStudy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    study = open_study()
    home = study.store.path.parent
    monkeypatch.setenv("GRADUS_HOME", str(home))
    answer(study, Rating.GOOD)
    file = tmp_path / "copy.sqlite"
    assert main(["backup", str(file)]) == 0
    out = capsys.readouterr()
    assert out.out.strip() == str(file)
    assert "1 review" in out.err
    assert main(["backup", str(file)]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["backup", str(file), "--force"]) == 0
    assert main(["backup", str(home)]) == 2
    assert main(["backup", str(study.store.path), "--force"]) == 2
    assert main(["backup", str(tmp_path / "no" / "x.sqlite")]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert main(["backup"]) == 0
    assert main(["backup", "--list"]) == 0
    assert "by hand  1 review  2026-03-02" in capsys.readouterr().out
    answer(study, Rating.GOOD)
    study.close()
    assert main(["restore", str(file)]) == 2
    told = capsys.readouterr().err
    assert "Here now:    2 reviews, 2026-03-02" in told
    assert "In the file: 1 review, 2026-03-02" in told
    assert "1 review is here and not in the file" in told
    assert contents(study.store.path).reviews == 2  # type: ignore[union-attr]
    name = next(path.name for path in (home / "backups").glob("kept-*"))
    assert main(["restore", name, "--yes", "--language", "zh"]) == 0
    assert "已恢复" in capsys.readouterr().err
    assert contents(study.store.path).reviews == 1  # type: ignore[union-attr]
    assert main(["restore", str(tmp_path / "none.sqlite"), "--yes"]) == 1
    assert "There is no file" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
@pytest.mark.parametrize("delay", [0.0, 0.002, 0.005, 0.01, 0.02, 0.04])
def test_killed_anywhere_restoring_leaves_the_old_or_the_new(
    delay: float, open_study: OpenStudy, clock: HandClock, tmp_path: Path
) -> None:
    study = open_study()
    answer(study, Rating.GOOD, Rating.AGAIN)
    path = study.store.path
    backup = back_up_by_hand(path, tmp_path / "backups", clock)
    answer(study, Rating.GOOD)
    before = log_of(path)
    study.close()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  (another process)
        with candidate(backup, path, clock) as found:
            os.write(tell, b"!")
            restore(found, path, tmp_path / "backups", clock)
        os._exit(0)
    assert os.read(ready, 1) == b"!"
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ready)
    os.close(tell)
    assert log_of(path) in (before, log_of(backup))
    assert verify(open_study().store).sound
