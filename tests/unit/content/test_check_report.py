"""Reports as a person reads them, held against written ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from content.checks.report import WIDTH, as_json, render
from content.diagnostic import Diagnostic, diagnostic

DATA = Path(__file__).parents[2] / "data" / "packs"


def one(line: str, column: int, **details: str) -> list[str]:
    found = diagnostic("G502", "a.yaml", 1, column, details=tuple(details.items()))
    return list(render([found], lambda _: [line], "en"))


def test_the_caret_counts_wide_characters_as_two_cells() -> None:
    lines = one("题目: {{ kernel }}", 6, name="kernel")
    assert lines[4].index("^") == cell_len("1 | 题目: {")
    assert one("题目: kernel", 5, name="kernel")[4] == "  | " + " " * 6 + "^" * 6


@pytest.mark.parametrize("column", [1, 200, 399, 400, 500])
def test_long_lines_are_cut_around_the_place(column: int) -> None:
    for line in ("x" * 400, "层" * 400):
        for shown in one(line, column, name="n"):
            assert cell_len(shown) <= WIDTH + 20
        excerpt, caret = one(line, column, name="n")[3:5]
        assert cell_len(excerpt) <= WIDTH
        assert caret.index("^") <= WIDTH


def test_nothing_of_a_pack_reaches_the_terminal_as_an_escape() -> None:
    found = diagnostic(
        "G502", "a\x1b[31m.yaml", 1, 3, item="t/\x1b]0;x\x07", details=(("name", "\x1b[2J"),)
    )
    report = "\n".join(render([found], lambda _: ["ab\x1b[31m\u202ec"], "en"))
    assert "\x1b" not in report
    assert "\u202e" not in report


def test_many_findings_of_one_code_are_counted() -> None:
    found = [diagnostic("G304", "a.yaml", n + 1, 1) for n in range(50)]
    short = list(render(found, lambda _: (), "en", per_code=20))
    assert sum(line.startswith("error[G304]") for line in short) == 20
    assert short[-1] == "… and 30 more of G304. `--all` shows them."
    every = list(render(found, lambda _: (), "en", per_code=None))
    assert sum(line.startswith("error[G304]") for line in every) == 50


def test_json_has_places_and_words() -> None:
    found: list[Diagnostic] = [
        diagnostic("G101", "a.yaml", 3, 5, item="t/a", details=(("field", "x"), ("nearest", "y")))
    ]
    (entry,) = as_json(found, "zh")
    assert (entry["code"], entry["name"]) == ("G101", "field-unknown")
    assert (entry["file"], entry["line"], entry["column"]) == ("a.yaml", 3, 5)
    assert entry["message"] == "未知字段 `x`"
    assert entry["mend"] == "是不是想写 `y`？"
    assert entry["details"] == {"field": "x", "nearest": "y"}
