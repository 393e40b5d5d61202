"""What a measurement can yield, as plain frozen data: numbers, tensors, pictures, training runs.

Promise: every object here can be pickled, compared and shown without torch. Shapes are tuples of
ints. Must not import torch and must not hold behaviour.
"""

from __future__ import annotations

from dataclasses import dataclass

Scalar = bool | int | float | str | None
"""A value a draw may hold. A string that names a dtype ("float16") denotes that dtype."""

Plain = bool | int | float | str | None | tuple["Plain", ...]
"""Scalars and nested tuples of them."""


@dataclass(frozen=True, slots=True)
class TensorValue:
    """A measured tensor: `data` is nested tuples following `shape`, a bare scalar for ()."""

    dtype: str
    shape: tuple[int, ...]
    data: Plain


@dataclass(frozen=True, slots=True)
class LayerValue:
    """A measured layer or model, shown by its code: `nn.Conv2d(3, 64, 3)`."""

    code: str


@dataclass(frozen=True, slots=True)
class DtypeValue:
    """A dtype by its PyTorch name without prefix: `float16`."""

    name: str


@dataclass(frozen=True, slots=True)
class Series:
    """One curve: its name and its points in order. NaN and infinities stand as such."""

    label: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves over one pair of axes; with `points` the points themselves, not joined."""

    series: tuple[Series, ...]
    title: str = ""
    x_label: str = ""
    y_label: str = ""
    log_x: bool = False
    log_y: bool = False
    points: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A value to each label. `unit` is written after the values."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    title: str = ""
    unit: str = ""
    log: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """Values by row and column, the first row on top.

    Where the cells sample a surface, `x_range` and `y_range` say between which values (the last
    row is then the lowest y) and `path` holds points (x, y) on it, in order.
    """

    rows: tuple[tuple[float, ...], ...]
    title: str = ""
    row_labels: tuple[str, ...] = ()
    column_labels: tuple[str, ...] = ()
    path: tuple[tuple[float, float], ...] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    x_label: str = ""
    y_label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """One map of a `Windows`, padding included.

    `cells` are its values, None where there are none to show. `marks` say for each cell how it
    stands out: 0 not at all, n > 0 as part of the n-th window. `padding` counts the cells at the
    top, left, bottom and right that are padding. `role` is input, kernel, output or the code of a
    layer.
    """

    role: str
    cells: tuple[tuple[float | None, ...], ...]
    marks: tuple[tuple[int, ...], ...]
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Windows:
    """Maps side by side with the cells that belong together marked.

    `kind` is convolution, max, average (a window over the input gives a cell of the output) or
    receptive (what each layer of a model sees of its input). `facts` are numbers by name, for the
    words: kernel, stride, padding, dilation, step, steps, row, column, value.
    """

    kind: str
    grids: tuple[Grid, ...]
    title: str = ""
    facts: tuple[tuple[str, float], ...] = ()
    names: tuple[str, ...] = ()


Picture = Curves | Bars | Heat | Windows
"""What is drawn where its shape is the point."""


@dataclass(frozen=True, slots=True)
class RunValue:
    """A training run: what it lost at the recorded steps, at most 500 of them, and how it ended.

    Step 0 is before the first update, the last one after the last. `accuracies` and the two
    tuples of validation are empty where there is none; `gradient_norms` are those of all weights
    together. `ended` is "nan" or "inf" where the loss was no number at step `ended_at`; it began
    in `ended_where`, a layer's path and code or "loss", with its `ended_by`: "output", "gradient"
    or "weights".
    """

    code: str
    steps: tuple[int, ...]
    losses: tuple[float, ...]
    validation_steps: tuple[int, ...] = ()
    validation_losses: tuple[float, ...] = ()
    accuracies: tuple[float, ...] = ()
    validation_accuracies: tuple[float, ...] = ()
    gradient_norms: tuple[float, ...] = ()
    ended: str = ""
    ended_at: int | None = None
    ended_where: str = ""
    ended_by: str = ""
    seconds: float = 0.0


Value = (
    bool
    | int
    | float
    | str
    | None
    | TensorValue
    | LayerValue
    | DtypeValue
    | RunValue
    | Picture
    | tuple["Value", ...]
)
"""Anything an expression may yield outside the worker. Lists arrive as tuples."""
