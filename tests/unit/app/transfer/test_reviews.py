"""Answers written out: every format says the same, and what was typed comes back as it was."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_desk import HandClock

from app.cli import main
from app.progress.events import EventKind, NewEvent
from app.study.session import Study
from app.study.views import Rating
from app.transfer.columns import COLUMNS, bare, shielded
from app.transfer.reviews import export_reviews

OpenStudy = Callable[..., Study]
_FORMULA = '=HYPERLINK("http://x","y")'


@pytest.fixture
def studied(open_study: OpenStudy, clock: HandClock) -> Study:
    """Three reviews: one rerated, one taken back, one as it was; and a practice answer."""
    from app.progress.events import Answer

    study = open_study()
    session = study.begin()
    for rating in (Rating.GOOD, Rating.AGAIN, Rating.EASY):
        session.next()
        session.rate(rating, hints=1, seconds=2.5)
        clock.forward(seconds=7)
    session.rate(Rating.HARD, hints=1, seconds=2.5)
    session.next()
    session.rate(Rating.GOOD, hints=0, seconds=1.0)
    session.undo()
    answer = Answer(
        "1.0.0", "h", None, 3.0, 0, 5, '{"k": 3, "z": 1e400}', typed=_FORMULA, measured="-3.5",
        verdict="wrong", mistake="bias-forgotten",
    )  # fmt: skip
    study.journal.practise("demo:a.first/a1", answer)
    return study


def _export(study: Study, format_: str, folder: Path, *, everything: bool) -> Path:
    path = folder / f"answers.{format_}"
    export_reviews(study.store.path, format_, None, path, everything=everything)
    return path


def test_every_format_says_the_same(studied: Study, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    as_csv, as_json, as_parquet = (
        _export(studied, format_, folder, everything=True)
        for format_ in ("csv", "jsonl", "parquet")
    )
    assert sorted(path.name for path in folder.iterdir()) == [
        "answers.csv", "answers.jsonl", "answers.parquet",
    ]  # fmt: skip
    told = [json.loads(line) for line in as_json.read_text("utf-8").splitlines()]
    with as_csv.open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    rows = pq.read_table(as_parquet).to_pylist()
    assert len(told) == len(cells) == len(rows) == 5
    assert list(told[0]) == list(cells[0]) == list(rows[0]) == [c.name for c in COLUMNS]
    assert [r["rating"] for r in rows] == [3, 1, 2, 3, None]
    assert [r["given"] for r in rows] == [3, 1, 4, 3, None]
    assert [r["in_force"] for r in rows] == [True, True, True, False, True]
    assert rows[1]["at"] == datetime(2026, 3, 2, 8, 0, 7, tzinfo=UTC)
    assert told[1]["at"] == cells[1]["at"] == "2026-03-02T08:00:07.000Z"
    assert rows[1]["day"] == date(2026, 3, 2)
    for cell, value, row in zip(cells, told, rows, strict=True):
        assert cell["day"] == value["day"] == row["day"].isoformat()
        for name in ("id", "item", "kind", "device"):
            assert bare(cell[name]) == value[name] == row[name]
        assert int(cell["counter"]) == value["counter"] == row["counter"]
    assert rows[4]["typed"] == told[4]["typed"] == bare(cells[4]["typed"]) == _FORMULA
    assert cells[4]["typed"] == "'" + _FORMULA
    assert cells[4]["measured"] == rows[4]["measured"] == "-3.5"
    assert told[4]["measured"] == -3.5
    assert rows[4]["draw"] == '{"k": 3, "z": 1e400}'
    assert cells[0]["typed"] == ""
    assert told[0]["typed"] is rows[0]["typed"] is None


def test_a_mark_for_spreadsheets_only_where_it_is_asked_for(studied: Study, tmp_path: Path) -> None:
    plain = _export(studied, "csv", tmp_path, everything=True).read_bytes()
    assert plain.startswith(b"id,")
    path = tmp_path / "excel.csv"
    export_reviews(studied.store.path, "csv", None, path, everything=True, mark=True)
    assert path.read_bytes() == b"\xef\xbb\xbf" + plain
    sink = io.StringIO()
    export_reviews(studied.store.path, "csv", sink, None, everything=True, mark=True)
    assert sink.getvalue().encode() == path.read_bytes()


@pytest.mark.parametrize("format_", ["jsonl", "parquet"])
def test_other_formats_take_no_mark(
    format_: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    words = ["export", "reviews", "--excel", "--format", format_, "--output", str(tmp_path / "x")]
    assert main([*words, "--language", "en"]) == 2
    assert format_ in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_only_reviews_in_force_unless_all_are_asked_for(studied: Study, tmp_path: Path) -> None:
    rows = pq.read_table(_export(studied, "parquet", tmp_path, everything=False)).to_pylist()
    assert [(row["kind"], row["rating"]) for row in rows] == [
        ("review", 3), ("review", 1), ("review", 2),
    ]  # fmt: skip


def test_an_undone_change_of_rating_does_not_count(studied: Study, tmp_path: Path) -> None:
    log = studied.store.log
    (rerate,) = (
        row[0] for row in studied.store._driver.execute("SELECT id FROM event WHERE kind='rerate'")
    )
    with studied.store.transaction():
        log.append(NewEvent("f" * 32, 1, 1, EventKind.UNDO, target=rerate))
    rows = pq.read_table(_export(studied, "parquet", tmp_path, everything=False)).to_pylist()
    assert [row["rating"] for row in rows] == [3, 1, 4]


@given(st.text())
def test_shielded_texts_come_back_and_are_no_formulas(text: str) -> None:
    shown = shielded(text)
    assert bare(shown) == text
    assert shown
    if shown.lstrip()[:1] in tuple("=+-@＝＋－＠"):
        float(shown)
    buffer = io.StringIO()
    csv.writer(buffer).writerow([shown, "x"])
    assert list(csv.reader(io.StringIO(buffer.getvalue(), newline=""))) == [[shown, "x"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "'x"]
)
def test_formulas_are_shielded(text: str) -> None:
    assert shielded(text) == "'" + text


@pytest.mark.parametrize("text", ["-3.5", "+4", "1e-3", "64x32", "(1, 2)", "卷积", "a=b"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert shielded(text) == text


def test_a_failing_export_leaves_the_old_file(
    studied: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.transfer import reviews

    path = tmp_path / "answers.csv"
    path.write_text("old")

    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reviews, "as_csv", fail)
    with pytest.raises(OSError, match="No space"):
        export_reviews(studied.store.path, "csv", None, path, everything=True)
    assert path.read_text() == "old"
    assert not list(tmp_path.glob(".*partial"))


def test_the_command(
    studied: Study,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(studied.store.path.parent))
    assert main(["export", "reviews"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row["rating"] for row in rows] == ["3", "1", "2"]
    assert main(["export", "reviews", "--format", "jsonl", "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main(["export", "reviews", "--format", "parquet"]) == 2
    assert "--output" in capsys.readouterr().err
    path = tmp_path / "r.parquet"
    words = ["export", "reviews", "--format", "parquet", "--output", str(path), "--language", "zh"]
    assert main(words) == 0
    assert "已将 3 条作答写入" in capsys.readouterr().err
    assert pq.read_table(path).num_rows == 3
    assert main(["export", "log", "--output", str(tmp_path / "no" / "file")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_without_pyarrow_the_command_says_how_to_get_it(
    studied: Study,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from app.transfer import reviews

    monkeypatch.setenv("GRADUS_HOME", str(studied.store.path.parent))
    monkeypatch.setattr(reviews, "find_spec", lambda _: None)
    path = tmp_path / "r.parquet"
    assert main(["export", "reviews", "--format", "parquet", "--output", str(path)]) == 1
    assert "gradus-cards[parquet]" in capsys.readouterr().err
    assert not path.exists()


def test_nothing_heavy_is_loaded_for_csv() -> None:
    program = (
        "import sys, app.transfer.reviews;"
        "print(sorted({'sqlalchemy', 'pyarrow', 'torch', 'textual'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[4],
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_the_canonical_log_is_sorted_and_whole(
    studied: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(studied.store.path.parent))
    assert main(["export", "log"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"type": "log", "format": "gradus-log/1", "learner": studied.store.learner}
    places = [(line["counter"], line["device"], line["id"]) for line in lines[1:]]
    assert places == sorted(places)
    kinds = [line["kind"] for line in lines[1:]]
    assert kinds == ["parameters", *["review"] * 3, "rerate", "review", "undo", "practice"]
    assert lines[-1]["typed"] == _FORMULA
    with closing(studied.store._driver.execute("SELECT count(*) FROM event")) as count:
        assert count.fetchone() == (len(lines) - 1,)
