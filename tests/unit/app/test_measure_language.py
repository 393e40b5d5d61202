"""`gradus measure --help-language` and `--explain` on the real engine, in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import cli
from app.commands.measure_language_text import explained
from app.locale import Locale
from content.text.wrap import cells
from engine import client as engine_client
from engine.client import EngineClient
from engine.elements import ELEMENTS
from engine.protocol import Failure, FailureKind, Job, Measured, Outcome


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Measure = Callable[..., Ran]


@pytest.fixture
def measure(
    engine: EngineClient,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Measure:
    """Runs the command with the session's engine in place of one of its own."""
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setattr(engine_client, "EngineClient", lambda *_, **__: nullcontext(engine))

    def run(*words: str) -> Ran:
        code = cli.main(["measure", *words])
        got = capsys.readouterr()
        return Ran(code, got.out, got.err)

    return run


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_name_is_listed_once_within_80_columns(measure: Measure, language: str) -> None:
    ran = measure("--help-language", "--language", language)
    assert (ran.code, ran.err) == (0, "")
    assert max(map(cells, ran.out.splitlines())) <= 80
    told = json.loads(measure("--help-language", "--language", language, "--json").out)
    names = [one["name"] for subject in told["subjects"] for one in subject["names"]]
    assert len(names) == len(set(names))
    assert {"Conv2d", "softmax", "macs", "resnet50", "@", "float16", "let"} <= set(names)
    lines = ran.out.splitlines()
    for subject in told["subjects"]:
        assert subject["title"] in lines
        for one in subject["names"]:
            assert one["line"]
            assert any(line.strip().split("  ")[0] == one["name"] for line in lines), one["name"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_fits_80_columns(engine: EngineClient, language: str) -> None:
    told = engine.measure(Job((), device="cpu", seconds=60, documented=True))
    assert isinstance(told, Measured)
    pages = [*told.documentation, *(one for ones in ELEMENTS.values() for one in ones)]
    say = Locale(language)
    texts = [explained(found, say) for found in pages]
    wide = [line for text in texts for line in text.splitlines() if cells(line) > 80]
    assert not wide, "\n".join(wide)


def test_a_layer_is_explained(measure: Measure) -> None:
    out = measure("--explain", "Conv2d").out
    assert out.startswith("Conv2d(in_channels, out_channels, kernel_size, stride=1,")
    assert "  in_channels   whole number from 1 to 1,000,000,000\n" in out
    assert "  bias          True or False (default True)\n" in out
    assert "PyTorch's layer torch.nn.Conv2d" in out
    assert "  parameters(nn.Conv2d(3, 64, 3))\n  = 1792\n" in out


def test_in_chinese(measure: Measure) -> None:
    out = measure("--explain", "Conv2d", "--language", "zh").out
    assert "二维卷积" in out
    assert "  in_channels   整数，1 至 1,000,000,000\n" in out
    assert "PyTorch 的层 torch.nn.Conv2d" in out


def test_the_persons_own_language_is_the_default(
    measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "矩阵乘法" in measure("--explain", "@").out


def test_a_prefix_of_pytorch_is_dropped(measure: Measure) -> None:
    plain = measure("--explain", "Conv2d").out
    assert measure("--explain", "torch.nn.Conv2d").out == plain
    assert measure("--explain", "nn.Conv2d").out == plain
    assert measure("--explain", "torch.float16").out == measure("--explain", "float16").out


def test_a_function_of_expressions_shows_how_it_is_called(measure: Measure) -> None:
    out = measure("--explain", "gradient").out
    assert out.startswith("gradient(expr, x")
    assert "Takes the expression itself, not its value." in out


def test_a_drawing_keeps_its_lines(measure: Measure) -> None:
    out = measure("--explain", "diagram").out
    assert "  = ┌──────────────────┐\n    │ nn.Linear(10, 2) │\n    └──────────────────┘\n" in out


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("conv2", "Conv2d"),
        ("SOFTMAX", "softmax"),
        ("parameter", "parameters"),
        ("flot16", "float16"),
    ],
)
def test_an_unknown_name_gives_the_nearest(measure: Measure, typed: str, nearest: str) -> None:
    ran = measure("--explain", typed)
    assert (ran.code, ran.out) == (2, "")
    assert f"`{typed}`" in ran.err
    assert f"`{nearest}`" in ran.err
    told = measure("--explain", typed, "--json")
    assert told.code == 2
    assert nearest in json.loads(told.out)["nearest"]


def test_a_name_like_nothing_gives_none(measure: Measure) -> None:
    ran = measure("--explain", "\x1b[31mqqqqqq")
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert "Did you mean" not in ran.err


def test_json_of_one_name(measure: Measure) -> None:
    told = json.loads(measure("--explain", "Conv2d", "--json").out)
    assert told["pytorch"] == "torch.nn.Conv2d"
    assert told["arguments"][0] == {
        "name": "in_channels",
        "allowed": "whole number from 1 to 1,000,000,000",
        "default": None,
        "required": True,
    }
    assert told["examples"][0] == {"expression": "parameters(nn.Conv2d(3, 64, 3))", "value": "1792"}
    sign = json.loads(measure("--explain", "if", "--json").out)
    assert sign["usage"] == "a if condition else b"


def test_nothing_is_measured_beside_it(measure: Measure) -> None:
    for words in (
        ("--help-language", "1 + 1"),
        ("--explain", "exp", "1 + 1"),
        ("--explain", "exp", "--help-language"),
        ("--explain", "exp", "--let", "a=1"),
    ):
        ran = measure(*words)
        assert (ran.code, ran.out) == (2, "")
        assert "stand alone" in ran.err


def test_operators_need_no_engine(measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_client, "EngineClient", None)
    assert "Matrix product" in measure("--explain", "@").out


def test_an_engine_that_fails_is_told(measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def measure(self, job: Job) -> Outcome:
            return Failure(FailureKind.CRASH, "worker-broke", (("error", "ValueError"),))

    monkeypatch.setattr(engine_client, "EngineClient", lambda *_: nullcontext(Broken()))
    assert measure("--explain", "exp").code == 5
    ran = measure("--help-language", "--json")
    assert ran.code == 5
    assert json.loads(ran.out)["kind"] == "crash"
