"""The topics of the packs at hand: those that come with the program and those installed.

Promise: nothing is opened before the first question. Must not read progress.
"""

from __future__ import annotations

from functools import cached_property

from app.paths import Paths


class TopicsAtHand:
    """Answers which topics a pack has."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    def __call__(self, pack: str) -> frozenset[str] | None:
        """The pack's topics; None where it is not at hand."""
        return self._by_pack.get(pack)

    @cached_property
    def _by_pack(self) -> dict[str, frozenset[str]]:
        from content.compiled import PackLibrary, builtin_root

        roots = (builtin_root(), self._paths.packs)
        with PackLibrary(roots, self._paths.compiled_packs) as library:
            topics = library.topics()
            return {
                manifest.id: frozenset(one.topic for one in topics if one.pack == manifest.id)
                for manifest in library.manifests()
            }
