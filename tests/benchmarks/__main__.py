"""`python -m tests.benchmarks [SUBJECT...]`: measure, print a table; exit 1 if a goal is missed.

Subjects: start, card, memory, answer, verdict, runaway, batch, next, browse, structure,
training, proving, statistics, saving, merging. Without one: all.
"""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module

from tests.benchmarks.report import Row, cells, table

SUBJECTS = {
    "start": "start",
    "card": "first_card",
    "memory": "resident",
    "answer": "answering",
    "verdict": "verdict",
    "runaway": "runaway",
    "batch": "batch",
    "next": "next_due",
    "browse": "browsing",
    "structure": "structure",
    "training": "training",
    "proving": "proving",
    "statistics": "statistics_of",
    "saving": "saving",
    "merging": "merging",
}


def main(names: list[str]) -> int:
    """Run the named subjects."""
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown:
        sys.stderr.write(f"no subject {', '.join(unknown)}; there are {', '.join(SUBJECTS)}\n")
        return 2
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    sys.stdout.write(f"{os.cpu_count()} cores, load {load:.1f} before the first run\n")
    rows: list[Row] = []
    for name in names or SUBJECTS:
        begun = time.perf_counter()
        found: list[Row] = import_module(f"tests.benchmarks.{SUBJECTS[name]}").run()
        rows += found
        sys.stderr.write(f"{name}: {time.perf_counter() - begun:.0f} s\n")
        for row in found:
            sys.stderr.write("  " + "  ".join(filter(None, cells(row))) + "\n")
            for note in row.notes:
                sys.stdout.write(f"  {row.subject}: {note}\n")
    sys.stdout.write(table(rows) + "\n")
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
