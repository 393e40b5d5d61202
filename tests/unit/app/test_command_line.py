"""The commands as a shell meets them: output, exit codes, no traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli import main
from content.text.wrap import cells
from engine.protocol import Failure, FailureKind

_ROOT = Path(__file__).parents[3]
_ITEM = "foundations:act.softmax/two-logits"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, compiled_packs: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cache").mkdir()
    shutil.copy(compiled_packs, tmp_path / "cache" / "packs.sqlite")
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    return tmp_path


def _gradus(*words: str, typed: str = "", home: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(_ROOT), "GRADUS_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        input=typed, capture_output=True, text=True, timeout=120, env=env, check=False,
    )  # fmt: skip


def test_items_are_one_json_array(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["items", "--json"]) == 0
    items = json.loads(capsys.readouterr().out)
    cards = [item for item in items if item["kind"] == "card"]
    exercises = [item for item in items if item["kind"] != "card"]
    numbers = [item for item in exercises if item["kind"] in ("number", "shape")]
    assert len(cards) >= 45
    assert len(exercises) >= 32
    assert len(numbers) >= 24
    assert all(item["languages"] == ["en", "zh"] for item in items)
    assert len({item["item"] for item in items}) == len(items)
    assert all(set(item) == {"item", "kind", "level", "languages"} for item in items)


@pytest.mark.slow
def test_show_and_judge_agree(capsys: pytest.CaptureFixture[str]) -> None:
    words = [_ITEM, "--seed", "7", "--json", "--language", "zh"]
    assert main(["exercise", "show", *words]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == [
        "item", "kind", "seed", "language", "question", "draw", "options", "truth",
        "tolerance", "unit", "solution", "example", "allow", "mistakes",
    ]  # fmt: skip
    assert "概率" in shown["question"]
    for mistake in shown["mistakes"][:1]:
        assert main(["exercise", "judge", *words, f"--answer={mistake['value']!r}"]) == 0
        judged = json.loads(capsys.readouterr().out)
        assert judged["verdict"] == "mistake"
        assert judged["mistake"] == mistake["id"]
        assert judged["why"] == mistake["why"]
    assert main(["exercise", "judge", *words, "--answer", str(shown["truth"])]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "right"
    assert main(["exercise", "judge", *words, "--answer", "blue"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert judged["verdict"] == "unreadable"
    assert judged["why"]


@pytest.mark.parametrize("item", ["nonsense", "foundations:act.softmax/none", "a:b/c"])
def test_an_unknown_item_is_said(item: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercise", "show", item, "--json"]) == 1
    assert item in capsys.readouterr().err


def test_a_card_is_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercise", "show", "foundations:act.softmax/what-it-promises"]) == 1
    assert "card" in capsys.readouterr().err


def test_without_a_terminal_the_plain_form_is_named(home: Path) -> None:
    done = _gradus(home=home)
    assert done.returncode == 2
    assert "gradus study --plain" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_of_nothing_and_of_a_session(home: Path) -> None:
    first = _gradus("doctor", home=home)
    assert first.returncode == 0
    assert "parameters(nn.Conv2d(3, 64, 3)) = 1792" in first.stdout
    assert "torch" in first.stdout
    assert "cpu" in first.stdout
    studied = _gradus("study", "--plain", "--limit", "2", typed="\n3\n", home=home)
    assert studied.returncode == 0
    found = _gradus("doctor", "--language", "zh", home=home)
    assert found.returncode == 0
    assert "一切与日志相符" in found.stdout
    assert "引擎正常" in found.stdout


@pytest.mark.parametrize(("language", "said"), [("en", "The engine failed"), ("zh", "引擎有问题")])
def test_doctor_says_what_is_wrong_with_the_engine(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
    said: str,
) -> None:
    failing = Failure(FailureKind.CRASH, "engine-no-torch", details=(("log", "engine.log"),))
    broken = nullcontext(SimpleNamespace(measure=lambda _job: failing))
    monkeypatch.setattr("engine.client.EngineClient", lambda *_, **__: broken)
    assert main(["doctor", "--language", language]) == 1
    out = capsys.readouterr().out
    assert said in out
    assert "PyTorch" in out
    assert str(home / "log" / "engine.log") in out


_PACK = """\
id: small
version: 1.0.0
title: Small
languages: [en, zh]
"""
_TOPIC = """\
topic: small.dense
title: {en: Dense, zh: 全连接}
exercises:
  - id: dense
    kind: number
    draw: {a: [4, 5]}
    let: {layer: "Linear(a, 3)"}
    question: {en: "Parameters of `{{ code(layer) }}`?", zh: "`{{ code(layer) }}` 有多少参数？"}
    measure: parameters(layer)
    solution: (a + 1) * 3
    hints: [{en: "Weights, then biases.", zh: "先权重，后偏置。"}]
"""


@pytest.fixture
def small_pack(home: Path) -> Path:
    folder = home / "packs" / "small"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(_PACK, encoding="utf-8")
    (folder / "dense.yaml").write_text(_TOPIC, encoding="utf-8")
    return home


def test_a_plain_session_in_both_languages(small_pack: Path) -> None:
    # Unreadable, hint, other language, wrong, undone, right within 15 or 18.
    typed = "nonsense\n:h\n:l\n7\n:u\n(4+1)*3\n\n:q\n"
    done = _gradus("study", "--plain", "--topic", "small.dense", typed=typed, home=small_pack)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for words in ("Parameters of", "? unreadable", "Weights, then biases.", "有多少参数？",
                  "✗ 错误", "已撤销对", "的作答。"):  # fmt: skip
        assert words in done.stdout
    after = _gradus("doctor", home=small_pack)
    assert after.returncode == 0, after.stdout


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        ([], "check the engine", "检查引擎"),
        (["measure"], "what to measure", "要测量的表达式"),
        (["exercise", "show"], "which draw", "决定是哪一组数"),
        (["study"], "line by line", "逐行学习"),
        (["pack", "check"], "draws per exercise", "每题抽取多少组数"),
        (["doctor"], "write what is derived", "重建派生数据"),
    ],
)
def test_help_in_the_person_s_language(
    words: list[str],
    en: str,
    zh: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for lang, said, unsaid, usage in (
        ("en_GB.UTF-8", en, zh, "usage: gradus"),
        ("zh_CN.UTF-8", zh, en, "用法：gradus"),
    ):
        monkeypatch.setenv("LANG", lang)
        with pytest.raises(SystemExit):
            main([*words, "--help"])
        out = capsys.readouterr().out
        assert said in out
        assert unsaid not in out
        assert out.startswith(usage)
        assert ("show this help" in out) is (said == en)


@pytest.mark.parametrize("lang", ["en_GB.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize(
    "words", [[], ["study"], ["drill"], ["stats"], ["backup"], ["pack", "install"]]
)
def test_help_is_laid_out_by_cells(
    words: list[str],
    lang: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LANG", lang)
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cells, lines)) <= 78
    assert not [line for line in lines if line.lstrip()[:1] in tuple("，。；：）、”")]
    assert not [line for line in lines if line.endswith(":") and not line.isascii()]
    usage = lines[: lines.index("")]
    assert {len(line) - len(line.lstrip()) for line in usage[1:]} <= {
        cells(usage[0][: usage[0].index("[")])
    }


@pytest.mark.parametrize(
    ("words", "en", "zh"),
    [
        (
            ["nosuch"],
            "COMMAND: nosuch is not one of study, ",
            "COMMAND：不能是 nosuch；可选：",
        ),
        (["study", "--limit"], "--limit: a value must follow.", "--limit：后面要写一个值。"),
        (["drill", "--questions", "a"], "a whole number is needed", "--questions：应为整数，"),
        (["pack", "check", "--draws", "x"], "--draws: x cannot be read.", "--draws：无法读取 x。"),
        (["lab", "--xyz"], "not known here: --xyz.", "这里不认识 --xyz。"),
        (["study", "--m", "3"], "write more of it.", "--m 可能是 --mistaken-since、--minutes，"),
        (["export"], "WHAT is missing.", "缺少 WHAT。"),
        (
            ["stats", "--json", "--html", "x"],
            "cannot go together",
            "--html：不能与 --json 同时",
        ),
        (["study", "--weak=1"], "it takes no value", "--weak：它不带值，后面不能写 1。"),
    ],
)
def test_what_cannot_be_read_is_said_in_the_person_s_language(
    words: list[str],
    en: str,
    zh: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for lang, said in (("en_GB.UTF-8", en), ("zh_CN.UTF-8", zh)):
        monkeypatch.setenv("LANG", lang)
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


def test_help_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["measure", "--language", "zh", "--help"])
    assert "要测量的表达式" in capsys.readouterr().out


def test_an_unknown_topic_is_said(home: Path) -> None:
    done = _gradus("study", "--plain", "--topic", "no.such", home=home)
    assert done.returncode == 1
    assert "no.such" in done.stdout


def test_a_corrupt_database_is_left_as_it_is(home: Path) -> None:
    file = home / "progress.sqlite"
    file.write_bytes(b"not a database, but something a person may want back" * 100)
    before = file.read_bytes()
    done = _gradus("study", "--plain", home=home)
    assert done.returncode == 1
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == before


def test_an_unexpected_problem_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(options: object) -> int:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("app.commands.exercise.list_items", broken)
    assert main(["items", "--json"]) == 70
    said = capsys.readouterr().err
    assert "secret detail" not in said
    assert "RuntimeError" in said
    assert "secret detail" in (home / "log" / "gradus.log").read_text()


def test_a_wrong_starting_time_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRADUS_NOW", "yesterday")
    assert main(["study", "--plain"]) == 2
    said = capsys.readouterr().err
    assert "yesterday" in said
    assert "2026-03-01T09:00" in said
