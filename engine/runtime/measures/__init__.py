"""What can be measured of a model: one module for each subject.

Promise: `MEASURES` holds the functions of them all. Must not define functions.
"""

from __future__ import annotations

from typing import Final

from engine.runtime.measures.initialising import INITIALISING
from engine.runtime.measures.memory import MEMORY
from engine.runtime.measures.statistics import STATISTICS
from engine.runtime.measures.structure import STRUCTURE
from engine.runtime.measures.training import TRAINING
from engine.runtime.measures.wiring import WIRING
from engine.runtime.measures.work import WORK
from engine.runtime.register import Register, together

MEASURES: Final = Register(
    together(
        *(
            register.functions
            for register in (
                STRUCTURE, WORK, WIRING, TRAINING, MEMORY, STATISTICS, INITIALISING,
            )
        )
    )
)  # fmt: skip
