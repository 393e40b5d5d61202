"""What a fresh machine is told when something it needs is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the set-up is a shell script")

_OLD = "#!/bin/sh\nexit 1\n"
_NO_VENV = '#!/bin/sh\ncase "$2" in *version_info*) exit 0 ;; *) exit 1 ;; esac\n'
_FINE = '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.12.1\nexit 0\n'
_FULL_DISK = '#!/bin/sh\necho header; echo "/dev/x 100 90 10000 90% /"\n'
_ROOMY_DISK = '#!/bin/sh\necho header; echo "/dev/x 100 90 90000000 1% /"\n'


def _set_up(folder: Path, **commands: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the set-up where only these commands exist."""
    tools = folder / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "awk", "touch", "mkdir"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    for name, script in commands.items():
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    (folder / ".ci").mkdir()
    shutil.copy(_ROOT / ".ci" / "setup", folder / ".ci" / "setup")
    return subprocess.run(
        [str(folder / ".ci" / "setup"), "run"],
        capture_output=True, text=True, check=False, env={"PATH": str(tools)}, timeout=30,
    )  # fmt: skip


def test_no_python_that_is_new_enough(tmp_path: Path) -> None:
    done = _set_up(tmp_path, python3=_OLD)
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


def test_no_venv_module(tmp_path: Path) -> None:
    done = _set_up(tmp_path, python3=_NO_VENV)
    assert done.returncode == 1
    assert "python3-venv" in done.stderr


def test_no_room_on_the_disk(tmp_path: Path) -> None:
    done = _set_up(tmp_path, python3=_FINE, df=_FULL_DISK)
    assert done.returncode == 1
    assert "2.5 GB" in done.stderr
    assert "9 MB are free" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_an_environment_that_cannot_be_made(tmp_path: Path) -> None:
    broken = _FINE.replace("exit 0", '[ "$2" = venv ] && exit 1\nexit 0')
    done = _set_up(tmp_path, python3=broken, df=_ROOMY_DISK)
    assert done.returncode == 1
    assert ".venv could not be made" in done.stderr


def test_make_run_without_a_terminal_names_the_plain_form() -> None:
    done = subprocess.run(
        ["make", "run"], cwd=_ROOT, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "gradus study --plain" in done.stdout


def test_no_two_test_files_share_a_name() -> None:
    """pytest imports them by their bare names: the second of two would not be collected."""
    seen: dict[str, Path] = {}
    for path in sorted((_ROOT / "tests").rglob("test_*.py")):
        assert seen.setdefault(path.name, path) == path
