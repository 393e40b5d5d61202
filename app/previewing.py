"""A pack under its author's hands: read again when a file changes, any item under any draw.

Promise: reads and measures, writes nothing, knows no progress; while a file is broken its items
stay as they were last read. Blocking: called from a thread. Must not draw a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from content.compiled import PackLibrary
from content.diagnostic import Diagnostic
from content.discovery import find
from content.pack import Card, Item, Text, Topic
from content.prepare import Prepared, draw_item, job_for
from engine.choosing import LETTERS
from engine.expression import Refused
from engine.protocol import Failure, Job, Measured, Outcome, Skipped
from engine.values import Value

Measure = Callable[[Job], Outcome]


@dataclass(frozen=True, slots=True)
class Slip:
    """A way of going wrong: what it gives under this draw (None if it does not apply), and why."""

    id: str
    gives: Value | Failure | Skipped
    expression: str
    option: int | None = None


class Previewed:
    """The pack at a path."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent if path.is_file() else path
        self._library = PackLibrary((self._folder,), None)
        self._seen = self._prints()
        self._items: dict[str, tuple[Topic, Item]] = {}
        self.edited = self.newest = ""
        """The item that the last reading changed, if any; the item that was changed last."""
        self.old: frozenset[str] = frozenset()
        """The items that cannot be read now and stand there as they were."""
        self.diagnostics: tuple[Diagnostic, ...] = ()
        self.title: Text = self._folder.name
        self.languages: tuple[str, ...] = ("en",)
        try:
            self._take()
        except BaseException:
            self.close()
            raise

    @property
    def names(self) -> tuple[str, ...]:
        """The items in teaching order, as `pack:topic/id`."""
        return tuple(self._items)

    def changed(self) -> bool:
        """Looks at the files; reads what changed. True if anything did."""
        prints = self._prints()
        if prints == self._seen:
            return False
        self._seen = prints
        self._library.refresh()
        self._take()
        return True

    def check(self) -> None:
        """Finds what is wrong without measuring."""
        from content.checks import check

        self.diagnostics = check(self._folder, None).diagnostics

    def about(self, name: str) -> tuple[Diagnostic, ...]:
        """What is wrong with an item or outside every item: errors first, its own first."""
        own = name.partition(":")[2]
        mine = [one for one in self.diagnostics if one.item in (own, "")]
        return tuple(sorted(mine, key=lambda one: (one.severity, one.item != own)))

    def elsewhere(self, name: str) -> tuple[Diagnostic, ...]:
        """What is wrong with other items: errors first."""
        own = name.partition(":")[2]
        others = [one for one in self.diagnostics if one.item not in (own, "")]
        return tuple(sorted(others, key=lambda one: one.severity))

    def prove(self, name: str, measure: Measure, draws: int) -> tuple[Diagnostic, ...]:
        """What a check of this item's topic finds on so many draws."""
        from content.checks import check_loaded
        from content.loader import load

        def each(jobs: Sequence[Job]) -> Iterator[Outcome]:
            yield from map(measure, jobs)

        topic = name.partition(":")[2].partition("/")[0]
        return check_loaded(load(self._folder), each, draws=draws, topics=(topic,)).diagnostics

    def prepare(self, name: str, seed: int, measure: Measure) -> Prepared | Failure:
        """The item under the draw of that number, or why there is none. KeyError if it is gone."""
        topic, item = self._items[name]
        try:
            drawn = draw_item(name, item, seed)
        except Refused as refused:
            return Failure(refused.kind, refused.code, refused.details)
        job = job_for(item, seed, drawn)
        outcome = measure(job)
        if not isinstance(outcome, Measured):
            return outcome
        return Prepared(name, topic.title, item, seed, drawn, job, outcome)

    def close(self) -> None:
        """Lets the pack go."""
        self._library.close()

    def _take(self) -> None:
        """What the library holds now; of broken files what they held before."""
        for manifest in self._library.manifests():
            self.title, self.languages = manifest.title, manifest.languages
        read = {name: self._library.item(name) for name in (e.name for e in self._library.scan())}
        before, self.old = self._items, frozenset()
        if self._library.problems():
            self.old = frozenset(before) - frozenset(read)
            read = {name: read.get(name, held) for name, held in before.items()} | read
        changed = (n for n, (_, item) in read.items() if n not in before or before[n][1] != item)
        self.edited = next(changed, "") if before else ""
        self.newest = self.edited or self.newest
        self._items = read

    def _prints(self) -> tuple[tuple[str, int, int], ...]:
        found = find(self._folder)
        files = (*((found.manifest,) if found.manifest else ()), *found.topics)
        return tuple((str(file.path), file.size, file.modified) for file in files)


def slips(prepared: Prepared) -> tuple[Slip, ...]:
    """Every mistake of an exercise, then every option that says why."""
    item = prepared.item
    if isinstance(item, Card):
        return ()
    named = [
        Slip(mistake.id, prepared.values.get(f"mistakes.{n}", Skipped()), mistake.value)
        for n, mistake in enumerate(item.mistakes)
    ]
    chosen = [
        Slip(choice.mistake or "", LETTERS[n % len(LETTERS)], "", n)
        for n, choice in enumerate(prepared.truth.options if item.options else ())
        if prepared.option_why(n, "en")
    ]
    return (*named, *chosen)
