"""The wheel holds everything that is no Python: packs, styles, migrations, strings."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_ROOMS = ("app", "content", "engine")


def test_every_file_of_the_house_is_in_the_wheel(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=_ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("gradus_cards-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    here = {
        path.relative_to(_ROOT).as_posix()
        for room in _ROOMS
        for path in (_ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here - inside == set()
    for needed in ("app/tui/styles/gradus.tcss", "content/packs/foundations/pack.yaml"):
        assert needed in inside
    assert any(name.startswith("app/progress/migrations/versions/r0001") for name in inside)
    assert not any(name.startswith("tests/") for name in inside)
