"""The backward pass, counted: against torch's counter on real modules, and by closed forms."""

from __future__ import annotations

import pytest
import torch
from measuring import measured, outcome, refusal
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.protocol import Measured


def _counted(module: nn.Module, x: torch.Tensor, *, input_gradient: bool = False) -> int:
    """Multiply-accumulates of a real backward pass on the CPU."""
    x = x.requires_grad_(input_gradient)
    with torch.enable_grad():
        output = module(x)
        output = output[0] if isinstance(output, tuple) else output
        with FlopCounterMode(display=False) as counter:
            output.sum().backward()
    return int(counter.get_total_flops()) // 2


MODELS = [
    ("nn.Sequential(nn.Linear(7, 5), nn.ReLU(), nn.Linear(5, 3))", (4, 7)),
    ("nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 3))",
     (2, 3, 9, 11)),
    ("nn.Sequential(nn.Conv1d(3, 4, 5, dilation=2), nn.Tanh(), nn.Flatten(), nn.Linear(8, 2))",
     (2, 3, 10)),
    ("nn.Sequential(nn.ConvTranspose2d(3, 4, 3, 2), nn.Conv2d(4, 1, 1))", (2, 3, 5, 5)),
    ("nn.Sequential(nn.LayerNorm(6), nn.Linear(6, 6, bias=False), nn.Softmax(-1))", (2, 3, 6)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shape"), MODELS)
@pytest.mark.parametrize("asked", [False, True])
def test_the_way_back_is_torchs_own(text: str, shape: tuple[int, ...], asked: bool) -> None:
    expected = _counted(eval(text, {"nn": nn}), torch.rand(shape), input_gradient=asked)
    assert measured(f"backward_macs(m, {shape}, input_gradient={asked})", m=text) == expected


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("options", ["", ", 2, bidirectional=True, batch_first=True"])
def test_recurrent_layers_go_back_through_every_step(kind: str, options: str) -> None:
    text = f"nn.{kind}(5, 7{options})"
    with torch.device("meta"):
        module, x = eval(text, {"nn": nn}), torch.empty(6, 4, 5)
    assert measured(f"backward_macs({text}, (6, 4, 5))") == _counted(module, x)


def test_a_long_sequence_goes_back_as_fast_as_a_short_one() -> None:
    """Each step but the first: 4 products of a weight gradient more, and 4 of the state's."""
    short, longer, longest = (
        measured(f"backward_macs(LSTM(1, 1), ({length}, 1, 1))") for length in (2, 3, 10**6)
    )
    assert isinstance(short, int)
    assert isinstance(longer, int)
    assert longest == short + (10**6 - 2) * (longer - short)


@pytest.mark.parametrize(
    ("model", "shape"),
    [("TransformerEncoderLayer(8, 2, 16, batch_first=True)", (3, 5, 8)),
     ("Residual(Conv2d(2, 2, 3, padding=1), Conv2d(2, 2, 1))", (1, 2, 6, 6)),
     ("Parallel(Conv2d(2, 2, 3, padding=1), Conv2d(2, 3, 1))", (1, 2, 6, 6)),
     ("resnet18()", (1, 3, 64, 64)), ("mobilenet_v3_small()", (1, 3, 32, 32)),
     ("unet(1, 2, 4)", (1, 1, 188, 188))],
)  # fmt: skip
def test_with_the_inputs_gradient_the_way_back_is_twice_the_way_forward(
    model: str, shape: tuple[int, ...]
) -> None:
    source = f"training_ratio(m, {shape}, input_gradient=True)"
    assert measured(source, m=model) == 3.0


def test_a_grouped_convolution_has_no_products_between_groups() -> None:
    """Torch's own counter takes the weight gradient of a depthwise layer g times."""
    forward = 4 * 9 * 8 * 8
    assert measured("macs(Conv2d(4, 4, 3, padding=1, groups=4), (1, 4, 8, 8))") == forward
    assert measured("backward_macs(Conv2d(4, 4, 3, padding=1, groups=4), (1, 4, 8, 8))") == forward


def test_the_practice_networks_training_step() -> None:
    """lab.train: 1,636,352 FLOPs per sample; the first layer needs no input gradient."""
    model = "Sequential(Linear(784, 512), ReLU(), Linear(512, 10))"
    result = outcome("2 * training_macs(m, (1, 784))", "flops(m, (1, 784))",
                     "2 * training_macs(m, (128, 784))", lets={"m": model})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.values == (1_636_352, 813_056, 209_453_056)


def test_six_operations_for_each_parameter_and_token() -> None:
    assert measured("flops_6nd(Linear(10, 10), 3)") == 6 * 110 * 3
    deep = "Repeat(50, Linear(64, 64, bias=False))"
    exact, rule = (
        measured("2 * training_macs(m, (1, 64))", m=deep),
        measured("flops_6nd(m, 1)", m=deep),
    )
    assert isinstance(exact, int)
    assert isinstance(rule, int)
    assert exact == rule - 2 * 64 * 64


def test_what_learns_nothing_has_no_way_back() -> None:
    assert measured("backward_macs(MaxPool2d(2), (1, 1, 4, 4))") == 0
    assert refusal("training_ratio(MaxPool2d(2), (1, 1, 4, 4))").code == "nothing-counted"
    assert refusal("backward_macs(Linear(3, 2), (1, 4))").code == "features-differ"
    assert refusal("flops_6nd(1.5, 3)").code == "argument-whole"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("macs(LSTM(10, 20, 2, bidirectional=True), (7, 3, 10))",
         7 * 3 * 2 * 4 * 20 * ((10 + 20) + (40 + 20))),
        ("macs(LSTM(10, 20, proj_size=5), (7, 3, 10))", 7 * 3 * (80 * (10 + 5) + 20 * 5)),
        ("macs(GRU(10, 20), (7, 3, 10))", 7 * 3 * 3 * 20 * (10 + 20)),
        ("macs(MultiheadAttention(16, 4, batch_first=True), (2, 5, 16))",
         2 * (4 * 5 * 16 * 16 + 2 * 5 * 5 * 16)),
        ("macs(TransformerEncoderLayer(16, 4, 32, batch_first=True), (2, 5, 16))",
         2 * (4 * 5 * 16 * 16 + 2 * 5 * 5 * 16 + 2 * 5 * 16 * 32)),
    ],
)  # fmt: skip
def test_recurrence_and_attention_by_closed_forms(source: str, expected: int) -> None:
    assert measured(source) == expected
