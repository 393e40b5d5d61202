"""What a key does, said once: bindings, footer, palette and help derive from a `Command`.

Promise: a command that does not apply now is not bound, not in the footer, not in the palette
and not in the help. Its words are locale keys: `tui.command.<name>` for the footer and
`tui.command.<name>.help` for palette and help. Must not hold strings a person reads.

A letter never acts while an answer is typed; its `twin` (a function or control key) always does.
A person may choose other keys for a command by its `id` (`remapped`): whatever shows or binds
commands is given remapped ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from textual.binding import Binding, BindingsMap, BindingType

_GLYPHS = {
    "enter": "⏎",
    "escape": "esc",
    "question_mark": "?",
    "space": "space",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "upper_l": "L",
    "comma": ",",
    "slash": "/",
    "pagedown": "PgDn",
    "pageup": "PgUp",
}


class Command(NamedTuple):
    """One thing a person can do on a screen.

    `keys` are Textual key names, the first one shown; `twin` acts while typing too. `words` names
    its locale keys where they are not the action's own. `weight` decides what a narrow footer
    drops first (0 is never in the footer, the help goes last of all). With `numbered` the keys
    are digits and each is its action's argument. The keys of an `inborn` one are those of the
    widget holding the text: the help tells of them, nothing binds them.
    """

    action: str
    keys: tuple[str, ...]
    twin: str = ""
    words: str = ""
    weight: int = 5
    numbered: bool = False
    inborn: bool = False

    @property
    def name(self) -> str:
        """The name of its locale keys."""
        return self.words or self.action.partition("(")[0].rpartition(".")[2].replace("_", "-")

    @property
    def id(self) -> str:
        """What a chosen key is stored under: the same thing has the same id on every screen."""
        return self.words or self.action.rpartition(".")[2].replace("_", "-")

    @property
    def remappable(self) -> bool:
        """Whether its keys may be chosen: not digits, and not what a field does by itself."""
        return not (self.numbered or self.inborn)

    @property
    def label(self) -> str:
        """Locale key of the footer's text."""
        return f"tui.command.{self.name}"

    @property
    def help(self) -> str:
        """Locale key of what the palette and the help say."""
        return f"tui.command.{self.name}.help"

    def key(self, *, typing: bool) -> str | None:
        """How its key is shown, or None where it has none while typing."""
        if self.numbered:
            return None if typing else f"{self.keys[0]}-{self.keys[-1]}"
        if not typing:
            return shown(self.keys[0]) if self.keys else shown(self.twin)
        if self.twin:
            return shown(self.twin)
        safe = [key for key in self.keys if key in ("enter", "escape")]
        return shown(safe[0]) if safe else None


SCROLL = Command("scroll", ("up", "down", "pageup", "pagedown"), weight=0, inborn=True)
PAGES = ("pageup", "pagedown")
"""The keys that scroll where the arrows do something else."""


def shown(key: str) -> str:
    """A key's name as a person reads it: `⏎`, `^r`, `f2`."""
    control, plus, rest = key.partition("+")
    if plus and control == "ctrl":
        return f"^{rest}"
    if key in _GLYPHS or len(key) == 1:
        return _GLYPHS.get(key, key)
    from app.key_names import character_of  # no key of home needs it

    return character_of(key) or key


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """The Textual bindings of these commands. Twins come first: a focused field gets no say."""
    found: list[BindingType] = []
    for command in commands:
        if command.inborn:
            continue
        action, name = command.action, command.id
        if command.numbered:
            found += [Binding(key, f"{action}({key})", show=False) for key in command.keys]
        elif command.keys:
            found.append(Binding(",".join(command.keys), action, show=False, id=name))
        if command.twin:
            found.append(Binding(command.twin, action, show=False, priority=True, id=name))
    return found


def remapped(command: Command, keys: Mapping[str, str]) -> Command:
    """The command with the keys chosen for it. Enter, Esc, arrows and the like stay with it."""
    if command.id not in keys or not command.remappable:
        return command
    from app.key_names import FIXED, read

    chosen = read(keys[command.id])
    if chosen is None:
        return command
    own = command.keys
    if chosen.character:
        own = (chosen.character, *(key for key in own if key in FIXED))
    return command._replace(keys=own, twin=chosen.control or command.twin)


def rebound(base: BindingsMap, commands: Iterable[Command], keys: Mapping[str, str]) -> BindingsMap:
    """The bindings with chosen keys; the others of a key that several commands share stay.

    Textual's own keymap takes a whole key from everything bound to it, and Enter means many things.
    """
    if not keys:
        return base
    changed = [remapped(command, keys) for command in commands if command.id in keys]
    kept = {
        key: [one for one in found if one.id not in keys]
        for key, found in base.key_to_bindings.items()
    }
    own = BindingsMap(bindings(one for one in changed if one.remappable))
    return BindingsMap.merge(
        [own, BindingsMap.from_keys({key: found for key, found in kept.items() if found})]
    )
