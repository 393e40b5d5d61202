"""Statements of the answer, compiled once and given straight to the driver.

Promise: the very statements SQLAlchemy's Core builds, with the same parameters; only the work that
Core repeats at every execution (two thirds of an answer's time) is done once. For plain values
only: no type of the tables needs converting. Errors are the driver's own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Executable
from sqlalchemy.sql.expression import ClauseElement


class Hot:
    """One statement on one connection."""

    def __init__(
        self,
        connection: Connection,
        statement: Executable,
        columns: Sequence[str] | None = None,
    ) -> None:
        """`columns` are those an INSERT or UPDATE without values is given."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        assert isinstance(statement, ClauseElement)
        compiled = statement.compile(
            dialect=connection.dialect, column_keys=None if columns is None else list(columns)
        )
        self._driver = driver
        self._sql = str(compiled)
        self._names: Sequence[str] = getattr(compiled, "positiontup", None) or ()
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def __call__(self, values: Mapping[str, object]) -> sqlite3.Cursor:
        """Run it."""
        fixed = self._fixed
        return self._driver.execute(
            self._sql,
            tuple([values[n] if n in values else fixed[n] for n in self._names]),
        )
