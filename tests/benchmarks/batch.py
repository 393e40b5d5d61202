"""`gradus measure --batch` of 1,000 structural measurements, and VGG-16 as an expression.

The batch is timed in the program's own output: from the first line, which waits for torch, to the
last. So that no cache of one expression helps, every line measures a model of its own.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path

from engine.client import EngineClient
from engine.protocol import Job, Measure, Measured
from tests.benchmarks.places import FOLDER, GRADUS, environment
from tests.benchmarks.report import Row, median, ms

_LINES = 1000
_RUNS = 3
_BATCH = 2.0
_VGG = 0.030
_VGG_RUNS = 40
_INPUT = "zeros(1, 3, 224, 224)"


def run() -> list[Row]:
    """Two rows."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        seconds = [_batch(Path(folder), n) for n in range(_RUNS)]
        vgg = _vgg(Path(folder))
    return [
        Row(
            f"measure --batch, {_LINES} structural lines",
            ms(median(seconds)),
            "after the first answer",
            None,
            "< 2 s",
            median(seconds) < _BATCH,
        ),
        Row(
            "VGG-16 as an expression: parameters, shape, MACs",
            f"{ms(median(vgg))}, slowest {ms(max(vgg))}",
            "warm",
            None,
            "< 30 ms",
            median(vgg) < _VGG,
        ),
    ]


def _batch(folder: Path, run_number: int) -> float:
    lines = folder / "lines.jsonl"
    lines.write_text("".join(line(n, run_number) for n in range(_LINES + 1)))
    words = [GRADUS, "measure", "--batch", str(lines)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment(folder)) as process:
        assert process.stdout is not None
        answers = [json.loads(process.stdout.readline())]
        begun = time.perf_counter()
        answers += [json.loads(line) for line in process.stdout]
        seconds = time.perf_counter() - begun
    assert len(answers) == _LINES + 1, len(answers)
    assert all("value" in answer for answer in answers), answers[:3]
    return seconds


def line(n: int, run_number: int) -> str:
    """A convolution, a small network or a recurrent layer."""
    width = 8 + n % 97 + run_number
    model, measure = (
        (f"Conv2d(3, {width}, {1 + n % 7}, padding={n % 3})", "parameters(m)"),
        (
            f"Sequential(Conv2d(3, {width}, 3), ReLU(), Flatten(), Linear({width} * 900, 10))",
            "macs(m, zeros(1, 3, 32, 32))",
        ),
        (f"LSTM({width}, {width + n % 11}, num_layers={1 + n % 3})", "parameters(m)"),
        (
            f"Sequential(Conv2d(1, {width}, 5), BatchNorm2d({width}), ReLU(), AvgPool2d(2))",
            "output_shape(m, zeros(4, 1, 64, 64))",
        ),
    )[n % 4]
    return json.dumps({"id": n, "let": {"m": model}, "measure": measure}) + "\n"


def vgg16() -> str:
    """VGG-16 in PyTorch's own notation."""
    layers, channels = [], 3
    for width in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
        if width:
            layers.append(f"nn.Conv2d({channels}, {width}, kernel_size=3, padding=1), nn.ReLU()")
            channels = width
        else:
            layers.append("nn.MaxPool2d(2, 2)")
    head = "nn.Flatten(), nn.Linear(25088, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096)"
    tail = "nn.ReLU(), nn.Dropout(), nn.Linear(4096, 1000)"
    return f"nn.Sequential({', '.join(layers)}, {head}, {tail})"


def _vgg(folder: Path) -> list[float]:
    measures = ("parameters(m)", f"output_shape(m, {_INPUT})", f"macs(m, {_INPUT})")
    job = Job(
        tuple(Measure(f"m{n}", source) for n, source in enumerate(measures)),
        lets=(("m", vgg16()),),
        device="cpu",
    )
    seconds = []
    with EngineClient(folder / "engine.log", device="cpu") as engine:
        for _ in range(_VGG_RUNS):
            begun = time.perf_counter()
            outcome = engine.measure(job)
            seconds.append(time.perf_counter() - begun)
            assert isinstance(outcome, Measured), outcome
            assert outcome.values == (138_357_544, (1, 1000), 15_470_264_320), outcome.values
    return seconds[5:]
