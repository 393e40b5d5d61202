"""Codes of pictures: a picture needs a paragraph of its own.

Promise: judges measured values; one finding per figure. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.measuring import place_of
from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic
from content.text.pictures import picture_of
from engine.values import RunValue


@rule("G607", "picture-in-text", measured=True)
def picture_in_text(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a figure that is a picture and stands inside running text, a table or code.

    Why is this bad?
    A picture takes several lines; inside a line only a description of it can be shown.

    Example
        The curve {{ plot(relu(x), x, -3, 3) }} has a corner.

    Use instead
        The curve has a corner:

        {{ plot(relu(x), x, -3, 3) }}
    """
    for proof in view.proofs.values():
        alone = {(form.path, figure.source): figure.alone for form, figure in proof.view.figures}
        told: set[str] = set()
        for prepared in proof.prepared[:1]:
            for key, value in prepared.values.items():
                _, colon, source = key.partition(":")
                if not colon or source in told or picture_of(value) is None:
                    continue
                if isinstance(value, RunValue):  # in a line it is shown as its last loss
                    continue
                path, _ = place_of(proof.view, key, source)
                inside = [at for (at, found), lone in alone.items() if found == source and not lone]
                if inside:
                    told.add(source)
                    at = path if path in inside else inside[0]
                    yield proof.view.report("G607", at, fragment=source, figure=source)
