"""torch without its compiler: what is measured never loads it, and no number changes by that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine.runtime.eager import stay_eager

_ROOT = Path(__file__).parents[4]
_MEASURED = (
    "macs(Sequential(Conv2d(3, 4, 3), AvgPool2d(2), Flatten(), Linear(36, 2)), zeros(1, 3, 8, 8))",
    "macs(TransformerEncoderLayer(8, 2), zeros(1, 3, 8))",
    "gradient((x ** 2).sum(), x)",
    'loss_at(train(mlp(2, 4, 1), make_rings(), "bce", SGD(lr=0.5, momentum=0.9), steps=2), -1)',
    *(f"step(1.0, 2.0, {name}(lr=0.1))" for name in ("SGD", "Adagrad", "RMSprop", "Adam", "NAdam")),
    *(f"step(1.0, 2.0, {name}())" for name in ("Adadelta", "AdamW", "Adamax")),
    "trajectory(saddle, (1.0, 0.0), Adam(lr=0.1), 3)",
)
_RUN = """
import sys, time
from engine.protocol import Failure, Job, Measure, Measured
from engine.runtime import job

job.preload()
for source in sys.argv[1:]:
    measures = (Measure("value", source),)
    outcome = job.run(Job(measures, lets=(("x", "tensor([1., 2.])"),)), time.monotonic() + 60)
    assert isinstance(outcome, Measured), outcome
    assert not isinstance(outcome.values[0], Failure), outcome
print("torch._dynamo" in sys.modules)
"""


def test_nothing_measured_loads_the_compiler() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *_MEASURED],
        cwd=_ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.stdout.strip() == "False", done.stderr


def _steps() -> list[float]:
    found = []
    for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.Adagrad, torch.optim.RAdam):
        weight = torch.nn.Parameter(torch.tensor([1.0, -2.0], dtype=torch.float64))
        optimizer = kind([weight], lr=0.1)  # type: ignore[call-arg]
        for _ in range(5):
            optimizer.zero_grad()
            (weight**2).sum().backward()
            optimizer.step()
        assert weight.requires_grad
        assert torch.is_grad_enabled()
        found += weight.tolist()
    return found


@pytest.mark.slow
def test_a_step_is_the_same_with_it_and_without() -> None:
    """In another process torch is as it came; here it stays eager, twice over."""
    source = Path(__file__).read_text(encoding="utf-8")
    steps = source[source.index("def _steps") : source.index("@pytest.mark.slow")]
    done = subprocess.run(
        [sys.executable, "-c", f"import torch\n{steps}\nprint(_steps())"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    stay_eager()
    stay_eager()
    assert _steps() == [float(word) for word in done.stdout.strip("[]\n").split(",")]
