"""Answers as a table: CSV, JSON lines or Parquet, streamed.

Promise: one batch of rows is in memory at a time; a file appears whole or not at all. pyarrow is
imported only for Parquet; where it is missing, `ParquetMissingError` says so before anything is
written. Must not print.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.progress.extract import Recorded, canonical_lines, reading, recorded
from app.transfer.columns import COLUMNS, as_csv, as_json

if TYPE_CHECKING:
    from typing import Any

TEXT_FORMATS = ("csv", "jsonl")
FORMATS = (*TEXT_FORMATS, "parquet")
_ROWS_AT_ONCE = 5000


class ParquetMissingError(Exception):
    """Parquet was asked for and pyarrow is not installed."""


def export_reviews(
    database: Path,
    format_: str,
    sink: TextIO | None,
    output: Path | None,
    *,
    everything: bool,
    mark: bool = False,
) -> int:
    """Write answers to `output`, or text to `sink`; how many rows.

    Without `everything`, the reviews in force alone. With `mark`, a text begins with the byte order
    mark by which spreadsheet programs know UTF-8. Raises `StoreProblem`, OSError,
    `ParquetMissingError`.
    """
    if format_ == "parquet":
        if find_spec("pyarrow") is None:
            raise ParquetMissingError
        if output is None:
            raise ValueError("Parquet needs a file")
    with reading(database) as file:
        rows = (
            row
            for row in recorded(file)
            if everything or (row.in_force and row.kind.value == "review")
        )
        if output is None:
            assert sink is not None
            return _text(format_, rows, sink, mark=mark)
        if format_ == "parquet":
            return _beside(output, lambda partial: _parquet(rows, partial))
        return _to_file(output, lambda text: _text(format_, rows, text, mark=mark))


def _text(format_: str, rows: Iterable[Recorded], sink: TextIO, *, mark: bool) -> int:
    if mark:
        sink.write("\ufeff")
    return _WRITERS[format_](rows, sink)


def export_log(database: Path, sink: TextIO | None, output: Path | None) -> int:
    """Write the canonical log to `output` or `sink`; how many lines."""
    with reading(database) as file:
        lines = canonical_lines(file)
        if output is None:
            assert sink is not None
            return _lines(lines, sink)
        return _to_file(output, lambda text: _lines(lines, text))


def _csv(rows: Iterable[Recorded], sink: TextIO) -> int:
    writer = csv.writer(sink)
    writer.writerow([column.name for column in COLUMNS])
    count = 0
    for row in rows:
        writer.writerow([as_csv(column, row) for column in COLUMNS])
        count += 1
    return count


def _jsonl(rows: Iterable[Recorded], sink: TextIO) -> int:
    return _lines(
        (
            json.dumps({column.name: as_json(column, row) for column in COLUMNS},
                       ensure_ascii=False, separators=(",", ":"))
            for row in rows
        ),
        sink,
    )  # fmt: skip


def _lines(lines: Iterable[str], sink: TextIO) -> int:
    count = 0
    for line in lines:
        sink.write(line + "\n")
        count += 1
    return count


_WRITERS: dict[str, Callable[[Iterable[Recorded], TextIO], int]] = {"csv": _csv, "jsonl": _jsonl}


def _parquet(rows: Iterator[Recorded], path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types: dict[str, Any] = {
        "text": pa.string(),
        "json": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "moment": pa.timestamp("ms", tz="UTC"),
        "day": pa.date32(),
    }
    schema = pa.schema([(column.name, types[column.kind]) for column in COLUMNS])
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            columns = {column.name: [column.value(row) for row in batch] for column in COLUMNS}
            writer.write_table(pa.table(columns, schema=schema))
            count += len(batch)
    return count


def _to_file(output: Path, write: Callable[[TextIO], int]) -> int:
    def fill(partial: Path) -> int:
        with partial.open("w", encoding="utf-8", newline="") as text:
            return write(text)

    return _beside(output, fill)


def _beside(output: Path, fill: Callable[[Path], int]) -> int:
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    try:
        count = fill(partial)
        partial.replace(output)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return count
