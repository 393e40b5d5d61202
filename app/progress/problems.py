"""What can be wrong with the store, as one typed problem a person can act on.

Promise: every database error leaves `app/progress` as a `StoreProblem` with a stable code; the
texts are data in `app/locale/*/progress.json`. Imports only the standard library, so that a first
frame may name the problem without loading the store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from app.locale import Locale

CODES = (
    "corrupt",
    "foreign",
    "newer",
    "read-only",
    "locked",
    "full",
    "folder",
    "failed",
    "migration",
    "elsewhere",
    "in-use",
)

_BY_ERROR = {
    "SQLITE_CORRUPT": "corrupt",
    "SQLITE_NOTADB": "corrupt",
    "SQLITE_READONLY": "read-only",
    "SQLITE_PERM": "read-only",
    "SQLITE_CANTOPEN": "folder",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_PROTOCOL": "locked",
    "SQLITE_FULL": "full",
}


class StoreProblem(Exception):  # noqa: N818  (it is a state of affairs, named as people say it)
    """The store cannot be opened, read or written; the file is as it was.

    `code` is one of `CODES`; `details` fill the message's placeholders.
    """

    def __init__(self, code: str, details: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.details = dict(details or {})
        super().__init__(f"{code}: {self.details}")

    def describe(self, language: str) -> str:
        """What is wrong and what to do, in that language."""
        values = {"path": "", "reason": "", "revision": "", "backup": "", **self.details}
        return Locale(language)(f"progress.{self.code}", **values)


def problem_of(error: BaseException, path: Path) -> StoreProblem:
    """The problem behind an error of sqlite3, of SQLAlchemy (which wraps one) or of the system."""
    cause = getattr(error, "orig", None) or error
    details = {"path": str(path), "reason": str(cause)}
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "") or ""
        for known, code in _BY_ERROR.items():
            if name.startswith(known):
                return StoreProblem(code, details)
        return StoreProblem("failed", details)
    if isinstance(cause, PermissionError):
        return StoreProblem("read-only", details)
    if isinstance(cause, OSError) and cause.errno == 28:  # ENOSPC
        return StoreProblem("full", details)
    return StoreProblem("folder" if isinstance(cause, OSError) else "failed", details)
