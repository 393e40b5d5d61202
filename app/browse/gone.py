"""An item that no pack has any more though a page still shows it, and why.

Promise: the reason is one that holds now: the pack is not there, cannot be read, or is there
without the item. Blocking; must not look for items and must not change progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from content.discovery import generation
from content.pack import Text, in_language

if TYPE_CHECKING:
    from app.locale import Locale
    from content.compiled import PackLibrary


class Why(StrEnum):
    """What became of the item's pack."""

    REMOVED = "removed"
    BROKEN = "broken"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Gone:
    """An item of which nothing can be shown; `version` is the pack's now, "" where it is gone."""

    name: str
    pack: str
    why: Why
    title: Text = ""
    version: str = ""


def gone(library: PackLibrary, name: str) -> Gone:
    """Why no pack has that item any more."""
    pack = name.partition(":")[0]
    for manifest in library.manifests():
        if manifest.id == pack:
            return Gone(name, pack, Why.WITHOUT, manifest.title, manifest.version)
    folders = (part for one in library.problems() for part in Path(one.file).parts)
    broken = any(generation(part)[0] == pack for part in folders)
    return Gone(name, pack, Why.BROKEN if broken else Why.REMOVED)


def gone_words(found: Gone, say: Locale) -> str:
    """What is said of it, with what became of what was learned."""
    pack = in_language(found.title, say.language) or found.pack
    return say(f"browse.gone.{found.why}", pack=pack, version=found.version)
