"""Proves a pack: one documented check per diagnostic code.

Promise: `check` finds everything it can in one run and never raises on a bad pack; what it
measures goes through a `Measurer`, so that this package starts no engine. Must not print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from content.checks import (  # importing a module registers its rules
    drawing,
    duplicates,
    expressions,
    fields,
    hidden_signs,
    identities,
    kinds,
    languages,
    literals,
    measuring,
    mistakes,
    pictures,
    programs,
    reading,
    runs,
    texts,
)
from content.checks.consequences import causes
from content.checks.proof import DRAWS, Measurer, Progress, prove
from content.checks.proven import Proven
from content.checks.registry import RULES, Rule
from content.checks.view import Elsewhere, ItemView, PackView, among, nowhere
from content.diagnostic import Diagnostic, by_place
from content.loader import Loaded, load

__all__ = ["DRAWS", "RULES", "Checked", "Measurer", "Rule", "among", "check", "check_loaded"]

_MODULES = (
    drawing, duplicates, expressions, fields, hidden_signs, identities, kinds, languages, literals,
    measuring, mistakes, pictures, programs, reading, runs, texts,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, and how much it looked at."""

    loaded: Loaded
    diagnostics: tuple[Diagnostic, ...]
    items: int
    exercises: int
    draws: int
    known: int = 0
    """Items that were proved before and have not changed since."""
    pack: str = ""
    """The pack's id, if pack.yaml could be read."""

    @property
    def errors(self) -> int:
        """How many findings make the check fail."""
        return sum(found.severity == "error" for found in self.diagnostics)

    @property
    def warnings(self) -> int:
        """How many do not."""
        return len(self.diagnostics) - self.errors


def check(
    path: Path, measurer: Measurer | None, *, draws: int = DRAWS, progress: Progress | None = None
) -> Checked:
    """Checks the pack at `path`. Without a measurer only what needs no engine."""
    return check_loaded(load(path), measurer, draws=draws, progress=progress)


def check_loaded(
    loaded: Loaded,
    measurer: Measurer | None,
    *,
    draws: int = DRAWS,
    progress: Progress | None = None,
    topics: Sequence[str] = (),
    proven: Proven | None = None,
    before: frozenset[str] = frozenset(),
    elsewhere: Elsewhere = nowhere,
) -> Checked:
    """As `check`, for a pack already read.

    With `topics` (ids or their beginnings: `cnn`, `cnn.stride`) only these are measured, and only
    what is found in their files is told. What is `proven` is not measured again. `before` names
    the items of the version that learners have; `elsewhere` knows the topics of other packs.
    """
    manifest = loaded.manifest.manifest if loaded.manifest else None
    view = PackView(loaded, manifest, tuple(topics), before, elsewhere)
    known = {
        item.name: n for item in view.items if proven and (n := proven.draws(item)) is not None
    }
    if measurer is not None:
        unknown = [item for item in view.items if item.name not in known]
        view.proofs = prove(unknown, measurer, draws, progress or _silent)
    diagnostics = causes(_run(RULES.values(), view, measured=measurer is not None))
    if proven is not None and view.proofs:
        proven.keep(_clean(view, diagnostics))
    if topics:
        others = {
            source.file
            for source in loaded.sources
            if source.topic is not None and not among(source.topic.topic, topics)
        }
        read = set(loaded.diagnostics)  # a broken pack.yaml concerns every topic
        files = {source.file for source in loaded.sources} - others
        diagnostics = tuple(
            found
            for found in diagnostics
            if found.file in files or (found in read and found.file not in others)
        )
    return Checked(
        loaded,
        by_place(tuple(dict.fromkeys(diagnostics))),
        len(view.items),
        len(view.exercises),
        sum(known.values()) + sum(len(proof.prepared) for proof in view.proofs.values()),
        len(known),
        manifest.id if manifest else "",
    )


def _clean(view: PackView, diagnostics: Iterable[Diagnostic]) -> list[tuple[ItemView, int]]:
    """The measured items in which nothing was found, with their draws."""
    troubled = {found.item for found in diagnostics}
    return [
        (proof.view, len(proof.prepared))
        for proof in view.proofs.values()
        if proof.prepared and not proof.failed and proof.view.name not in troubled
    ]


def _run(rules: Iterable[Rule], view: PackView, *, measured: bool) -> Iterator[Diagnostic]:
    for rule in rules:
        if measured or not rule.measured:
            yield from rule.check(view)


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""
