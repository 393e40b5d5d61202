"""Items to browse: opened on a progress file and the packs, asked with a query.

Promise: what it tells is as of the last `load` or `renew`; a query is read and answered in one
call. All methods but `item` block and are called from a thread. Must not change progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.browse.building import build, is_current
from app.browse.collection import Collection, Item
from app.browse.finding import Finder
from app.browse.query import parse
from app.progress.browsing import Given, Reader
from app.progress.search import SearchFile
from app.study.scheduling import retrievabilities

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.study.session import Study
    from content.compiled import PackLibrary


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column, and whether from its end."""

    column: str = "taught"
    down: bool = False


class Browser:
    """One learner's items."""

    def __init__(self, study: Study, search: Path | None) -> None:
        """`search` is where the search file lies."""
        self._library: PackLibrary = study.library
        self._clock = study.clock
        self._weights = study.journal.scheduler.parameters.weights
        self._reader = Reader(study.store.path, study.store.learner)
        self._file = SearchFile(search)
        self._finder: Finder | None = None

    @property
    def current(self) -> bool:
        """Whether the search file holds all words of the packs."""
        return is_current(self._file, self._library)

    @property
    def collection(self) -> Collection:
        """The items as they were loaded."""
        assert self._finder is not None, "load first"
        return self._finder.collection

    def build(
        self,
        stopped: Callable[[], bool] = lambda: False,
        told: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> bool:
        """Bring the search file up to date; False if it was stopped."""
        done = build(self._file, self._library, stopped=stopped, told=told)
        if self._finder is not None:
            self.collection.name_all(self._file.listing())
        return done

    def load(self) -> None:
        """Read everything anew."""
        found = Collection.read(self._reader, self._clock.today(), self._recall)
        found.name_all(self._file.listing())
        self._finder = Finder(found, self._file, self._reader)

    def renew(self, names: Iterable[str]) -> None:
        """Read these items again: something was said of them."""
        known = [name for name in names if self.collection.place(name) is not None]
        self.collection.renew(self._reader, known)
        assert self._finder is not None
        self._finder.forget()

    def miss_what_is_gone(self) -> None:
        """Find no more what the packs do not have any more; places stay what they were."""
        self.collection.miss(self._reader.names())

    def find(self, text: str, sorting: Sorting, language: str) -> list[int]:
        """The places of the items found. Raises `QueryError` and `StoreProblem`."""
        query = parse(text)
        assert self._finder is not None, "load first"
        return self._finder.find(query, sorting.column, down=sorting.down, language=language)

    def item(self, place: int, language: str) -> Item:
        """The item at a place."""
        return self.collection.item(place, language)

    def history(self, name: str) -> list[Given]:
        """The answers given to an item, the newest first."""
        return self._reader.history(name)

    def mistakes(self) -> list[str]:
        """The mistakes made so far."""
        return sorted(self._reader.mistakes())

    def close(self) -> None:
        """Let the search file go."""
        self._file.close()

    def _recall(
        self, stabilities: NDArray[np.float64], days: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        return retrievabilities(stabilities, days, self._weights)
