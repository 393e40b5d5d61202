"""Going back to a backup.

Promise: the file is looked at first and only its checked rows are used (`app.progress.foreign`);
what is here now is copied before; killed at any moment, the old progress or the new one is there.
Must not ask anything: `restore` does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.progress.foreign import ForeignFile
from app.progress.replacing import replace_contents, require_alone
from app.progress.store import Store
from app.study.clock import Clock
from app.study.doctor import rebuild
from app.transfer.contents import Contents, contents, reviews_only_in
from app.transfer.merging import checked
from app.transfer.workplace import workplace


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that could be restored."""

    clean: Path
    holds: Contents
    now: Contents | None
    """What is here; None if nothing is, or if it cannot be read."""
    lost: int
    """Reviews that are here and not in the file."""


@contextmanager
def candidate(file: Path, database: Path, clock: Clock) -> Iterator[Candidate]:
    """The file, checked and made ready. Raises `ForeignFile`, `StoreProblem`."""
    if database.exists() and file.exists() and file.samefile(database):
        raise ForeignFile("itself", file)
    if database.exists() and contents(database) is not None:
        require_alone(database)
    with workplace(database) as folder:
        clean = checked(file, folder, clock)
        store = Store.open(clean, clock=clock, backups=folder)
        try:
            rebuild(store, clock, folder)
        finally:
            store.close()
        holds = contents(clean)
        assert holds is not None
        yield Candidate(clean, holds, contents(database), reviews_only_in(database, clean))


def restore(found: Candidate, database: Path, backups: Path, clock: Clock) -> Path | None:
    """Make the progress what the candidate holds; the copy of what was here, if anything was.

    Raises `StoreProblem`.
    """
    return replace_contents(database, found.clean, backups, clock.now())
