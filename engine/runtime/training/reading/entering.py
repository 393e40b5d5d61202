"""The register of what a run can be asked, and what several of these share.

Promise: a question that a run cannot answer is refused. Must not read a run.
"""

from __future__ import annotations

from typing import Annotated, Final

from engine import limits
from engine.refusal import refused
from engine.runtime.arguments import whole
from engine.runtime.register import Register
from engine.runtime.training.run import Run

READING: Final = Register()
Step = Annotated[int, whole(-limits.TRAINING_STEPS, limits.TRAINING_STEPS)]


def classified(run: Run) -> None:
    """Refuse a run on data without classes."""
    if run.data.classes is None:
        raise refused("data-without-classes", argument="run")
