"""What the commands that share packs say: refusals, changes, lists.

Promise: whatever comes from a pack, an archive or a server is made safe for a terminal and stands
on one line. Must not do anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.locale import Locale

if TYPE_CHECKING:
    from app.packs.installing import Outcome
    from app.packs.problems import FaultyPackError
    from app.packs.shelf import Installed
    from content.archive import Contents
    from content.changes import Changes
    from content.manifest import Pack

_SHOWN = 20
"""Items of one kind of change that are named; the rest are counted."""
_MOST_CELLS = 160


def refusal(room: str, code: str, details: Mapping[str, str], say: Locale) -> str:
    """One sentence: what is refused and why."""
    safe = {name: _safe(value) for name, value in details.items()}
    return say("share.refused", reason=say(f"share.{room}.{code}", **safe))


def faults(problem: FaultyPackError, say: Locale) -> Iterator[str]:
    """The report of `pack check`, with file names as the pack has them."""
    from content.checks.report import Words, render

    loaded = problem.checked.loaded
    sources = (*((loaded.manifest,) if loaded.manifest else ()), *loaded.sources)
    held = {_inside(source.file, problem.folder): source.positions for source in sources}

    def lines(file: str) -> Sequence[str]:
        positions = held.get(file)
        return positions.lines if positions is not None and positions.source else ()

    found = tuple(
        replace(
            diagnostic,
            file=_inside(diagnostic.file, problem.folder),
            details=tuple(
                (name, _inside(value, problem.folder)) for name, value in diagnostic.details
            ),
        )
        for diagnostic in problem.checked.diagnostics
    )
    yield from render(found, lines, say.language)
    errors = Words(say.language).counted("summary.errors", problem.checked.errors)
    yield say("share.faulty", errors=errors)


def _inside(file: str, folder: Path) -> str:
    return file.removeprefix(f"{folder}/").removeprefix(f"{folder}\\") or file


def built(
    output: Path, data: bytes, contents: Contents, key: bytes | None, say: Locale
) -> Iterator[str]:
    """What was built."""
    yield say(
        "share.built",
        id=contents.id,
        version=contents.version,
        file=_safe(str(output)),
        files=len(contents.files),
        bytes=say.number(len(data)),
    )
    yield f"SHA-256 {hashlib.sha256(data).hexdigest()}"
    if key is not None:
        from content.archive import public_key_of

        yield say("share.built.signed", key=public_key_of(key))


def replaced(output: Path, contents: Contents, say: Locale) -> str:
    """That the file held something else under the same version."""
    return say("share.built.replaced", file=_safe(str(output)), version=contents.version)


def installed(outcome: Outcome, say: Locale) -> str:
    """What was installed, or that nothing was."""
    manifest, before = outcome.plan.pack.manifest, outcome.plan.before
    values = {"id": manifest.id, "version": _safe(manifest.version)}
    if not outcome.renewed:
        line = say("share.same", **values)
    elif before is None:
        line = say("share.installed", **values)
    elif before.version == manifest.version:
        line = say("share.updated.same-version", **values)
    else:
        line = say("share.updated", before=_safe(before.version), **values)
    if outcome.plan.fetched.signer:
        line += say("share.signed-by", key=outcome.plan.fetched.signer)
    return line


def changes(found: Changes, say: Locale) -> Iterator[str]:
    """What differs in meaning."""
    if not found:
        yield say("share.changes.none")
        return
    if found.pack:
        yield say("share.changes.pack", fields=", ".join(found.pack))
    groups = {
        "added": [f"+ {name}" for name in found.added],
        "removed": [f"- {name}" for name in found.removed],
        "renamed": [f"> {old} -> {new}" for old, new in found.renamed],
        "judged": [f"* {c.now}: {', '.join(c.fields)}" for c in found.changed if c.judged],
        "worded": [f"~ {c.now}: {', '.join(c.fields)}" for c in found.changed if not c.judged],
    }
    for kind, lines in groups.items():
        if not lines:
            continue
        yield say(f"share.changes.{kind}", n=len(lines))
        for line in lines[:_SHOWN]:
            yield f"  {_safe(line)}"
        if len(lines) > _SHOWN:
            yield f"  {say('share.changes.more', n=len(lines) - _SHOWN)}"


def compared(old: Pack, new: Pack, say: Locale) -> str:
    """Which packs are compared."""
    return say(
        "share.compared",
        old=f"{old.manifest.id} {old.manifest.version}",
        new=f"{new.manifest.id} {new.manifest.version}",
    )


def diff_json(old: Pack, new: Pack, found: Changes) -> dict[str, Any]:
    """The changes for other programs."""
    return {
        "old": {"id": old.manifest.id, "version": old.manifest.version},
        "new": {"id": new.manifest.id, "version": new.manifest.version},
        "pack": list(found.pack),
        "added": list(found.added),
        "removed": list(found.removed),
        "renamed": [{"from": was, "to": now} for was, now in found.renamed],
        "changed": [
            {"item": c.now, "was": c.name, "fields": list(c.fields), "judged": c.judged}
            for c in found.changed
        ],
    }


def listed(packs: Sequence[Installed], say: Locale) -> Iterator[str]:
    """One line for each installed pack."""
    if not packs:
        yield say("share.list.none")
    width = max((len(pack.id) for pack in packs), default=0)
    versions = max((len(pack.version) for pack in packs), default=0)
    for pack in packs:
        source = pack.source.text if pack.source else say("share.list.by-hand")
        signed = say("share.list.signed") if pack.signer else ""
        yield f"{pack.id:{width}}  {_safe(pack.version):{versions}}  {_safe(source)}{signed}"


def as_json(pack: Installed) -> dict[str, Any]:
    """An installed pack for other programs."""
    return {
        "id": pack.id,
        "version": pack.version,
        "folder": str(pack.folder),
        "source": pack.source.text if pack.source else None,
        "sha256": pack.digest or None,
        "signer": pack.signer or None,
    }


def removed(pack: Installed, say: Locale) -> str:
    """That a pack is gone, and what is not."""
    return say("share.removed", id=pack.id, version=_safe(pack.version))


def _safe(value: str) -> str:
    from content.text import clean_line

    safe = clean_line(value.replace("\t", " "))
    return safe if len(safe) <= _MOST_CELLS else safe[: _MOST_CELLS - 1] + "…"
