"""`gradus measure` on the real engine: data on stdout, reasons on stderr, exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import cli
from app.commands import measure_batch
from app.settings import Settings, save
from engine import client as engine_client
from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Job, Outcome

CONV = "nn.Conv2d(3, 64, kernel_size=3, padding=1)"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.out)
        return found

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


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
    for module in (engine_client, measure_batch):
        monkeypatch.setattr(module, "EngineClient", lambda *_, **__: nullcontext(engine))

    def run(*words: str) -> Ran:
        code = cli.main(["measure", *words])
        got = capsys.readouterr()
        return Ran(code, got.out, got.err)

    return run


def test_the_first_measurement(measure: Measure) -> None:
    assert measure(f"parameters({CONV})") == Ran(0, "1792\n", "")


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (("1 + 1",), "2"),
        ((f"output_shape({CONV}, zeros(1, 3, 32, 32))",), "(1, 64, 32, 32)"),
        (("softmax(tensor([12., 11.], dtype=float16))",), None),
        (("--let", "a=3", "--let", "b=a == 3", "b"), "True"),
        (("--let", "x=randn(3)", "--seed", "1", "isnan(x)"), None),
        (("-3 + 1",), "-2"),
        (("--", "-(3)"), "-3"),
        (("--device", "cpu", CONV), CONV),
    ],
)
def test_values_are_printed_plainly(
    measure: Measure, words: tuple[str, ...], printed: str | None
) -> None:
    got = measure(*words)
    assert (got.code, got.err) == (0, "")
    if printed is not None:
        assert got.out == printed + "\n"


def test_softmax_in_float16_and_its_naive_form_overflowing(measure: Measure) -> None:
    shown = measure("softmax(tensor([12., 11.], dtype=float16))").out
    assert shown == "tensor([0.731, 0.269], dtype=float16)\n"
    naive = "exp(x) / exp(x).sum()"
    assert "nan" in measure("--let", "x=tensor([12., 11.], dtype=float16)", naive).out
    shifted = "exp(x - x.max()) / exp(x - x.max()).sum()"
    got = measure("--let", "x=tensor([12., 11.], dtype=float16)", shifted).out
    assert got.startswith("tensor([")
    assert "0.731" in got
    assert "nan" not in got


def test_a_seed_repeats_and_tells_apart(measure: Measure) -> None:
    first, again, other = (measure("--seed", s, "randn(4)").out for s in ("1", "1", "2"))
    assert first == again != other


@pytest.mark.parametrize(
    ("expression", "code", "kind"),
    [
        ("1 +", 2, "expression"),
        ("parameters(nn.Conv2D(3, 64, 3))", 2, "expression"),
        ("__import__('os')", 2, "expression"),
        ("nn.Conv2d(3, 64, 0)", 2, "expression"),
        ("(1).real", 2, "expression"),
        ("nn.Module", 2, "expression"),
        ("zeros(1, 10**9) @ zeros(10**9, 1)", 3, "limit"),
        ("9**9**9", 3, "limit"),
        ("(" * 10_000, 3, "limit"),
        ("1+" * 50_000, 3, "limit"),
        ("zeros(10**6, 10**6)", 3, "limit"),
    ],
)
def test_what_is_refused(measure: Measure, expression: str, code: int, kind: str) -> None:
    got = measure(expression)
    assert (got.code, got.out) == (code, "")
    assert got.err
    assert "Traceback" not in got.err
    got = measure("--json", expression)
    assert got.code == code
    assert got.data.keys() == {"error", "kind", "column"}
    assert got.data["kind"] == kind
    assert measure("6 * 7").out == "42\n"


def test_a_caret_and_the_nearest_name(measure: Measure) -> None:
    source, caret, message = measure("parameters(nn.Conv2D(3, 64, 3))").err.splitlines()
    assert source == "parameters(nn.Conv2D(3, 64, 3))"
    assert caret.index("^") in range(source.index("nn."), source.index("("[::-1]) + 10)
    assert "Conv2d" in message


def test_a_let_that_fails_is_named(measure: Measure) -> None:
    got = measure("--let", "m=nn.Linear(0, 3)", "parameters(m)")
    assert got.code == 2
    assert got.err.startswith("m:\n")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Write “,” instead."), ("zh", "不能用字符“，”，请写成“,”。")],
)
def test_a_strange_character_is_quoted(measure: Measure, language: str, said: str) -> None:
    assert said in measure("1，2", "--language", language).err


@pytest.mark.parametrize(
    ("settings", "lang", "said"),
    [
        ('{"language": "zh"}', "C.UTF-8", "不能用字符"),
        (None, "zh_CN.UTF-8", "不能用字符"),
        ('{"language": "en"}', "zh_CN.UTF-8", "The character"),
    ],
)
def test_the_language_that_was_chosen(
    measure: Measure,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    settings: str | None,
    lang: str,
    said: str,
) -> None:
    monkeypatch.setenv("LANG", lang)
    if settings is not None:
        (tmp_path / "settings.json").write_text(settings)
    assert said in measure("1，2").err


def test_a_trace_names_what_was_bound(measure: Measure) -> None:
    got = measure("--trace", "--let", "m=nn.Linear(10, 2)", "parameters(m)")
    assert got.out.count("nn.Linear(10, 2)") == 2  # its binding, and its row in the table
    assert "parameters(m)" in got.out


def test_messages_in_chinese(measure: Measure) -> None:
    got = measure("--language", "zh", "nn.Linear(0, 3)")
    assert any("\u4e00" <= c <= "\u9fff" for c in got.err)
    assert "must" not in got.err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("1", "--batch", "-"),
        ("--batch", "-", "--trace"),
        ("--batch", "-", "--let", "x=1"),
        ("--let", "no equals", "1"),
        ("--let", "=1", "1"),
        ("--batch", "/nowhere/at/all"),
    ],
)
def test_what_is_no_request(measure: Measure, words: tuple[str, ...]) -> None:
    got = measure(*words)
    assert (got.code, got.out) == (2, "")
    assert got.err.startswith("gradus: ")


def test_json_of_every_kind_of_value(measure: Measure) -> None:
    got = measure("--json", "(1, 2.5, nan, -inf)")
    assert got.data.keys() == {"value", "seconds", "device"}
    assert got.data["value"] == [1, 2.5, "nan", "-inf"]
    assert measure("--json", "ones(2, 1)").data["value"] == [[1.0], [1.0]]
    assert measure("--json", CONV).data["value"] == CONV
    assert measure("--json", "float16").data["value"] == "float16"


def test_a_trace_marks_what_is_not_finite(measure: Measure) -> None:
    lets = ("--let", "z=tensor([12., 11.], dtype=float16)", "--let", "e=exp(z)")
    lines = measure("--trace", *lets, "e / e.sum()").out.splitlines()
    marked = [line.split("←")[1].split()[0] for line in lines if "←" in line]
    assert marked == ["inf", "nan"]


def test_plain_mode_hears_pictures_and_tables(measure: Measure, tmp_path: Path) -> None:
    save(Settings(language="en", plain=True), tmp_path / "settings.json")
    assert measure("plot(relu(x), x, -3, 3)").out == "relu(x): 0 at −3, 3 at 3, rising\n"
    assert "in reading order: nn.Linear(3, 4)." in measure("diagram(nn.Linear(3, 4))").out
    got = measure("--trace", "macs(nn.Sequential(nn.Linear(3, 4)), zeros(1, 3))").out
    assert "layer: nn.Linear(3, 4); weights: 4×3, 4; output: 1×4; parameters: 16; MACs: 12" in got
    assert measure("(1, 2)").out == "(1, 2)\n"


def test_a_trace_adds_up(measure: Measure) -> None:
    model = "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10))"
    words = ("--trace", "--let", f"m={model}", "macs(m, zeros(1, 3, 8, 8))")
    got = measure(*words)
    assert got.code == 0
    value, _, rest = got.out.partition("\n")
    rows = [line.split() for line in rest.splitlines()]
    assert ["total", f"{8 * 28 + 2890:,}", f"{int(value):,}"] in rows
    assert ["path", "layer", "weights", "output", "parameters", "MACs"] in rows
    assert "8×3×3×3, 8" in rest
    assert rows[-1][:2] == ["device", "cpu,"]
    assert rows[-1][-1] in ("ms", "s")
    trace = measure("--json", *words).data["trace"]
    assert isinstance(trace, dict)
    assert [step["name"] for step in trace["steps"]] == ["m", "value"]
    assert sum(layer["macs"] for layer in trace["layers"]) == int(value)
    assert trace["layers"][0]["output_shape"] == [1, 8, 6, 6]


class Failing:
    """An engine whose jobs fail in a way that is hard to bring about."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure

    def submit(self, _: Job, **__: object) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        future.set_result(self.failure)
        return future


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (FailureKind.TIMEOUT, 4),
        (FailureKind.MEMORY, 5),
        (FailureKind.CRASH, 5),
        (FailureKind.CANCELLED, 130),
    ],
)
def test_failures_of_the_engine(
    measure: Measure, monkeypatch: pytest.MonkeyPatch, kind: FailureKind, code: int
) -> None:
    failing = Failing(Failure(kind, "unheard-of"))
    monkeypatch.setattr(engine_client, "EngineClient", lambda *_, **__: nullcontext(failing))
    got = measure("1")
    assert (got.code, got.out) == (code, "")
    assert got.err


def batch(*requests: object) -> bytes:
    lines = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in requests]
    return b"\n".join(lines) + b"\n"


@pytest.fixture
def batch_of(measure: Measure, tmp_path: Path) -> Callable[..., Ran]:
    def run(*requests: object) -> Ran:
        file = tmp_path / "requests.jsonl"
        file.write_bytes(batch(*requests))
        return measure("--batch", str(file))

    return run


def test_a_batch_keeps_its_order(batch_of: Callable[..., Ran]) -> None:
    got = batch_of(*({"id": n, "measure": f"{n} * {n}"} for n in range(600)))
    assert (got.code, got.err) == (0, "")
    assert [(line["id"], line["value"]) for line in got.lines] == [(n, n * n) for n in range(600)]
    assert all(line.keys() == {"id", "value", "seconds"} for line in got.lines)


def test_a_batch_with_names_and_seeds(batch_of: Callable[..., Ran]) -> None:
    got = batch_of(
        {"id": "a", "let": {"m": CONV, "x": "zeros(1, 3, 8, 8)"}, "measure": "macs(m, x)"},
        {"id": "b", "measure": "randn(2)", "seed": 1},
        {"id": "c", "measure": "randn(2)", "seed": 1, "let": {}},
        {"id": "d", "measure": "randn(2)", "seed": 2},
    ).lines
    assert got[0]["value"] == 64 * 27 * 64
    assert got[1]["value"] == got[2]["value"] != got[3]["value"]


@pytest.mark.parametrize(
    ("request_line", "line_id"),
    [
        (b"nonsense", None),
        (b"[1, 2]", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b"1" * 10_000, None),
        ({"measure": "1"}, None),
        ({"id": 3}, 3),
        ({"id": "x", "measure": 1}, "x"),
        ({"id": "x", "measure": "1", "let": ["m"]}, "x"),
        ({"id": "x", "measure": "1", "let": {"m": 1}}, "x"),
        ({"id": "x", "measure": "1", "seed": "1"}, "x"),
        ({"id": "x", "measure": "1", "seed": True}, "x"),
        ({"id": {"k": ["\ud800"]}, "measure": "1 +"}, {"k": ["\ud800"]}),
        ({"id": "x", "measure": "y", "let": {"y": "nn.Liner(1, 2)"}}, "x"),
        (b'{"id": 1, "measure": "' + b"1" * 2**21 + b'"}', None),
    ],
)
def test_a_line_that_cannot_be_measured_gets_an_error(
    batch_of: Callable[..., Ran], request_line: object, line_id: object
) -> None:
    good = {"id": "good", "measure": "1 + 1"}
    got = batch_of(good, b"  ", request_line, b"", good)
    assert got.code == 0
    first, bad, last = got.lines
    assert first["value"] == last["value"] == 2
    assert bad.keys() == {"id", "error", "kind", "column"}
    assert (bad["id"], bad["kind"]) == (line_id, "expression")
    assert bad["error"]


def test_a_batch_answers_each_line_before_the_next_is_asked(
    measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ask = os.pipe()
    answered, answer = os.pipe()
    monkeypatch.setattr(sys, "stdin", os.fdopen(asked))
    monkeypatch.setattr(sys, "stdout", os.fdopen(answer, "w"))
    thread = threading.Thread(target=lambda: cli.main(["measure", "--batch", "-"]))
    thread.start()
    with os.fdopen(ask, "wb", 0) as questions, os.fdopen(answered) as answers:
        for n in range(3):
            questions.write(batch({"id": n, "measure": f"{n} + 1"}))
            assert json.loads(answers.readline())["value"] == n + 1
        questions.close()
        thread.join(10)
        sys.stdout.close()
    sys.stdin.close()
    assert not thread.is_alive()


def test_a_reader_that_goes_away_ends_a_batch(
    measure: Measure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_bytes(batch(*({"id": n, "measure": "1"} for n in range(2000))))
    answered, answer = os.pipe()
    os.close(answered)
    with os.fdopen(answer, "wb", 0) as raw:
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, write_through=True))
        assert cli.main(["measure", "--batch", str(file)]) != 0


def test_the_command_itself_is_lean_and_quiet(tmp_path: Path) -> None:
    """In a process of its own, from a folder full of traps, on its own engine."""
    for name in ("torch", "engine", "app", "content"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a trap')\n")
    script = (
        "import sys\nfrom app import cli\n"
        f"code = cli.main(['measure', 'parameters({CONV})'])\n"
        "heavy = {'torch', 'textual', 'sqlalchemy', 'pydantic', 'yaml', 'numpy', 'alembic'}\n"
        "sys.stderr.write(repr(sorted(heavy & set(sys.modules))))\n"
        "sys.exit(code)\n"
    )
    root = str(Path(cli.__file__).parents[1])
    got = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {root!r})\n{script}"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"GRADUS_HOME": str(tmp_path / "home"), "PYTHONPATH": ""},
        check=False,
    )
    assert (got.returncode, got.stdout, got.stderr) == (0, "1792\n", "[]")
