"""`gradus pack coverage`: what is there, what is missing, in both languages and as JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.cli import main
from app.settings import Settings, save

DATA = Path(__file__).parents[2] / "data"
TOPIC = """\
topic: sums.two
title: {en: Two numbers, zh: 两个数}
cards:
  - id: rule
    front:
      en: "How many are {{ 1 + 1 }} and {{ 2 + 2 }}?"
      zh: "{{ 1 + 1 }} 加 {{ 2 + 2 }} 是多少？"
    back: {en: "There are 77.", zh: 七十七。}
exercises:
  - id: add
    kind: number
    level: 2
    draw: {a: [1, 2]}
    question: {en: "{{ a }} twice?", zh: "{{ a }} 的两倍？"}
    measure: item(tensor(a) + tensor(a))
    solution: a + a
    mistakes:
      - {id: once, value: a, why: {en: Once., zh: 只算了一次。}}
"""


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "pack.yaml").write_text(
        "id: sums\nversion: '1'\ntitle: {en: Sums, zh: 求和}\nlanguages: [en, zh]\n"
        "chapters: [{id: all, title: {en: Numbers, zh: 数}, topics: [sums.two]}]\n"
        "mistakes: {once: {title: {en: Once, zh: 一次}}}\nsyllabus: [sums.two, sums.three]\n",
        encoding="utf-8",
    )
    (folder / "two.yaml").write_text(TOPIC, encoding="utf-8")
    return folder


def test_json(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "coverage", str(pack), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    counts = {
        "cards": 1,
        "exercises": 1,
        "kinds": {"card": 1, "number": 1},
        "levels": {"1": 1, "2": 1},
        "figures": 3,
        "mistakes": 1,
    }
    assert report["totals"] == counts
    (chapter,) = report["chapters"]
    (topic,) = chapter["topics"]
    assert {key: topic[key] for key in counts} == counts
    assert topic["languages"] == ["en", "zh"]
    assert report["missing"] == ["sums.three"]
    assert report["mistakes"] == {"once": 1}
    (typed,) = report["typed"]
    assert (typed["item"], typed["digits"], typed["line"]) == ("sums.two/rule", "77", 8)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Numbers", "Topics written: 1 of 2.", "1 number is typed")),
        ("zh", ("总计", "已写主题 1 个，共 2 个", "有 1 个数字是手写的")),
    ],
)
def test_page(
    language: str, words: tuple[str, ...], pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "coverage", str(pack), "--language", language]) == 0
    page = capsys.readouterr().out
    assert all(word in page for word in words)
    assert "sums.three" in page
    assert "two.yaml:8:" in page


def test_totals_are_the_sums(capsys: pytest.CaptureFixture[str]) -> None:
    pack = Path(__file__).parents[3] / "content/packs/errata"
    assert main(["pack", "coverage", str(pack), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    for field in ("cards", "exercises", "figures", "mistakes"):
        topics = [topic for chapter in report["chapters"] for topic in chapter["topics"]]
        assert sum(topic[field] for topic in topics) == report["totals"][field]
    assert report["typed"] == []


def test_a_broken_topic_is_told(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(DATA / "packs" / "codes" / "G101.yaml", pack / "broken.yaml")
    assert main(["pack", "coverage", str(pack), "--language", "en"]) == 1
    out, err = capsys.readouterr()
    assert "Topics written: 1 of 2." in out
    assert "error[G101]" in err


@pytest.mark.slow
def test_without_a_path_all_packs_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", "coverage", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [pack["pack"] for pack in report["packs"]] == ["foundations", "interview", "errata"]
    cards = sum(pack["totals"]["cards"] for pack in report["packs"])
    assert report["totals"]["cards"] == cards >= 380
    assert report["totals"]["exercises"] >= 250
    assert all(not pack["typed"] for pack in report["packs"])


def test_a_path_without_a_pack_is_told_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pack", "coverage", str(tmp_path / "none")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "none" in told.err


def test_plain_mode_hears_it_row_by_row(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(Settings(language="en", plain=True), tmp_path / "home" / "settings.json")
    assert main(["pack", "coverage", str(pack)]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[:2] == ["Sums", ""]
    assert rows[2] == (
        "Topic: Numbers; cards: 1; exercises: 1; levels: 1:1 2:1; figures: 3; mistakes: 1; "
        "kinds: number 1"
    )
    assert rows[3].startswith("Topic: sums.two; cards: 1; ")
