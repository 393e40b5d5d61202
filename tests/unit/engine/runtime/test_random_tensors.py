"""Random tensor expressions in three dtypes, computed by us and by PyTorch itself.

The same text goes to our evaluator and to Python's, with torch's own functions under the same
names. What torch computes, we must compute alike; what torch refuses, we must refuse.
"""

from __future__ import annotations

import math
import random
import warnings
from typing import Any, Final

import pytest
import torch
from measuring import outcome
from torch.nn import functional

from engine.protocol import Failure, Measured
from engine.values import TensorValue

_EXPRESSIONS = 1_000
_CHUNKS = 6
_RELATIVE: Final = {"float64": 1e-12, "float32": 1e-5, "float16": 2e-3}
_NUMBERS: Final = ("0.0", "1.0", "-2.0", "0.5", "3.0", "-0.25", "12.0", "100.0", "-30.0", "nan")
_UNARY: Final = (
    "exp({0})", "log({0})", "sigmoid({0})", "tanh({0})", "relu({0})", "abs({0})", "sqrt({0})",
    "log1p({0})", "expm1({0})", "sin({0})", "cos({0})", "-({0})", "({0}) ** 2", "({0}).T",
    "({0}).sum()", "({0}).mean()", "({0}).max()", "({0}).min()", "({0}).sum(dim=0)",
    "({0}).mean(dim=-1, keepdim=True)", "softmax({0}, dim=-1)", "log_softmax({0}, dim=-1)",
    "softmax({0}, dim=0)", "logsumexp({0}, dim=-1)", "cumsum({0}, dim=0)", "argmax({0}, dim=-1)",
    "gelu({0})", "silu({0})", "softplus({0})", "leaky_relu({0}, 0.1)", "elu({0})", "sign({0})",
    "clamp({0}, -1.0, 2.0)", "({0})[0]", "({0})[:, 0]", "({0})[..., 1:]", "({0}).flatten()",
    "({0}).reshape(-1)", "({0}).reshape(2, -1)", "({0}).unsqueeze(0)", "({0}).var(dim=-1)",
    "({0}).std()", "flip({0}, (0,))", "isnan({0})", "isinf({0})", "({0}) > 0.5", "({0}).norm()",
    "floor({0})", "round({0})", "erf({0})", "rsqrt({0})", "tril({0})", "triu({0})",
    "({0}).prod()", "roll({0}, 1)", "hardtanh({0})", "selu({0})",
    "({0}).to(float64)", "log2({0})", "square({0})", "reciprocal({0})", "({0}).repeat(2, 1)",
)  # fmt: skip
_BINARY: Final = (
    "({0}) + ({1})", "({0}) - ({1})", "({0}) * ({1})", "({0}) / ({1})", "({0}) @ ({1})",
    "({0}) @ ({1}).T", "maximum({0}, {1})", "minimum({0}, {1})", "cat(({0}, {1}), dim=0)",
    "stack(({0}, {1}), dim=0)", "where(({0}) > ({1}), {0}, {1})", "({0}) == ({1})",
    "({0}) < ({1})", "mse_loss({0}, {1})", "l1_loss({0}, {1})", "outer(({0})[0], ({1})[0])",
    "({0}) % ({1})", "({0}) // ({1})", "matmul({0}, {1})", "smooth_l1_loss({0}, {1})",
)  # fmt: skip
_ANY = set(_UNARY) | set(_BINARY)


def _names() -> dict[str, object]:
    """Torch's own functions under the names of the texts, the functional ones first."""
    names: dict[str, object] = {"nan": math.nan, "inf": math.inf}
    for template in _ANY:
        name = template.partition("(")[0]
        if name.isidentifier():
            names[name] = getattr(functional, name, None) or getattr(torch, name)
    for name in ("softmax", "log_softmax", "tanh", "sigmoid", "relu"):
        names[name] = getattr(torch, name)
    for name in ("tensor", "float64", "float32", "float16"):
        names[name] = getattr(torch, name)
    return names


_TORCH: Final = _names()


class Writer:
    """Writes one random expression."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.dtype = self.random.choice(tuple(_RELATIVE))

    def text(self) -> str:
        return self._any(3)

    def _any(self, depth: int) -> str:
        pick = self.random.random()
        if depth == 0 or pick < 0.15:
            return self._tensor()
        if pick < 0.65:
            return self.random.choice(_UNARY).format(self._any(depth - 1))
        return self.random.choice(_BINARY).format(self._any(depth - 1), self._any(depth - 1))

    def _tensor(self) -> str:
        rows, columns = self.random.choice(((2, 2), (2, 3), (3, 2), (1, 3), (2, 1)))
        draw = self.random.choice
        numbers = [
            [draw(_NUMBERS[: draw((9, 9, 10))]) for _ in range(columns)] for _ in range(rows)
        ]
        inner = ", ".join(f"[{', '.join(row)}]" for row in numbers)
        return f"tensor([{inner}], dtype={self.dtype})"


def _by_torch(text: str) -> Any:
    """Torch's value, or None where torch itself refuses."""
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("error", UserWarning)  # where torch warns, we refuse
            return eval(text, dict(_TORCH))
    except UserWarning as warning:
        return warning
    except (RuntimeError, ValueError, TypeError, IndexError, NotImplementedError, AttributeError):
        return None


def _same(ours: object, theirs: Any) -> bool:
    if not isinstance(theirs, torch.Tensor):
        return ours == theirs
    if not isinstance(ours, TensorValue):
        return False
    dtype = str(theirs.dtype).removeprefix("torch.")
    if (ours.dtype, ours.shape) != (dtype, tuple(theirs.shape)):
        return False
    mine = torch.tensor(ours.data, dtype=torch.float64).reshape(theirs.shape)
    loose = _RELATIVE.get(dtype, 0.0)
    return torch.allclose(mine, theirs.double(), rtol=loose, atol=loose, equal_nan=True)


@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_values_equal_torch(chunk: int) -> None:
    faults, computed = [], 0
    for index in range(chunk, _EXPRESSIONS, _CHUNKS):
        text = Writer(index).text()
        theirs = _by_torch(text)
        result = outcome(text)
        ours = result.values[0] if isinstance(result, Measured) else result
        if theirs is None or isinstance(theirs, UserWarning):
            if theirs is None and not isinstance(ours, Failure):
                faults.append(f"{text}\n  torch refuses it, we say {ours}")
        elif isinstance(ours, Failure) or not _same(ours, theirs):
            faults.append(f"{text}\n  torch: {theirs}\n  ours: {ours}")
        else:
            computed += 1
    assert not faults, f"{len(faults)} differ\n" + "\n".join(faults[:30])
    assert computed > _EXPRESSIONS / _CHUNKS / 3
