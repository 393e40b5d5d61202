"""Names of mistakes, as their packs write them. Must not judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from content.compiled import PackLibrary


def mistake_title(library: PackLibrary, item: str, mistake: str, language: str) -> str:
    """A mistake's name in the pack of that item or topic (`pack:...`); else empty."""
    from content.pack import in_language

    pack = item.partition(":")[0]
    for manifest in library.manifests():
        if manifest.id == pack and mistake in manifest.mistakes:
            return in_language(manifest.mistakes[mistake].title, language)
    return ""
