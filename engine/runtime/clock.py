"""The moment by which a job must be done, for functions that loop.

Promise: whoever loops calls `check_time` in every turn and is refused once the time is over.
Must not measure durations.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from engine.refusal import out_of_time

_deadline: Final[ContextVar[float]] = ContextVar("deadline", default=math.inf)


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Bound what runs meanwhile by a `time.monotonic()` moment."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def check_time() -> None:
    """Refuse to go on once the deadline has passed."""
    if time.monotonic() > _deadline.get():
        raise out_of_time()
