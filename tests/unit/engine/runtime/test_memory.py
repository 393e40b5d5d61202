"""Bytes, by closed forms and against what torch really holds."""

from __future__ import annotations

import pytest
import torch
from measuring import measured, refusal
from torch import nn

OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "Nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "Adagrad": (torch.optim.Adagrad, {}),
    "RMSprop": (torch.optim.RMSprop, {}),
    "Adadelta": (torch.optim.Adadelta, {}),
    "Adam": (torch.optim.Adam, {}),
    "AdamW": (torch.optim.AdamW, {}),
    "Adamax": (torch.optim.Adamax, {}),
    "NAdam": (torch.optim.NAdam, {}),
    "RAdam": (torch.optim.RAdam, {}),
    "AMSGrad": (torch.optim.Adam, {"amsgrad": True}),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizers_state_is_what_torch_keeps(name: str) -> None:
    kind, options = OPTIMIZERS[name]
    module = nn.Linear(30, 20)
    optimizer = kind(module.parameters(), lr=0.1, **options)  # type: ignore[arg-type]
    with torch.enable_grad():
        module(torch.ones(1, 30)).sum().backward()
    optimizer.step()
    kept = sum(
        value.nbytes
        for state in optimizer.state.values()
        for value in state.values()
        if isinstance(value, torch.Tensor) and value.dim()
    )
    assert measured(f"optimizer_memory(Linear(30, 20), '{name}')") == kept


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("nn.Sequential(nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 3))", (4, 8)),
        (("nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), "
          "nn.Flatten(), nn.Linear(12, 3), nn.Sigmoid())"), (2, 2, 6, 6)),
        ("nn.Sequential(nn.Linear(6, 6), nn.GELU(), nn.LayerNorm(6), nn.Softmax(-1))", (2, 3, 6)),
    ],
)  # fmt: skip
def test_what_is_saved_for_the_way_back_is_what_torch_saves(
    text: str, shape: tuple[int, ...]
) -> None:
    module = eval(text, {"nn": nn}).train()
    weights = {p.data_ptr() for p in module.parameters()}
    held: dict[int, torch.Tensor] = {}

    def keep(x: torch.Tensor) -> torch.Tensor:
        if x.data_ptr() not in weights:
            held[x.data_ptr()] = x
        return x

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda x: x):
        output = module(torch.rand(shape))
    expected = sum(x.untyped_storage().nbytes() for x in held.values())
    assert output.requires_grad
    assert measured(f"saved_memory(m, {shape})", m=text) == expected


PRACTICE = "Sequential(Linear(784, 512), ReLU(), Linear(512, 10))"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("memory(m)", 1_628_200),  # lab.train: weights, gradients and RMSprop's state alike
        ("gradient_memory(m)", 1_628_200),
        ("optimizer_memory(m, 'RMSprop')", 1_628_200),
        ("training_memory(m, 'RMSprop')", 3 * 1_628_200),
        ("training_memory(m, 'SGD', part='state')", 0),
        ("gradient_memory(lenet5('paper'))", 60_000 * 4),
        ("optimizer_memory(7 * 10**9, 'Adam')", 56 * 10**9),
        ("training_memory(10**9, 'Adam', mixed=True)", 16 * 10**9),
        ("training_memory(10**9, 'momentum', mixed=True)", 12 * 10**9),
        ("training_memory(10**9, 'Adam', mixed=True, part='gradients')", 2 * 10**9),
        ("training_memory(10**9, 'Adam', dtype=bfloat16)", 8 * 10**9),
        ("training_memory(Linear(3, 2).half(), 'Adam')", 8 * 8),
        ("activation_memory(m, (128, 784))", 128 * (512 + 512 + 10) * 4),
        ("activation_memory(m, (1, 784), dtype=float16)", (512 + 512 + 10) * 2),
        ("saved_memory(m, (1, 784), dtype=float64)", (784 + 512) * 8),
        ("kv_cache(80, 8, 128, 4096, batch=2)", 2 * 80 * 8 * 128 * 4096 * 2 * 2),
        ("kv_cache(1, 1, 1, 1, dtype=float32)", 8),
        ("matmul_intensity(1, 4096, 4096, dtype=float16)", 2 * 4096**2 / (2 * (4096**2 + 8192))),
        ("matmul_intensity(2, 3, 4)", 48 / (4 * 26)),
        ("arithmetic_intensity(Linear(3, 4), (2, 3))", 48 / (4 * (6 + 8 + 16))),
        ("arithmetic_intensity(ReLU(), (2, 3))", 0.0),
        ("parameters_by_layer(Sequential(a, ReLU(), a), (1, 4))", (20, 0, 0)),
        ("sum(parameters_by_layer(resnet18())) == parameters(resnet18())", True),
        ("sum(macs_by_layer(vgg11(), (1, 3, 64, 64))) == macs(vgg11(), (1, 3, 64, 64))", True),
    ],
)
def test_by_hand(source: str, expected: object) -> None:
    assert measured(source, m=PRACTICE, a="Linear(4, 4)") == expected


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("optimizer_memory(Linear(3, 2), 'adam')", "argument-word"),
        ("optimizer_memory(1.5)", "argument-layer-or-tensor"),
        ("optimizer_memory(-1)", "argument-too-small"),
        ("training_memory(10**16)", "argument-too-large"),
        ("training_memory(10, mixed=1)", "argument-flag"),
        ("saved_memory(LSTM(3, 4), (2, 1, 3))", "layer-not-kept"),
        ("saved_memory(Linear(3, 4), (2, 5))", "features-differ"),
        ("kv_cache(0, 1, 1, 1)", "argument-too-small"),
        ("kv_cache(1, 1, 1, 10**10)", "argument-too-large"),
        ("arithmetic_intensity(Identity(), (0, 3))", "nothing-moved"),
        ("activation_memory(zeros(3), (1,))", "argument-layer"),
    ],
)
def test_what_has_no_bytes_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code
