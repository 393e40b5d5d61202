"""What a person sees where the program itself fails: one sentence, an exit code, no traceback."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.paths import Paths

BROKEN = """
from app.tui.screens.home import HomeScreen
async def behind():
    raise KeyError("boom")
def action_lab(self):
    {FAULT}
HomeScreen.action_lab = action_lab
from app.cli import main
raise SystemExit(main([]))
"""


@pytest.mark.parametrize(
    ("language", "fault"),
    [
        pytest.param("en", 'raise KeyError("boom")', marks=pytest.mark.slow),
        ("zh", "self.run_worker(behind())"),
    ],
)
def test_a_failure_ends_in_one_sentence(tmp_path: Path, language: str, fault: str) -> None:
    (tmp_path / "settings.json").write_text(f'{{"language": "{language}"}}')
    master, slave = pty.openpty()
    environment = {
        **os.environ,
        "GRADUS_HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    with subprocess.Popen(
        [sys.executable, "-c", BROKEN.replace("{FAULT}", fault)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    ) as child:
        os.close(slave)
        limit = threading.Timer(90, child.kill)
        limit.start()
        read(master, "Gradus")
        os.write(master, b"l")
        told = read(master, None)
        limit.cancel()
        assert child.wait(20) == 1
    os.close(master)
    after = told[told.rindex("\x1b[?1049l") :]
    log = Paths.inside(tmp_path).app_log
    assert after.count("KeyError") == 1
    assert str(log) in after.replace("\r\n", "")
    assert "NOTE" not in after
    assert "Traceback" not in after
    assert "boom" in log.read_text(encoding="utf-8")


def read(terminal: int, wanted: str | None) -> str:
    """What the program writes, until that is seen or it has ended."""
    seen = b""
    while wanted is None or wanted.encode() not in seen:
        if not select.select([terminal], [], [], 60)[0]:
            break
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    return seen.decode("utf-8", "replace")
