"""The house's directions, proved where it counts: in a running process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_HEAVY = ("torch", "numpy", "sqlalchemy", "alembic", "pydantic", "yaml", "ruamel", "fsrs_rs_python")

_FIRST_FRAME = """
import asyncio, json, sys
from pathlib import Path
from app.paths import Paths
from app.settings import Settings
from app.tui.app import Gradus

loaded = []

def after_first_frame(app):
    # What is loaded once home is painted and before anything else is opened.
    loaded.extend(sorted({name.partition(".")[0] for name in sys.modules}))
    app.exit()

Gradus._after_first_frame = after_first_frame

async def main():
    app = Gradus(Paths.inside(Path(sys.argv[1])), Settings(language="en"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
    print(json.dumps(loaded))

asyncio.run(main())
"""


def _run(code: str, *arguments: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=env,
    )
    return done.stdout


def test_the_home_screen_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = set(json.loads(_run(_FIRST_FRAME, str(tmp_path)).splitlines()[-1]))
    assert loaded & set(_HEAVY) == set()


def test_studying_loads_no_numpy() -> None:
    """16 MB that only the browser and the statistics have a use for."""
    code = "import app.tui.app, app.tui.screens.study, app.study.sitting, sys; print(*sys.modules)"
    loaded = _run(code).split()
    assert "app.tui.screens.study" in loaded
    assert "numpy" not in loaded


def test_torch_stays_in_the_worker() -> None:
    modules = (
        "engine.client",
        "engine.expression",
        "engine.verdict",
        "content.prepare",
        "content.compiled",
        "app.study.session",
        "app.plain.study",
        "app.drill.rounds",
        "app.drill.exporting",
        "app.plain.drill",
        "app.browse.finding",
        "app.statistics.gathering",
        "app.transfer.merging",
        "app.tui.app",
        "app.cli",
    )
    code = "import importlib, sys\nfor name in sys.argv[1:]:\n    importlib.import_module(name)\n"
    code += "    assert 'torch' not in sys.modules, name\nprint('none')"
    assert _run(code, *modules).strip() == "none"


@pytest.mark.parametrize("module", ["content.pack", "content.compiled", "app.progress.glance"])
def test_rooms_of_the_first_frame_are_light(module: str) -> None:
    loaded = "json.dumps(sorted(n.partition('.')[0] for n in sys.modules))"
    code = f"import sys, json, {module}; print({loaded})"
    assert set(json.loads(_run(code))) & set(_HEAVY) == set()


_TOPS = ("app", "content", "engine")
_ROOMS = {
    "torch": "engine/runtime/",
    "textual": "app/tui/",
    "sqlalchemy": "app/progress/",
    "alembic": "app/progress/",
    "cryptography": "content/archive/signing.py",
}


def test_each_library_stays_in_its_room() -> None:
    """Whoever adds a file need not add it to a list: every import in the house is looked at."""
    strays, at_home = [], set()
    for path in sorted(path for top in _TOPS for path in (_ROOT / top).rglob("*.py")):
        name = path.relative_to(_ROOT).as_posix()
        for library in _imported(path) & set(_ROOMS):
            if name.startswith(_ROOMS[library]):
                at_home.add(library)
            else:
                strays.append(f"{name}: {library}")
    assert strays == []
    assert at_home == set(_ROOMS)


_IMPORT = re.compile(
    rf"^\s*(?:from ({'|'.join(_ROOMS)})[.\w]* import |import ({'|'.join(_ROOMS)})(?:\.\w+)*$)",
    re.MULTILINE,
)


def _imported(path: Path) -> set[str]:
    found = _IMPORT.finditer(path.read_text(encoding="utf-8"))
    return {match[1] or match[2] for match in found}
