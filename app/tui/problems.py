"""What went wrong, as sentences that say what to do.

Promise: no traceback reaches a person; what was not foreseen is written to the log file and named
in one sentence. Must not decide what happens next.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from app.locale import Locale


def sentence(error: BaseException, say: Locale, log: Path) -> str:
    """The words for an error that background work raised."""
    describe = getattr(error, "describe", None)
    if callable(describe):
        return str(describe(say.language))
    record(error, log)
    return say("tui.problem.unexpected", kind=type(error).__name__, log=log)


def record(error: BaseException, log: Path) -> bool:
    """Append the traceback to the log file; False where it cannot be written."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            traceback.print_exception(error, file=file)
    except OSError:
        return False
    return True
