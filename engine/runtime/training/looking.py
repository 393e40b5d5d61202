"""What is seen in a network's layers at a step, and where a number that is none began.

Promise: one pass forward and back on the samples given, in the mode in which the network is;
weights, their gradients, running statistics and the stream of random numbers are afterwards as
they were. Must not step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import torch
from torch import nn

from engine.runtime.measures.statistics import ACTIVATIONS, BOUNDED, FROM_ZERO
from engine.runtime.training.run import Look
from engine.runtime.walking import leaves

LINEAR: Final = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d,
                 nn.ConvTranspose2d)  # fmt: skip
_RECTIFIERS: Final = (nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.ELU, nn.CELU, nn.SELU)
_SATURATED: Final = 0.99
_MATRIX: Final = 2

Measure = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def look(module: nn.Module, x: torch.Tensor, targets: torch.Tensor, loss: Measure) -> Look:
    """The gradients and activations of a network on these samples."""
    paths = dict(leaves(module))
    signals: list[torch.Tensor] = []
    stds: list[float] = []
    dead: list[float] = []
    saturated: list[float] = []

    def see(leaf: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        if isinstance(leaf, LINEAR) and output.requires_grad:
            signals.append(output)
        if not isinstance(leaf, ACTIVATIONS):
            return
        seen = output.detach()
        stds.append(float(seen.std()))
        if isinstance(leaf, _RECTIFIERS):
            dead.append(float((args[0].detach() <= 0).movedim(1, 0).flatten(1).all(1)
                              .double().mean()) if seen.dim() > 1 else 0.0)  # fmt: skip
        if isinstance(leaf, BOUNDED):
            centred = 2 * seen - 1 if isinstance(leaf, FROM_ZERO) else seen
            saturated.append(float((centred.abs() > _SATURATED).double().mean()))

    groups = [_matrices(leaf) for leaf in paths]
    weights = [weight for group in groups for weight in group]
    with kept(module), watched(paths, see), torch.enable_grad():
        value = loss(module(x), targets)
        found = torch.autograd.grad(value, [*weights, *signals], allow_unused=True)
    slopes = dict(zip(map(id, weights), found, strict=False))
    return Look(
        tuple(_norm([slopes[id(w)] for w in group]) for group in groups if group),
        tuple(_norm([slope]) for slope in found[len(weights) :]),
        tuple(stds),
        tuple(dead),
        tuple(saturated),
    )


def _matrices(leaf: nn.Module) -> list[torch.Tensor]:
    """A layer's weights without biases and the scales of a normalisation."""
    return [w for w in leaf.parameters() if w.requires_grad and w.dim() >= _MATRIX]


def _norm(slopes: list[torch.Tensor | None]) -> float:
    return math.hypot(
        *(float(torch.linalg.vector_norm(s.double())) for s in slopes if s is not None)
    )


@contextmanager
def watched(paths: dict[nn.Module, str], see: Callable[..., None]) -> Iterator[None]:
    """Call see(leaf, inputs, output) when a leaf has run."""
    handles = [leaf.register_forward_hook(see) for leaf in paths]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def kept(module: nn.Module) -> Iterator[None]:
    """Leave running statistics and random numbers as they are."""
    buffers = [(buffer, buffer.clone()) for buffer in module.buffers()]
    try:
        with torch.random.fork_rng(devices=[]):
            yield
    finally:
        with torch.no_grad():
            for buffer, value in buffers:
                buffer.copy_(value)


def bad_gradient(module: nn.Module) -> str | None:
    """The path of the layer nearest to the loss whose gradient is no number, if there is one."""
    for leaf, path in reversed(list(leaves(module))):
        for weight in leaf.parameters():
            if weight.grad is not None and not bool(weight.grad.isfinite().all()):
                return path
    return None


def bad_weight(module: nn.Module) -> str | None:
    """The path of the first layer with a weight that is no number, if there is one."""
    for leaf, path in leaves(module):
        if any(not bool(weight.isfinite().all()) for weight in leaf.parameters()):
            return path
    return None


def bad_output(module: nn.Module, x: torch.Tensor) -> str | None:
    """The path of the first layer whose output on x is no number; None where none is."""
    paths = dict(leaves(module))
    found: list[str] = []

    def see(leaf: nn.Module, _: Any, output: Any) -> None:
        while isinstance(output, (tuple, list)):
            output = output[0]
        if not found and not bool(output.isfinite().all()):
            found.append(paths[leaf])

    with kept(module), watched(paths, see), torch.no_grad():
        module(x)
    return found[0] if found else None
