"""Code of items that ask the same as another item of the pack.

Promise: compares what authors wrote, spaces and case aside; two exercises are alike only if they
also draw and measure the same. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.registry import rule
from content.checks.view import ItemView, PackView
from content.diagnostic import Diagnostic
from content.pack import Card, Item, Text, texts_by_language


@rule("G211", "item-duplicated")
def item_duplicated(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of an item that asks the same as another one: two cards with one front, or two exercises
    with one question over the same draw, names and measurement.

    Why is this bad?
    The learner answers the same thing twice, and mending one leaves the other as it was.

    Example
        - id: why-padding
          front: Why pad the input?
        - id: padding-why
          front: Why pad the input?

    Use instead
        - id: why-padding
          front: Why pad the input?
          formerly: [cnn.padding/padding-why]
    """
    wanted = {item.name for item in view.items}
    seen: dict[object, ItemView] = {}
    for item in view.every:
        first = seen.setdefault(_asked(item.item), item)
        if first is not item and item.name in wanted and first.name != item.name:
            field = "front" if isinstance(item.item, Card) else "question"
            yield item.report("G211", (field,), key=True, other=first.name)


def _asked(item: Item) -> object:
    """What an item asks, so that equal ones ask the same."""
    if isinstance(item, Card):
        return "card", _plain(item.front), tuple(item.let.items())
    return (
        item.kind,
        _plain(item.question),
        repr(sorted(item.draw.items())),
        tuple(item.let.items()),
        item.measure,
        item.reference,
        tuple(_plain(option.text) for option in item.options),
        tuple(requirement.that for requirement in item.require),
        tuple(_plain(text) for text in item.accept),
        tuple(_plain(text) for text in item.points),
    )


def _plain(text: Text) -> tuple[tuple[str, str], ...]:
    forms = texts_by_language(text).items()
    return tuple(sorted((language, " ".join(form.casefold().split())) for language, form in forms))
