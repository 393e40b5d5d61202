"""Bringing the search file up to date with the packs.

Promise: only items whose text changed are read; whoever stops it loses nothing, the next call goes
on; called from a thread, it holds no lock of the study loop. Must not look for anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice

from app.browse.texts import searched
from app.progress.search import Doc, SearchFile, tags_of
from content.compiled import ItemIndex, PackLibrary
from content.pack import Text
from content.prepare import STUDIED_KINDS

_VERSION = "1"
"""Of what is taken from a text: another one reads every item anew."""
_AT_ONCE = 100
"""Items to a transaction: a query waits for one at most."""


def is_current(file: SearchFile, library: PackLibrary) -> bool:
    """Whether the file holds the words of these very packs."""
    return file.key() == _key(library)


def build(
    file: SearchFile,
    library: PackLibrary,
    *,
    stopped: Callable[[], bool] = lambda: False,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> bool:
    """Make the file current; `told` hears how many of how many items are read. False if it was
    `stopped` before the end."""
    key = _key(library)
    if file.key() == key:
        return True
    titles = {(topic.pack, topic.topic): topic.title for topic in library.topics()}
    held = file.stamps()
    wanted = {
        item.name: (item, stamp)
        for item in library.scan()
        if item.kind in STUDIED_KINDS
        for stamp in (_stamp(item, titles[item.pack, item.topic]),)
    }
    gone = [name for name in held if name not in wanted]
    fresh = [pair for name, pair in wanted.items() if held.get(name) != pair[1]]
    if gone:
        file.write((), gone)
    done = 0
    told(done, len(fresh))
    waiting = iter(fresh)
    while chunk := list(islice(waiting, _AT_ONCE)):
        if stopped():
            return False
        file.write(list(_docs(library, chunk)))
        done += len(chunk)
        told(done, len(fresh))
    file.settle(key)
    return True


def _docs(library: PackLibrary, chunk: list[tuple[ItemIndex, str]]) -> Iterator[Doc]:
    for index, stamp in chunk:
        try:
            topic, item = library.item(index.name)
        except KeyError:
            continue  # a pack was exchanged meanwhile: the next call finds it
        found = searched(index.name, topic.title, item)
        yield Doc(
            index.name, stamp, found.asked, found.rest, found.label, found.en, found.zh,
            tags_of(found.tags),
        )  # fmt: skip


def _key(library: PackLibrary) -> str:
    return f"{_VERSION}:{library.key()}"


def _stamp(item: ItemIndex, title: Text) -> str:
    return hashlib.sha256(f"{_VERSION}{item.content_hash}{title!r}".encode()).hexdigest()[:20]
