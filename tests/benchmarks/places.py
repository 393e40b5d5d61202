"""Where the benchmarks keep what they generate: `.benchmarks/` beside the code, ignored by git.

Promise: everything lies on one disk, so that writes are compared fairly; the whole folder may be
deleted at any time. Must not generate anything.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".benchmarks"
HERE = Path(__file__).parent
PYTHON = sys.executable
GRADUS = str(Path(sys.executable).with_name("gradus"))
NOW = "2026-11-20T09:00"
"""The moment every generated database is about."""


def environment(home: Path | None = None) -> dict[str, str]:
    """The environment of every measured process: one language, one terminal, one clock."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GRADUS_", "TEXTUAL", "PYTHON", "LC_"))
    }
    own = {"LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    if home is not None:
        own |= {"GRADUS_HOME": str(home), "GRADUS_NOW": NOW}
    return kept | own
