"""`gradus pack new NAME`: writes a small pack to begin from.

Promise: writes ./NAME as a whole or not at all, and never into a folder that exists. Exit codes: 0
written, 1 the folder exists or cannot be written, 2 a name or language that cannot be. Must not
hold the pack's texts (`content.starter` does).
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load

_REFUSED = 1
_USAGE = 2


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale) -> None:
    """Add `new`."""
    new = verbs.add_parser("new", help=say("writing.new"), description=say("writing.new.about"))
    new.add_argument("name", metavar="NAME", help=say("writing.new.name"))
    new.add_argument(
        "--languages",
        type=_languages,
        default=("en", "zh"),
        metavar="CODE,CODE",
        help=say("writing.new.languages"),
    )
    new.add_argument("--language", choices=LANGUAGES, help=say("writing.new.comments"))
    new.set_defaults(run=new_pack)


def _languages(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in text.replace(" ", "").split(",") if part))


def new_pack(options: argparse.Namespace) -> int:
    """Write the pack."""
    from content.constraints import ID, MAX_ID
    from content.starter import files, offered

    asked = options.language or load(Paths.from_environment().settings)[0].language
    say = Locale(asked)
    if not ID.fullmatch(options.name) or len(options.name) > MAX_ID:
        near = re.sub(r"[^a-z0-9]+", "-", options.name.lower())[:MAX_ID].strip("-")
        key = "writing.new.bad-name" if near else "writing.new.bad-name.none"
        return _told(say(key, name=options.name, near=near), _USAGE)
    unknown = [language for language in options.languages if language not in offered()]
    if unknown or not options.languages:
        names = {"unknown": ", ".join(unknown), "offered": ", ".join(offered())}
        return _told(say("writing.new.bad-languages", **names), _USAGE)
    folder = Path(options.name)
    if folder.exists() or folder.is_symlink():
        return _told(say("writing.new.exists", path=folder), _REFUSED)
    written = files(options.name, options.languages, say.language)
    try:
        _write(folder, written)
    except OSError as error:
        reason = error.strerror or str(error)
        return _told(say("writing.new.failed", path=folder, reason=reason), _REFUSED)
    sys.stdout.write(say("writing.new.done", path=folder, files=", ".join(written)) + "\n")
    return 0


def _write(folder: Path, files: dict[str, str]) -> None:
    """Writes beside the place, then moves there: whole or not at all."""
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, text in files.items():
            (building / name).write_text(text, encoding="utf-8", newline="\n")
        building.chmod(0o755)
        building.rename(folder)
    except OSError:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _told(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
