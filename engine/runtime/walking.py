"""One walk of a shape through a meta twin: what each leaf is given, gives and costs.

Promise: no weight and no activation is allocated, and the twin is left as it was.
Multiply-accumulates are torch's own count, half its total (it counts two operations for each).
Leaves built alike do alike: what one gives for an input holds for all of them. Must not know
which models were measured, nor formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.refusal import Refused, over_limit, refused
from engine.runtime.fitting import check_fit
from engine.runtime.layer import code_of, mould_of
from engine.runtime.torch_errors import translated
from engine.runtime.work import COUNTED_BY_SHAPE, macs_by_shape, shape_rule

Sizes = tuple[int, ...]
META_ELEMENTS: Final = 2**52
"""Elements of a tensor without data: beyond, torch's own products of sizes overflow."""
_LEAVES: Final = (nn.MultiheadAttention,)
"""Modules whose inner modules are never called: torch uses their weights directly."""


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


def walk(twin: nn.Module, inputs: tuple[torch.Tensor, ...], counted: bool) -> Survey:
    """Send meta inputs through a twin; raises `Refused` where they do not fit."""
    return _Walk(twin, counted).of(inputs)


class _Walk:
    """A walk under way, through each leaf of a twin."""

    def __init__(self, twin: nn.Module, counted: bool) -> None:
        self.twin = twin
        self.paths = dict(leaves(twin))
        self.by_shape = all(type(leaf) in COUNTED_BY_SHAPE for leaf in self.paths)
        self.counted = counted or self.by_shape
        self.counter = None if self.by_shape or not counted else FlopCounterMode(display=False)
        self.calls: list[Call] = []
        self.known: dict[object, tuple[torch.Tensor, Call]] = {}

    def of(self, inputs: tuple[torch.Tensor, ...]) -> Survey:
        twin, counter = self.twin, self.counter
        # In the place of a hook before and one after: torch calls those in four times the time.
        for leaf in self.paths:
            vars(leaf)["forward"] = self._watched(leaf)
        try:
            with torch.no_grad(), counter if counter is not None else nullcontext():
                output = twin(*inputs) if not isinstance(twin, _LEAVES) else _attend(twin, inputs)
        except Refused:
            raise
        except (RuntimeError, ValueError, TypeError, IndexError, AssertionError,
                NotImplementedError, AttributeError, ArithmeticError) as error:  # fmt: skip
            raise _explained(error, twin, inputs, self.calls) from error
        finally:
            for leaf in self.paths:
                del vars(leaf)["forward"]
        macs = sum([call.macs for call in self.calls])
        return Survey(tuple(self.calls), _sizes_of(output), macs, self.counted)

    def _watched(self, leaf: nn.Module) -> Callable[..., Any]:
        """What stands in the place of a leaf's `forward` meanwhile."""
        plain = self.counter is None and mould_of(leaf)
        return partial(self._told if plain else self._called, leaf)

    def _told(self, leaf: nn.Module, *args: Any, **more: Any) -> Any:
        """What a leaf of its mould gave for such an input, or what this one gives."""
        if more or len(args) != 1 or not isinstance(args[0], torch.Tensor):
            return self._called(leaf, *args, **more)
        x = args[0]
        weight = next(iter(leaf._parameters.values()), None)
        held = None if weight is None else weight.dtype
        case = (mould_of(leaf), held, x.shape, x.stride(), x.dtype)
        found = self.known.get(case)
        if found is None:
            output = self._called(leaf, x)
            self.known[case] = (output, self.calls[-1])
            return output
        output, call = found
        self.calls.append(Call(leaf, self.paths[leaf], code_of(leaf), *call[3:]))
        return output

    def _called(self, leaf: nn.Module, *args: Any, **more: Any) -> Any:
        check_fit(leaf, args)
        forward, started = shape_rule(leaf), self._total()
        shapes = tuple([tuple(x.shape) for x in args if isinstance(x, torch.Tensor)])
        steps = 1
        if isinstance(leaf, nn.RNNBase):
            steps = _steps(leaf, shapes)
            output = forward(*_first_step(leaf, args), **more)
            output = _every_step(leaf, output, steps)
        else:
            output = forward(*args, **more)
        sizes = _sizes_of(output)
        if _too_large(output):
            raise over_limit("too-many-elements", got="2^52", high=META_ELEMENTS)
        if type(leaf) in COUNTED_BY_SHAPE:
            done = macs_by_shape(leaf, shapes, sizes)
        else:
            done = (self._total() - started) * steps
        self.calls.append(Call(leaf, self.paths[leaf], code_of(leaf), shapes, sizes, done))
        return output

    def _total(self) -> int:
        """Multiply-accumulates that torch's counter, where it counts, has seen so far."""
        return 0 if self.counter is None else self.counter.get_total_flops() // 2


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
    return isinstance(output, torch.Tensor) and output.numel() > META_ELEMENTS
