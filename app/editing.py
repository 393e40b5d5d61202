"""The source of one's own items, changed in one's own editor.

Promise: what is edited is a draft beside the data; it takes the file's place whole, and only once
it can be read, so a broken edit changes nothing and is still there at the next attempt. The packs
that come with the program, and those installed from elsewhere, are refused with the reason. Must
not measure and must not know screens.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.paths import Paths
from content.compiled import PackLibrary, builtin_root
from content.diagnostic import Diagnostic
from content.discovery import generation

_COUNTING = ("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "joe", "mg", "kak")
"""Editors that take `+LINE` before a file."""


class NotEditableError(Exception):
    """An item's source is not for its learner to change; `code` says why, as in the locale."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class Draft:
    """A copy of an item's file to be edited. `line` is where the item begins."""

    source: Path
    file: Path
    line: int
    before: bytes
    """The source when the draft was made."""


def begin(paths: Paths, library: PackLibrary, name: str) -> Draft:
    """The draft of an item's file, or the one a broken edit left. Raises `NotEditableError`,
    OSError, and KeyError where no pack has the item."""
    source = library.file_of(name)
    _must_be_own(paths, source)
    before = source.read_bytes()
    folder = paths.data / "drafts"
    folder.mkdir(parents=True, exist_ok=True)
    pack = name.partition(":")[0]
    file = folder / f"{pack}-{source.name}"
    if not file.exists():
        file.write_bytes(before)
    return Draft(source, file, _line_of(file, name.rpartition("/")[2]), before)


def command(draft: Draft, environment: Mapping[str, str] | None = None) -> list[str]:
    """How the editor is called: `$VISUAL`, else `$EDITOR`. Raises `NotEditableError`."""
    env = os.environ if environment is None else environment
    chosen = env.get("VISUAL", "").strip() or env.get("EDITOR", "").strip()
    try:
        words = shlex.split(chosen, posix=os.name != "nt")
    except ValueError:
        words = []
    if not words:
        raise NotEditableError("no-editor")
    place = [f"+{draft.line}"] if Path(words[0]).stem in _COUNTING else []
    return [*words, *place, str(draft.file)]


def finish(draft: Draft) -> tuple[Diagnostic, ...] | None:
    """Put the draft in the file's place: None where nothing was changed, () where it was, and
    what is wrong where it cannot be read. Raises OSError, `NotEditableError` where the file was
    changed by someone else meanwhile."""
    after = draft.file.read_bytes()
    if after == draft.before:
        draft.file.unlink()
        return None
    from content.loader import read_topic

    wrong = tuple(one for one in read_topic(draft.file).diagnostics if one.severity == "error")
    if wrong:
        return wrong
    if draft.source.read_bytes() != draft.before:
        raise NotEditableError("changed", file=str(draft.source), draft=str(draft.file))
    beside = draft.source.with_name(f".{draft.source.name}.new")
    beside.write_bytes(after)
    beside.replace(draft.source)
    draft.file.unlink()
    return ()


def told(found: Diagnostic, language: str) -> str:
    """`file:line:column: what is wrong`."""
    from content.checks.report import Words

    return f"{found.file}:{found.line}:{found.column}: {Words(language).message(found)}"


def _must_be_own(paths: Paths, source: Path) -> None:
    file = source.resolve()
    if file.is_relative_to(builtin_root().resolve()):
        raise NotEditableError("built-in")
    root = paths.packs.resolve()
    if file.is_relative_to(root) and generation(file.relative_to(root).parts[0])[1]:
        from app.packs.shelf import installed

        folder = root / file.relative_to(root).parts[0]
        place = next(
            (one.source for one in installed(root) if one.folder.resolve() == folder), None
        )
        raise NotEditableError("installed", source="?" if place is None else str(place))
    if not os.access(source, os.W_OK):
        raise NotEditableError("read-only", file=str(source))


def _line_of(file: Path, item: str) -> int:
    found = re.compile(rf"^[\s-]*[{{]?\s*id:\s*['\"]?{re.escape(item)}['\"]?\s*(?:[,#}}].*)?$")
    try:
        for n, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if found.match(text):
                return n
    except (OSError, UnicodeDecodeError):
        pass
    return 1
