"""What a killed merge or restore leaves goes with the next one, and nothing that is still held."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from study_desk import HandClock

from app.progress.problems import StoreProblem
from app.progress.store import Store
from app.transfer.backups import begin_daily
from app.transfer.merging import meeting
from app.transfer.restoring import candidate
from app.transfer.workplace import PREFIX, sweep, workplace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")

_BEGUN = """
import sys
from pathlib import Path
from app.study.clock import Clock
from app.transfer.merging import meeting
from app.transfer.restoring import candidate
action, other, here = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
clock = Clock.from_environment()
begun = (meeting(other, here, here.parent / "backups", clock) if action == "merge"
         else candidate(other, here, clock))
with begun:
    print("begun", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def two(tmp_path: Path, clock: HandClock) -> tuple[Path, Path]:
    """Somebody else's progress file, and ours."""
    paths = (tmp_path / "other" / "progress.sqlite", tmp_path / "home" / "progress.sqlite")
    for path in paths:
        path.parent.mkdir()
        Store.open(path, clock=clock).close()
    return paths


@contextmanager
def begun(action: str, two: tuple[Path, Path], temporary: Path) -> Iterator[None]:
    """A process in the middle of that action; killed at the end."""
    temporary.mkdir(exist_ok=True)
    child = subprocess.Popen(
        [sys.executable, "-c", _BEGUN, action, *map(str, two)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[4],
        env={**os.environ, "TMPDIR": str(temporary), "TMP": str(temporary)},
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"begun"
        yield
    finally:
        child.kill()
        child.communicate()
    assert child.returncode == -signal.SIGKILL


def left(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if path.name.startswith(PREFIX))


@pytest.mark.parametrize("action", ["merge", "restore"])
def test_what_a_killed_process_leaves_is_swept(
    action: str, two: tuple[Path, Path], tmp_path: Path, clock: HandClock
) -> None:
    other, here = two
    with begun(action, two, tmp_path / "temporary"):
        working = left(here.parent)
        assert len(working) == 1
        sweep(here.parent)
        assert left(here.parent) == working  # it is held
    assert not list((tmp_path / "temporary").iterdir())
    assert left(here.parent) == working  # it was killed
    if action == "merge":
        with meeting(other, here, tmp_path / "backups", clock):
            assert len(left(here.parent)) == 1
            assert left(here.parent) != working
    else:
        with candidate(other, here, clock):
            assert len(left(here.parent)) == 1
            assert left(here.parent) != working
    assert left(here.parent) == []


def test_the_next_start_sweeps(two: tuple[Path, Path], tmp_path: Path, clock: HandClock) -> None:
    _, here = two
    with begun("merge", two, tmp_path / "temporary"):
        pass
    assert len(left(here.parent)) == 1
    begin_daily(here, tmp_path / "backups", clock).join()
    assert left(here.parent) == []


def test_a_home_that_was_not_there_is_not_there_afterwards(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    with workplace(home / "progress.sqlite") as folder:
        assert folder.parent == home
        if os.name == "posix":
            assert folder.stat().st_mode & 0o77 == 0
    assert not home.exists()


def test_nothing_is_left_where_the_work_fails(tmp_path: Path) -> None:
    def work() -> None:
        with workplace(tmp_path / "progress.sqlite") as folder:
            (folder / "some").write_text("data")
            assert left(tmp_path) == [folder.name]
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert left(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_a_problem_with_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(StoreProblem) as found, workplace(tmp_path / "progress.sqlite"):
        pass
    assert found.value.code == "full"
