"""What inputs of given shapes do in a model: walked once for each, and the table of its layers.

Promise: no weight and no activation is allocated. Rows come in forward order, and their columns
add up to the model's totals. Must not know formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import torch
from torch import nn

from engine import limits
from engine.protocol import LayerRow
from engine.refusal import over_limit, refused
from engine.runtime.layer import Layer, code_of, weights_of
from engine.runtime.walking import META_ELEMENTS, Sizes, Survey, leaves, walk


@dataclass(frozen=True)
class Shown:
    """A model that was measured in this job, for the table of its layers."""

    model: Layer
    inputs: tuple[torch.Tensor, ...]


_measured: ContextVar[list[Shown] | None] = ContextVar("measured", default=None)


@contextmanager
def watched() -> Iterator[list[Shown]]:
    """Collect the models that are measured meanwhile."""
    seen: list[Shown] = []
    token = _measured.set(seen)
    try:
        yield seen
    finally:
        _measured.reset(token)


def noticed(model: Layer, inputs: tuple[torch.Tensor, ...] = ()) -> None:
    """Note that a model was measured."""
    seen = _measured.get()
    if seen is not None:
        seen.append(Shown(model, inputs))


def survey(model: Layer, inputs: Sequence[torch.Tensor], *, counted: bool) -> Survey:
    """Walk inputs of those shapes through the twin; the same walk is taken once."""
    ghosts = tuple(_ghost(x) for x in inputs)
    if any(x.device.type == "meta" for x in inputs) and _looks_up(model):
        ghosts = tuple(ghost.to(torch.int64) for ghost in ghosts)
    key = tuple((ghost.shape, ghost.dtype) for ghost in ghosts)
    found = model.surveys.get(key)
    if isinstance(found, Survey) and (found.counted or not counted):
        return found
    _check_indices(model, inputs)
    noticed(model, ghosts)
    walked = walk(model.twin, ghosts, counted)
    model.surveys[key] = walked
    return walked


def _ghost(x: torch.Tensor) -> torch.Tensor:
    if x.device.type == "meta":
        if x.numel() > META_ELEMENTS:
            raise over_limit("too-many-elements", got=x.numel(), high=META_ELEMENTS)
        return x
    return torch.empty(x.shape, dtype=x.dtype, device="meta")


def _looks_up(model: Layer) -> bool:
    """Whether a model's inputs are indices: then an input that is only a shape holds some."""
    first = next((m for m in model.twin.modules() if not list(m.children())), None)
    return isinstance(first, nn.Embedding)


def _check_indices(model: Layer, inputs: Sequence[torch.Tensor]) -> None:
    """The meta device does not see that an index lies beyond an embedding's table."""
    first = next((m for m in model.twin.modules() if not list(m.children())), None)
    x = inputs[0] if inputs else None
    if not isinstance(first, nn.Embedding) or x is None or x.device.type == "meta" or not x.numel():
        return
    if not x.is_floating_point() and (int(x.min()) < 0 or int(x.max()) >= first.num_embeddings):
        raise refused("index-beyond-table")


def rows(model: Layer, walked: Survey | None) -> tuple[LayerRow, ...]:
    """The table of a model's leaves; a layer used twice counts its weights once."""
    counted: set[int] = set()
    table: list[LayerRow] = []
    if walked is None:
        table += [_row(module, path, code_of(module), counted, None, None)
                  for module, path in leaves(model.twin)]  # fmt: skip
    else:
        for call in walked.calls:
            table.append(
                _row(call.module, call.path, call.code, counted, call.output,
                     call.macs if walked.counted else None)
            )  # fmt: skip
    return tuple(table[: limits.NETWORK_MODULES])


def _row(
    module: nn.Module,
    path: str,
    code: str,
    counted: set[int],
    output: Sizes | None,
    macs: int | None,
) -> LayerRow:
    if not module._parameters and not module._modules:
        return LayerRow(path, code, (), 0, output, macs)
    fresh = [p for p in weights_of(module) if id(p) not in counted]
    counted.update(id(p) for p in fresh)
    weights = tuple(tuple(p.shape) for p in fresh)
    return LayerRow(path, code, weights, sum(p.numel() for p in fresh), output, macs)
