"""`sliding` and `receptive`: which cells of a map belong together.

Promise: windows lie where PyTorch's own convolution and pooling put them, and the output's
values are PyTorch's. Must not draw.
"""

from __future__ import annotations

from itertools import product
from typing import Annotated, Final

import torch
from torch import nn
from torch.nn import functional

from engine import limits
from engine.documented import Allowed
from engine.library import Group
from engine.refusal import over_limit, refused
from engine.runtime.arguments import Model, Rule, Text, kind_of, sizes, tensor_check, whole, words
from engine.runtime.field import Field, field_of
from engine.runtime.layer import code_of
from engine.runtime.register import Register
from engine.values import Grid, Windows

WINDOWS: Final = Register()
_SEEN: Final = 25
"""Cells of a map of receptive fields; of a larger one a cell stands for several pixels."""

Sides = tuple[int, int]


def _sides_or_map(value: object, argument: str) -> Sides | torch.Tensor:
    """A side for both directions, two of them, or a map of numbers."""
    if isinstance(value, torch.Tensor) and value.dim() == 2:
        if value.is_meta or not value.numel():
            raise refused("picture-map", argument=argument, got=tuple(value.shape))
        return value.detach()
    if isinstance(value, tuple | list) and value and isinstance(value[0], tuple | list):
        return _sides_or_map(tensor_check(value, argument), argument)
    if isinstance(value, torch.Tensor) and value.numel() != 1:
        raise refused("picture-map", argument=argument, got=kind_of(value))
    sides = sizes(2, 1)(value, argument)
    return (sides, sides) if isinstance(sides, int) else tuple(sides)  # type: ignore[arg-type, return-value]


def _pair(low: int) -> Rule:
    check = sizes(2, low)

    def both(value: object, argument: str) -> Sides:
        found = check(value, argument)
        return (found, found) if isinstance(found, int) else tuple(found)  # type: ignore[arg-type, return-value]

    return Rule(both, Allowed("sizes", str(low), dims=2))


def _step(value: object, argument: str) -> int | str:
    if value == "all":
        return "all"
    found = whole(0)(value, argument)
    assert isinstance(found, int)
    return found


Map = Annotated[object, Rule(_sides_or_map, Allowed("type", words=("size or map",)))]
Pair1 = Annotated[object, _pair(1)]
Pair0 = Annotated[object, _pair(0)]
Step = Annotated[object, Rule(_step, Allowed("type", words=("step or 'all'",)))]
Kind = Annotated[str, words("convolution", "max", "average")]


@WINDOWS.function(Group.MEASURE, method=False)
def sliding(
    x: Map,
    kernel: Map,
    stride: Pair1 | None = None,
    padding: Pair0 = 0,
    dilation: Pair1 = 1,
    step: Step = 0,
    kind: Kind = "convolution",
    title: Text = "",
) -> Windows:
    """A window sliding over a map: where it lies at one step, and the cell it gives.

    x is the input's side, (height, width), or a map of numbers; kernel likewise, and only of a
    map do numbers show. step counts the windows row by row from 0; step="all" shows in each cell
    how many windows hold it. kind is convolution, max or average; stride is 1 for a convolution
    and the window's own size for pooling, as in PyTorch. At most 30 cells a side with padding.

    Source: torch.nn.functional.conv2d, max_pool2d, avg_pool2d
    Example: sliding(5, 3, stride=2, padding=1) ->
    input 5×5, window 3×3, stride 2, padding 1, output 3×3
    Example: sliding(tensor([[1.0, 5.0], [2.0, 3.0]]), 2, kind="max") ->
    input 2×2, window 2×2, stride 2, output 1×1, window 1 of 1 gives 5
    """
    source = x if isinstance(x, torch.Tensor) else None
    window = kernel if isinstance(kernel, torch.Tensor) else None
    sides = _sides(x)
    size = _sides(kernel)
    default = (1, 1) if kind == "convolution" else size
    strides, pads, gaps = _given(stride, default), _given(padding, (0, 0)), _given(dilation, (1, 1))
    if kind == "average" and gaps != (1, 1):
        raise refused("picture-average-gaps", argument="dilation")
    if kind != "convolution" and any(p > k // 2 for p, k in zip(pads, size, strict=True)):
        raise refused("picture-pool-padding", argument="padding")
    padded = tuple(side + 2 * pad for side, pad in zip(sides, pads, strict=True))
    if max(*padded, *size) > limits.WINDOW_SIDE:
        raise over_limit(
            "picture-side", argument="x", got=max(*padded, *size), high=limits.WINDOW_SIDE
        )
    spans = [(k - 1) * g + 1 for k, g in zip(size, gaps, strict=True)]
    out = tuple((p - s) // t + 1 for p, s, t in zip(padded, spans, strides, strict=True))
    if min(out) < 1:
        raise refused("picture-window-larger", argument="kernel", kernel=tuple(size),
                      input=tuple(padded))  # fmt: skip
    steps = out[0] * out[1]
    if isinstance(step, int) and step >= steps:
        raise refused("argument-range", argument="step", got=step, low=0, high=steps - 1)
    result = _result(source, window, size, strides, pads, gaps, kind)
    taps = [(r * gaps[0], c * gaps[1]) for r, c in product(range(size[0]), range(size[1]))]
    inner = _marks(padded, taps, strides, out, step)
    outer = [[0] * out[1] for _ in range(out[0])]
    if isinstance(step, int):
        outer[step // out[1]][step % out[1]] = 1
    grids = [Grid("input", _cells(source, padded, pads), _frozen(inner),
                  (pads[0], pads[1], pads[0], pads[1]))]  # fmt: skip
    if kind == "convolution" and window is not None:
        ones = tuple((1,) * size[1] for _ in range(size[0]))
        grids.append(Grid("kernel", _cells(window, size, (0, 0)), ones))
    grids.append(Grid("output", _cells(result, out, (0, 0)), _frozen(outer)))
    facts = {"height": sides[0], "width": sides[1], "kernel_height": size[0],
             "kernel_width": size[1], "stride": strides[0], "padding": pads[0],
             "dilation": gaps[0], "steps": steps}  # fmt: skip
    if isinstance(step, int):
        facts["step"] = step + 1
    return Windows(kind, tuple(grids), title, tuple((k, float(v)) for k, v in facts.items()))


def _sides(value: object) -> Sides:
    if isinstance(value, torch.Tensor):
        return value.shape[0], value.shape[1]
    return value  # type: ignore[return-value]


def _given(value: object, default: Sides) -> Sides:
    if value is None:
        return default
    return (value, value) if isinstance(value, int) else value  # type: ignore[return-value]


def _marks(
    padded: tuple[int, ...], taps: list[Sides], strides: Sides, out: tuple[int, ...], step: object
) -> list[list[int]]:
    """1 for the cells under the window of that step, or how many windows hold each cell."""
    marks = [[0] * padded[1] for _ in range(padded[0])]
    windows = range(out[0] * out[1]) if step == "all" else [step]
    for number in windows:
        assert isinstance(number, int)
        top, left = number // out[1] * strides[0], number % out[1] * strides[1]
        for row, column in taps:
            marks[top + row][left + column] += 1
    return marks


def _result(
    source: torch.Tensor | None, window: torch.Tensor | None, size: Sides, strides: Sides,
    pads: Sides, gaps: Sides, kind: str,
) -> torch.Tensor | None:  # fmt: skip
    """The output's values, where those of the input, and of a convolution the kernel's, are."""
    if source is None:
        return None
    x = source.double()[None, None]
    if kind == "max":
        return functional.max_pool2d(x, size, strides, pads, gaps)[0, 0]
    if kind == "average":
        return functional.avg_pool2d(x, size, strides, pads)[0, 0]
    if window is None:
        return None
    return functional.conv2d(x, window.double()[None, None], None, strides, pads, gaps)[0, 0]


def _cells(
    values: torch.Tensor | None, sides: tuple[int, ...], pads: Sides
) -> tuple[tuple[float | None, ...], ...]:
    if values is None:
        return tuple((None,) * sides[1] for _ in range(sides[0]))
    rows: list[tuple[float | None, ...]] = [
        (None,) * pads[1] + tuple(row) + (None,) * pads[1] for row in values.double().cpu().tolist()
    ]
    blank: tuple[float | None, ...] = (None,) * sides[1]
    return (*(blank,) * pads[0], *rows, *(blank,) * pads[0])


def _frozen(marks: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, marks))


@WINDOWS.function(Group.MEASURE, method=False)
def receptive(m: Model, title: Text = "") -> Windows:
    """How the receptive field of one output grows from layer to layer of a model.

    The cells of the input that one output of the first layer sees bear 1, those that the second
    adds bear 2, and so on; layers that add none are left out, and what follows the first layer
    that sees everything too. Borders are not considered.

    Source: as `receptive_field`
    Example: receptive(Sequential(Conv2d(1, 4, 3), MaxPool2d(2), Conv2d(4, 8, 3))) ->
    Conv2d(1, 4, 3) 3×3, MaxPool2d(2) 4×4, Conv2d(4, 8, 3) 8×8
    """
    steps = _growing(m.twin)
    if not steps:
        raise refused("picture-no-field", argument="m")
    if len(steps) > limits.PICTURE_LAYERS:
        raise over_limit("picture-layers", argument="m", got=len(steps), high=limits.PICTURE_LAYERS)
    fields = [_two(field.size) for _, field in steps]
    last = fields[-1]
    scale = max(1, -(-max(last) // _SEEN))
    shown = tuple(-(-side // scale) for side in last)
    marks = [[len(steps)] * shown[1] for _ in range(shown[0])]
    for number in range(len(fields) - 1, -1, -1):
        height, width = fields[number]
        top, bottom = _inner(height, last[0], scale)
        left, right = _inner(width, last[1], scale)
        for row, column in product(range(top, bottom), range(left, right)):
            marks[row][column] = number + 1
    cells = tuple((None,) * shown[1] for _ in range(shown[0]))
    facts: list[tuple[str, float]] = [("scale", float(scale))]
    facts += [pair for h, w in fields for pair in (("height", float(h)), ("width", float(w)))]
    names = tuple(name for name, _ in steps)
    return Windows("receptive", (Grid("input", cells, _frozen(marks)),), title, tuple(facts), names)


def _growing(module: nn.Module) -> list[tuple[str, Field]]:
    """Each layer that widens the field, and the field of its outputs."""
    found: list[tuple[str, Field]] = []
    field, parts = Field((1,), (1,)), list(_parts(module))
    for part in parts:
        if isinstance(part, nn.Linear | nn.Flatten | nn.AdaptiveAvgPool2d) and found:
            break
        after = field.then(field_of(part))
        if _two(after.size) != _two(field.size):
            found.append((code_of(part).removeprefix("nn."), after))
        field = after
    return found


def _parts(module: nn.Module) -> list[nn.Module]:
    if isinstance(module, nn.Sequential):
        return [inner for part in module for inner in _parts(part)]
    return [module]


def _two(size: tuple[int, ...]) -> Sides:
    return (1, size[0]) if len(size) == 1 else (size[-2], size[-1])


def _inner(side: int, all_of_it: int, scale: int) -> Sides:
    """Where a centred field begins and ends, in cells."""
    start = (all_of_it - side) // 2
    return start // scale, -(-(start + side) // scale)
