"""A walk of an input's shape through a model's meta twin: what each leaf sees, gives and costs.

Promise: no weight and no activation is allocated. Multiply-accumulates are torch's own count,
half its total (it counts two operations for each). Rows come in forward order, and
their columns add up to the model's totals. Must not know formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine import limits
from engine.protocol import LayerRow
from engine.refusal import Refused, over_limit, refused
from engine.runtime.fitting import check_fit
from engine.runtime.layer import Layer, code_of, weights_of
from engine.runtime.torch_errors import translated
from engine.runtime.work import COUNTED_BY_SHAPE, macs_by_shape, shape_rule

Sizes = tuple[int, ...]
_LEAVES: Final = (nn.MultiheadAttention,)
"""Modules whose inner modules are never called: torch uses their weights directly."""
_META_ELEMENTS: Final = 2**52
"""Elements of a tensor without data: beyond, torch's own products of sizes overflow."""


class Call(NamedTuple):
    """One leaf module in the forward order: its module, path and the shapes around it."""

    module: nn.Module
    path: str
    code: str
    inputs: tuple[Sizes, ...]
    output: Sizes
    macs: int


@dataclass(frozen=True)
class Survey:
    """What one input does in one model. `macs` are counted only where `counted`."""

    calls: tuple[Call, ...]
    output: Sizes
    macs: int
    counted: bool


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
    walked = _walk(model.twin, ghosts, counted)
    model.surveys[key] = walked
    return walked


def _ghost(x: torch.Tensor) -> torch.Tensor:
    if x.device.type == "meta":
        if x.numel() > _META_ELEMENTS:
            raise over_limit("too-many-elements", got=x.numel(), high=_META_ELEMENTS)
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


def _walk(twin: nn.Module, inputs: tuple[torch.Tensor, ...], counted: bool) -> Survey:
    paths = dict(leaves(twin))
    by_shape = all(type(leaf) in COUNTED_BY_SHAPE for leaf in paths)
    counter = FlopCounterMode(display=False) if counted and not by_shape else None
    calls: list[Call] = []

    def total() -> int:
        return counter.get_total_flops() // 2 if counter is not None else 0

    def watching(module: nn.Module) -> Callable[..., Any]:
        kind, path = type(module), paths[module]
        code, forward = code_of(module), shape_rule(module)
        recurrent = module if isinstance(module, nn.RNNBase) else None

        def call(*args: Any, **more: Any) -> Any:
            check_fit(module, args)
            started = total()
            shapes = tuple(tuple(x.shape) for x in args if isinstance(x, torch.Tensor))
            steps = 1
            if recurrent is None:
                output = forward(*args, **more)
            else:
                steps = _steps(recurrent, shapes)
                output = forward(*_first_step(recurrent, args), **more)
                output = _every_step(recurrent, output, steps)
            sizes = _sizes_of(output)
            if _too_large(output):
                raise over_limit("too-many-elements", got="2^52", high=_META_ELEMENTS)
            if kind in COUNTED_BY_SHAPE:
                done = macs_by_shape(module, shapes, sizes)
            else:
                done = (total() - started) * steps
            calls.append(Call(module, path, code, shapes, sizes, done))
            return output

        return call

    # In the place of a hook before and one after: torch calls those in four times the time.
    for leaf in paths:
        vars(leaf)["forward"] = watching(leaf)
    try:
        with torch.no_grad(), counter if counter is not None else nullcontext():
            output = twin(*inputs) if not isinstance(twin, _LEAVES) else _attend(twin, inputs)
    except Refused:
        raise
    except (RuntimeError, ValueError, TypeError, IndexError, AssertionError, NotImplementedError,
            AttributeError, ArithmeticError) as error:  # fmt: skip
        raise _explained(error, twin, inputs, calls) from error
    finally:
        for leaf in paths:
            del vars(leaf)["forward"]
    macs = sum(call.macs for call in calls)
    return Survey(tuple(calls), _sizes_of(output), macs, counted or by_shape)


def _time_axis(module: nn.RNNBase, sizes: Sizes) -> int:
    return 1 if module.batch_first and len(sizes) == 3 else 0


def _steps(module: nn.RNNBase, shapes: tuple[Sizes, ...]) -> int:
    """How many times a recurrent layer does the same."""
    return shapes[0][_time_axis(module, shapes[0])] if shapes else 1


def _first_step(module: nn.RNNBase, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first time step of a recurrent layer's input: on the meta device torch takes the steps
    one by one in Python, so a long sequence would take minutes for what one step tells."""
    x = args[0]
    return (x.narrow(_time_axis(module, x.shape), 0, 1), *args[1:])


def _every_step(module: nn.RNNBase, output: Any, steps: int) -> Any:
    """What a recurrent layer gives for all its steps, from what it gave for one."""
    sequence, state = output
    sizes = list(sequence.shape)
    sizes[_time_axis(module, sequence.shape)] = steps
    return sequence.new_empty(sizes), state


def _attend(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> Any:
    """Attention called on one tensor attends to itself."""
    return module(*(inputs * 3 if len(inputs) == 1 else inputs))


def _explained(
    error: Exception, module: nn.Module, inputs: tuple[torch.Tensor, ...], calls: list[Call]
) -> Refused:
    """A shape that does not fit, with the layer at which it did not."""
    refusal = translated(error, type(module).__name__)
    reached = calls[-1].output if calls else tuple(inputs[0].shape) if inputs else ()
    if refusal.code == "operation-impossible":
        return refused("input-does-not-fit", shape=reached)
    refusal.details = (*refusal.details, ("reached", str(reached)))
    return refusal


def leaves(twin: nn.Module) -> Iterator[tuple[nn.Module, str]]:
    """The modules that are called and call no other, with their paths, each once."""
    seen: set[nn.Module] = set()
    waiting = [("", twin)]
    while waiting:
        path, module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        parts = [(name, part) for name, part in module._modules.items() if part is not None]
        if not parts or isinstance(module, _LEAVES):
            yield module, path
            continue
        before = path + "." if path else ""
        waiting += [(before + name, part) for name, part in reversed(parts)]


def _sizes_of(output: Any) -> Sizes:
    """The shape of an output; of several outputs the first (a recurrent layer's sequence)."""
    while isinstance(output, (tuple, list)) and output:
        output = output[0]
    if isinstance(output, torch.Tensor):
        return tuple(output.shape)
    return ()


def _too_large(output: Any) -> bool:
    return isinstance(output, torch.Tensor) and output.numel() > _META_ELEMENTS


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
