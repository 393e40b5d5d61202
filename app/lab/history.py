"""What was typed in the lab, kept between runs.

Promise: one JSON text a line in a file only its owner can read, at most `MOST` lines; a file that
is damaged or cannot be written costs nothing but the lines that cannot be read. Must not hold
values.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

MOST = 500
_LONGEST = 4000
"""Characters of a text that is kept."""
_LARGEST = 4 * 2**20
"""Bytes of a file that is read."""


class History:
    """Typed texts, oldest first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.texts: list[str] = _read(path)

    def add(self, text: str) -> None:
        """Keep a text, unless it is the last one again."""
        text = text.strip()
        if not text or len(text) > _LONGEST or self.texts[-1:] == [text]:
            return
        self.texts.append(text)
        with suppress(OSError, UnicodeError):
            if len(self.texts) > 2 * MOST:
                del self.texts[:-MOST]
                self._write()
            else:
                self._append(text)

    def before(self, place: int, start: str = "") -> int | None:
        """The nearest text above a place that begins with `start`."""
        for n in range(min(place, len(self.texts)) - 1, -1, -1):
            if self.texts[n].startswith(start):
                return n
        return None

    def after(self, place: int, start: str = "") -> int | None:
        """The nearest text below a place that begins with `start`."""
        for n in range(place + 1, len(self.texts)):
            if self.texts[n].startswith(start):
                return n
        return None

    def holding(self, part: str, place: int) -> int | None:
        """The nearest text above a place that holds that part, capitals aside."""
        folded = part.casefold()
        for n in range(min(place, len(self.texts)) - 1, -1, -1):
            if folded in self.texts[n].casefold():
                return n
        return None

    def _append(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        handle = os.open(self._path, flags, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(text, ensure_ascii=True) + "\n")

    def _write(self) -> None:
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".lab-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(text, ensure_ascii=True) + "\n" for text in self.texts)
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _read(path: Path) -> list[str]:
    try:
        if path.stat().st_size > _LARGEST:
            return []
        lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    except OSError:
        return []
    found = []
    for line in lines[-2 * MOST :]:
        with suppress(ValueError, RecursionError):
            text = json.loads(line)
            if isinstance(text, str) and text.strip() and len(text) <= _LONGEST:
                found.append(text)
    return found[-MOST:]
