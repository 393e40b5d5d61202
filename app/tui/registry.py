"""Every command of every screen, and which key is taken where.

Promise: finds the screens by itself, so that a new one's commands can be remapped without a word
more. Importing them all takes a while: called from a thread. Must not bind anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from app.key_names import slot_of
from app.tui import screens as rooms
from app.tui.commands import Command, remapped
from app.tui.screens.page import EVERYWHERE, Page

_NOWHERE = frozenset({"tick-here", "move(-1)", "move(1)"})
"""Told of by nothing on a screen: arrow keys among options."""


class Entry(NamedTuple):
    """A command that can be given other keys; `command` is how it is without."""

    id: str
    command: Command


@cache
def screens() -> tuple[type[Page[object]], ...]:
    """Every screen that has commands of its own, in the order of their modules."""
    found: list[type[Page[object]]] = []
    for module in sorted(info.name for info in iter_modules(rooms.__path__)):
        room = import_module(f"{rooms.__name__}.{module}")
        found += [
            one
            for one in vars(room).values()
            if isinstance(one, type)
            and issubclass(one, Page)
            and one.__module__ == room.__name__
            and not getattr(one, "__abstractmethods__", None)
            and (one.KEYS or one.LAST)
        ]
    home = [one for one in found if one.__name__ == "HomeScreen"]
    study = [one for one in found if one.__name__ == "StudyScreen"]
    return tuple(dict.fromkeys((*home, *study, *found)))


def commands_of(screen: type[Page[object]]) -> tuple[Command, ...]:
    """What can be done on that screen, and everywhere."""
    return (*screen.KEYS, *screen.LAST, *EVERYWHERE)


@cache
def entries() -> tuple[Entry, ...]:
    """Every command whose keys can be chosen: home's first, then studying's."""
    found: dict[str, Entry] = {}
    for screen in screens():
        for command in commands_of(screen):
            if command.remappable and command.id not in _NOWHERE:
                found.setdefault(command.id, Entry(command.id, command))
    return tuple(found.values())


def taken(name: str, key: str, keys: Mapping[str, str]) -> Command | None:
    """Another command that has this key on a screen where this one works."""
    for screen in screens():
        there = commands_of(screen)
        if any(command.id == name for command in there):
            for command in there:
                if command.id != name and key in _keys(remapped(command, keys)):
                    return command
    return None


def clashes(keys: Mapping[str, str]) -> Iterator[tuple[str, str, Command]]:
    """Chosen keys that mean something else too: the command's id, the key, what has it."""
    for name, text in keys.items():
        for key in text.split(","):
            other = taken(name, key.strip(), keys)
            if other is not None:
                yield name, key.strip(), other


def _keys(command: Command) -> tuple[str, ...]:
    return (*command.keys, command.twin)


def refused(key: str) -> bool:
    """Whether that key can be chosen for no command at all."""
    return slot_of(key) is None
