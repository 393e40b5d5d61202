"""Codes of training runs: what a learner is to watch after the answer is a run.

Promise: judges measured values; one finding per exercise. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.kinds import show_draw
from content.checks.measuring import shown
from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic
from content.text.pictures import runs_in
from engine import limits
from engine.protocol import Failure, Skipped


@rule("G608", "run-gives-no-run", measured=True)
def run_gives_no_run(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a `run` that gives anything but one training run or a tuple of them, at most as many as
    one picture has curves.

    Why is this bad?
    After the answer there would be no curve to watch.

    Example
        run: loss_at(train(net, make_rings(), "bce", SGD(lr=0.5), steps=200), -1)

    Use instead
        run: train(net, make_rings(), "bce", SGD(lr=0.5), steps=200)
    """
    for proof in view.proofs.values():
        for prepared in proof.prepared:
            value = prepared.values.get("run", Skipped())
            if isinstance(value, Failure | Skipped):
                continue
            if not 1 <= len(runs_in(value)) <= limits.PICTURE_CURVES:
                yield proof.view.report(
                    "G608", ("run",), value=shown(value), draw=show_draw(prepared.draw)
                )
                break
