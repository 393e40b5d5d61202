"""The choices made last, offered first.

Promise: a few lines of JSON in a file of their own, newest first, each once; a file that is
damaged or cannot be written costs nothing but the memory of them. Must not judge a choice.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from app.study.choice import Choice

MOST = 3
_LARGEST = 64 * 1024


def recent(file: Path) -> list[Choice]:
    """The choices kept there."""
    found: list[Choice] = []
    try:
        if file.stat().st_size > _LARGEST:
            return []
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return []
    for line in text.splitlines():
        with suppress(ValueError):
            found.append(Choice.from_json(line))
    return found[:MOST]


def remember(file: Path, choice: Choice) -> None:
    """Keep a choice in front of the others; what was named item by item is not kept."""
    if not choice.narrows or choice.names is not None:
        return
    plain = replace(choice, minutes=None, limit=None)
    others = [one for one in recent(file) if replace(one, minutes=None, limit=None) != plain]
    lines = [one.to_json() for one in (choice, *others)][:MOST]
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".choices-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                target.write("\n".join(lines) + "\n")
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
