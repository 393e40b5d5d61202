"""`curves`, `bars`, `histogram` and `heatmap`: what was measured, as a picture.

Promise: numbers are taken as they are, NaN and infinities too; what is too much to be seen is
thinned or refused. Must not draw.
"""

from __future__ import annotations

import ast
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final

import torch

from engine import limits
from engine.documented import Allowed
from engine.library import Group
from engine.refusal import over_limit, refused
from engine.runtime.arguments import Flag, Rule, Text, Values, tensor_check, text, whole
from engine.runtime.layer import Layer
from engine.runtime.pictures.asking import (
    LABEL,
    flag,
    options,
    placed,
    texts,
)
from engine.runtime.register import Register
from engine.runtime.running import materialised
from engine.runtime.values import plain
from engine.values import Bars, Curves, Heat, RunValue, Series

if TYPE_CHECKING:
    from engine.expression import Evaluator

CHARTING: Final = Register()
_BINS: Final = 12

Texts = Annotated[tuple[str, ...] | None, Rule(texts, Allowed("type", words=("(text, ...)",)))]
Bins = Annotated[int, whole(1, limits.PICTURE_BARS)]


@CHARTING.lazy(Group.MEASURE)
def curves(evaluator: Evaluator, call: ast.Call) -> Curves:
    """curves(a, b, ...): tensors or training runs as curves over one pair of axes.

    A vector (n) is drawn over 0, 1, 2, ...; a matrix (2, n) holds x in its first row and y in
    its second. A run gives its loss by step, and its loss on validation data where it has some.
    labels=("a", "b") names them, one for each argument; points=True does not join the points.
    title, x_label, y_label, log_x and log_y as for `plot`.

    Example: curves(tensor([4.0, 2.0, 1.0]), labels="loss") ->
    loss: 4 at 0, 1 at 2, falling
    """
    asked: Any = options(
        evaluator, call, "curves", labels=(texts, None), title=(text, ""), x_label=(text, ""),
        y_label=(text, ""), log_x=(flag, False), log_y=(flag, False), points=(flag, False),
    )  # fmt: skip
    labels = asked["labels"] or tuple(ast.unparse(node)[:LABEL] for node in call.args)
    if not call.args:
        raise refused("curves-arguments")
    if len(labels) != len(call.args):
        raise refused("picture-labels", got=len(labels), expected=len(call.args))
    series: list[Series] = []
    runs = 0
    for label, node in zip(labels, call.args, strict=True):
        value = evaluator.evaluate_node(node)
        run = value if isinstance(value, torch.Tensor | Layer | tuple) else plain(value)
        with placed(node):
            if isinstance(run, RunValue):
                runs += 1
                named = label if asked["labels"] or len(call.args) > 1 else ""
                series += _of_run(run, named)
            else:
                series.append(_of_tensor(label, run))
    if len(series) > limits.PICTURE_CURVES:
        raise refused("picture-curves", high=limits.PICTURE_CURVES)
    only_runs = runs == len(call.args)
    return Curves(tuple(series), asked["title"], asked["x_label"] or "@step" * only_runs,
                  asked["y_label"] or "@loss" * only_runs, asked["log_x"], asked["log_y"],
                  asked["points"])  # fmt: skip


def _of_run(run: RunValue, label: str) -> list[Series]:
    """The losses of a run; of several runs each has its name."""
    steps, losses = tuple(map(float, run.steps)), run.losses
    found = [Series(label or "@training", steps, losses)]
    if run.validation_losses:
        also = f"@validation {label}" if label else "@validation"
        found.append(Series(also, tuple(map(float, run.validation_steps)), run.validation_losses))
    return found


def _of_tensor(label: str, value: object) -> Series:
    data = tensor_check(value, "curve").detach()
    if data.is_meta:
        raise refused("tensor-without-values")
    if data.dim() == 2 and data.shape[0] == 2:
        xs, ys = data.double().cpu().unbind()
    elif data.dim() == 1:
        ys = data.double().cpu()
        xs = torch.arange(len(ys), dtype=torch.float64)
    else:
        raise refused("picture-curve", shape=tuple(data.shape))
    if not len(ys):
        raise refused("picture-empty", argument="curve")
    kept = _thinned(ys)
    return Series(label, tuple(xs[kept].tolist()), tuple(ys[kept].tolist()))


def _thinned(ys: torch.Tensor) -> torch.Tensor:
    """Places to keep: all, or the ends and the lowest and highest of each stretch; the first
    that is not finite is always kept."""
    count = len(ys)
    if count <= limits.PICTURE_POINTS:
        return torch.arange(count)
    places = {0, count - 1}
    stretches = limits.PICTURE_POINTS // 2 - 2
    for n in range(stretches):
        start, end = n * count // stretches, (n + 1) * count // stretches
        part = ys[start:end]
        odd = (~part.isfinite()).nonzero()
        if len(odd):
            places |= {start, start + int(odd[0])}
        else:
            places |= {start + int(part.argmin()), start + int(part.argmax())}
    return torch.tensor(sorted(places))


@CHARTING.function(Group.MEASURE, method=False)
def bars(
    values: Values,
    labels: Texts = None,
    title: Text = "",
    unit: Text = "",
    log: Flag = False,
) -> Bars:
    """A bar for each number: gradient norms by layer, counts by class.

    values is a vector of at most 40 numbers, labels a text for each in brackets. unit is written
    after the numbers; log=True draws them by powers of ten, for numbers of very different size.

    Example: bars((4.0, 2.0, 1.0), labels=("conv", "dense", "out")) ->
    conv 4, dense 2, out 1
    """
    numbers = _vector(values)
    if len(numbers) > limits.PICTURE_BARS:
        raise over_limit("picture-bars", got=len(numbers), high=limits.PICTURE_BARS)
    if labels is not None and len(labels) != len(numbers):
        raise refused("picture-labels", argument="labels", got=len(labels), expected=len(numbers))
    named = labels if labels is not None else tuple(map(str, range(len(numbers))))
    return Bars(named, numbers, title, unit, log)


def _vector(x: torch.Tensor) -> tuple[float, ...]:
    if x.is_meta:
        raise refused("tensor-without-values", argument="values")
    if x.numel() > limits.PICTURE_SIDE**2:
        raise over_limit("picture-bars", got=x.numel(), high=limits.PICTURE_BARS)
    if x.numel() == 0:
        raise refused("picture-empty", argument="values")
    return tuple(x.detach().double().cpu().flatten().tolist())


def _weights(value: object, argument: str) -> torch.Tensor:
    """A tensor, or all weights of a model in one vector."""
    if isinstance(value, Layer):
        weights = [p.detach().flatten().double() for p in materialised(value).parameters()]
        if not weights:
            raise refused("layer-without-weight", layer=type(value.twin).__name__)
        return torch.cat(weights)
    return tensor_check(value, argument)


Weights = Annotated[object, Rule(_weights, Allowed("type", words=("tensor or layer",)))]


@CHARTING.function(Group.MEASURE, method=False)
def histogram(x: Weights, bins: Bins = _BINS, title: Text = "") -> Bars:
    """How many elements of a tensor, or weights of a model, lie in each of equal bins.

    Each bin is named by its lower end and holds it; the last one holds its upper end too. NaN
    and infinities are counted in bars of their own.

    Example: histogram(tensor([0.0, 0.1, 0.2, 1.0]), bins=2) ->
    [0.00, 0.50) 3, [0.50, 1.00] 1
    """
    assert isinstance(x, torch.Tensor)
    if x.is_meta:
        raise refused("tensor-without-values", argument="x")
    data = x.detach().double().cpu().flatten()
    finite = data[data.isfinite()]
    if not data.numel():
        raise refused("picture-empty", argument="x")
    labels: list[str] = []
    counts: list[float] = []
    if len(finite):
        low, high = float(finite.min()), float(finite.max())
        if low == high or not math.isfinite(high - low):
            labels.append(f"{low:.3g}" if low == high else f"[{low:.3g}, {high:.3g}]")
            counts.append(float(len(finite)))
        else:
            place = ((finite - low) / (high - low) * bins).long().clamp(0, bins - 1)
            counts += torch.bincount(place, minlength=bins).double().tolist()
            edges = [low + (high - low) * n / bins for n in range(bins + 1)]
            shown = _edges(edges)
            labels += [f"[{a}, {b})" for a, b in pairwise(shown)]
            labels[-1] = labels[-1][:-1] + "]"
    for name, odd in (
        ("nan", data.isnan()),
        ("inf", data == math.inf),
        ("-inf", data == -math.inf),
    ):
        if odd.any():
            labels.append(name)
            counts.append(float(odd.sum()))
    return Bars(tuple(labels), tuple(counts), title)


def _edges(edges: list[float]) -> list[str]:
    """With the decimals that their distance needs, very large and very small ones by powers."""
    step = edges[1] - edges[0]
    if not 1e-4 <= step < 1e6:
        return [f"{edge:.3g}" for edge in edges]
    decimals = max(0, 1 - math.floor(math.log10(step)))
    whole = all(abs(edge - round(edge)) < step * 1e-6 for edge in edges)
    return [f"{round(edge, decimals) + 0.0:.{0 if whole else decimals}f}" for edge in edges]


@CHARTING.function(Group.MEASURE, method=False)
def heatmap(
    x: Values,
    title: Text = "",
    rows: Texts = None,
    columns: Texts = None,
    x_label: Text = "",
    y_label: Text = "",
) -> Heat:
    """A matrix as a map of shades: attention weights, a feature map, a kernel.

    (H, W) with both sides at most 256; a vector is one row, and axes of length one in front are
    left out. rows and columns are texts in brackets, one for each; x_label and y_label say what
    columns and rows are.

    Example: heatmap(tensor([[0.0, 1.0], [0.5, 0.25]])) -> 2×2: 0 to 1
    """
    data = x.detach()
    if data.is_meta:
        raise refused("tensor-without-values", argument="x")
    while data.dim() > 2 and data.shape[0] == 1:
        data = data[0]
    data = data.reshape(1, -1) if data.dim() < 2 else data
    if data.dim() != 2 or not data.numel():
        raise refused("picture-matrix", argument="x", shape=tuple(x.shape))
    if max(data.shape) > limits.PICTURE_SIDE:
        raise over_limit(
            "picture-side", argument="x", got=max(data.shape), high=limits.PICTURE_SIDE
        )
    for name, given, side in (("rows", rows, data.shape[0]), ("columns", columns, data.shape[1])):
        if given is not None and len(given) != side:
            raise refused("picture-labels", argument=name, got=len(given), expected=side)
    table = tuple(map(tuple, data.double().cpu().tolist()))
    return Heat(table, title, rows or (), columns or (), x_label=x_label, y_label=y_label)
