"""What may be completed: candidates above the input, and the signature of the call around it.

Promise: never higher than a few lines; the line under the cursor is marked by a sign. Must not
choose.
"""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from app.lab.completion import Candidate, Completion
from app.tui.widgets.laid import Laid, fitted, line, spread

_MOST = 6
_NAME = 30


class Offers(Laid):
    """A list of candidates while it is open; a signature otherwise."""

    def __init__(self) -> None:
        super().__init__(id="offers")
        self.completion: Completion | None = None
        self.open = False
        self.cursor = 0

    def show(self, completion: Completion | None, *, open_: bool | None = None) -> None:
        """Show what fits now; the list stays open only while there is something in it."""
        before = self.lines(self.size.width) if self.size.width else []
        self.completion = completion
        if open_ is not None:
            self.open = open_
            self.cursor = 0
        if completion is None or not completion.candidates:
            self.open = False
        if self.open and completion is not None:
            self.cursor = min(self.cursor, len(completion.candidates) - 1)
        self._kept = None
        if not self.size.width or self.lines(self.size.width) != before:
            self.relay()

    def move(self, step: int) -> None:
        """To another candidate."""
        if self.completion is not None and self.completion.candidates:
            self.cursor = (self.cursor + step) % len(self.completion.candidates)
            self.relay()

    @property
    def chosen(self) -> Candidate | None:
        """The candidate under the cursor, while the list is open."""
        if not self.open or self.completion is None:
            return None
        return self.completion.candidates[self.cursor]

    def lay(self, width: int) -> list[Content]:
        """Candidates with their line, or the signature."""
        found = self.completion
        if found is None:
            return []
        rows = self._list(found, width) if self.open else []
        if found.signature and not self.open:
            rows.append(_signature(found.signature, found.argument, width))
        return rows

    def _list(self, found: Completion, width: int) -> list[Content]:
        first = max(0, min(self.cursor - _MOST + 2, len(found.candidates) - _MOST))
        shown = found.candidates[first : first + _MOST]
        names = min(_NAME, max(cell_len(c.text) for c in shown))
        rows = []
        for n, candidate in enumerate(shown, start=first):
            here = n == self.cursor
            words = _cut(candidate.line, width - names - 5)
            rows.append(
                line(
                    ("▸ " if here else "  ", "bold $accent"),
                    (fitted(candidate.text, names), "bold $code" if here else "$code"),
                    "   ",
                    (words, "" if here else "$muted"),
                )
            )
        chosen = found.candidates[self.cursor]
        argument = chosen.text.removesuffix("=") if chosen.text.endswith("=") else ""
        count = line((f"{self.cursor + 1}/{len(found.candidates)}", "$muted"))
        return [spread(_signature(chosen.shown, argument, width - 10), count, width), *rows]


def _signature(text: str, argument: str, width: int) -> Content:
    """The signature with the argument that stands there in bold; its middle gives way."""
    name, bracket, rest = text.partition("(")
    if not bracket:
        return line((_cut(name, width), "$code"))
    parts = rest.removesuffix(")").split(", ")
    here = next((n for n, p in enumerate(parts) if p.partition("=")[0] == argument), None)
    first = 0
    while True:
        lead = "" if first == 0 else ".., "
        whole = f"{name}{bracket}{lead}{', '.join(parts[first:])})"
        if cell_len(whole) <= width or first >= (here or 0):
            break
        first += 1
    pieces: list[tuple[str, str]] = [(name + bracket, "$code"), (lead, "$muted")]
    used = cell_len(name + bracket + lead)
    for n in range(first, len(parts)):
        part = parts[n] + (", " if n < len(parts) - 1 else ")")
        if used + cell_len(part) > width - (3 if n < len(parts) - 1 else 0):
            pieces.append(("..)", "$muted"))
            break
        if n == here:
            pieces += [(parts[n], "bold $accent"), (part[len(parts[n]) :], "$muted")]
        else:
            pieces.append((part, "$muted"))
        used += cell_len(part)
    return line(*pieces)


def _cut(text: str, width: int) -> str:
    """As many whole words as fit."""
    if cell_len(text) <= width:
        return text
    kept = text
    while kept and cell_len(kept) + 3 > width:
        shorter = kept.rpartition(" ")[0]
        kept = shorter if shorter and cell_len(shorter) > width // 3 else kept[:-1]
    return f"{kept.rstrip(' ,;，、')} .."
