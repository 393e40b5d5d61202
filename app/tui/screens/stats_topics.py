"""Choosing the topic that the statistics are of, by a part of its title or name.

Promise: every topic is offered in teaching order, the one home's cursor stood on first; titles are
looked for in both languages. Must not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from app.tui.widgets.laid import line
from content.pack import in_language, texts_by_language

if TYPE_CHECKING:
    from app.locale import Locale
    from content.compiled import TopicIndex


def choosing_topic(
    topics: Sequence[TopicIndex], first: str | None, choose: Callable[[str], None], say: Locale
) -> CommandPalette:
    """The screen on which one types; `choose` is called with `pack:topic`."""
    named = [(f"{one.pack}:{one.topic}", one) for one in topics]
    named.sort(key=lambda pair: pair[0] != first)  # the others stay in their order

    class Topics(Provider):
        """The topics of all packs."""

        async def discover(self) -> Hits:
            """All of them."""
            for name, topic in named:
                title = in_language(topic.title, say.language)
                yield DiscoveryHit(title, partial(choose, name), title, help=name)

        async def search(self, query: str) -> Hits:
            """Those whose title or name holds what was typed."""
            wanted = query.strip().casefold()
            found = [
                (name, topic)
                for name, topic in named
                if any(
                    wanted in text.casefold()
                    for text in (name, *texts_by_language(topic.title).values())
                )
            ]
            for place, (name, topic) in enumerate(found):
                title = in_language(topic.title, say.language)
                yield Hit(1.0 - place / len(found), title, partial(choose, name), title, help=name)
            if not found:
                words = say("tui.stats.no-topic")
                yield Hit(0.01, line((words, "$muted")), lambda: None, text=words)

    return CommandPalette([Topics], placeholder=say("tui.stats.choose-topic"))
