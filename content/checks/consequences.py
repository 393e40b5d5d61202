"""Findings that only follow from another one: left out, so that one slip is one finding.

Promise: leaves out nothing that would not be found anew once its cause is mended. Must not look at
a pack.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from content.diagnostic import Diagnostic

_FOLLOW: Mapping[str, frozenset[str]] = {
    "G602": frozenset({"G705", "G806"}),
    "G603": frozenset({"G602", "G605", "G705", "G806"}),
}
"""What a code entails in the same item."""
_NAME = re.compile(r"[A-Za-z_]\w*")


def causes(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings without those that follow from another one in the same item."""
    every = tuple(diagnostics)
    entailed: dict[str, set[str]] = defaultdict(set)
    unknown: dict[str, set[str]] = defaultdict(set)
    for found in every:
        if found.item:
            entailed[found.item] |= _FOLLOW.get(found.code, frozenset())
            if found.code in ("G401", "G502") and found.detail("name"):
                unknown[found.item].add(found.detail("name"))
    return tuple(
        found
        for found in every
        if found.code not in entailed.get(found.item, ())
        and not (found.code == "G303" and _names(found) & unknown.get(found.item, set()))
    )


def _names(found: Diagnostic) -> set[str]:
    """The names in the figures in which two languages differ."""
    return set(_NAME.findall(f"{found.detail('figure')} {found.detail('other')}"))
