"""torch without its compiler: nothing here is ever compiled, so none of it need be loaded.

Promise: `stay_eager` changes no number. torch keeps its compiler away from some of its functions
by loading all of it the first time such a function is called: a convolution on the meta device
or a step of an optimizer is enough, and it takes as long as torch itself. What it then does to
the call is nothing unless something is being compiled. After `stay_eager` those calls go straight
to the function. Where a version of torch is built otherwise nothing is found, and nothing changed.
"""

from __future__ import annotations

import gc
from types import FunctionType
from typing import Any

import torch

_KNOWN = "__dynamo_disable"
"""Where such a function keeps what is to be called once the compiler is loaded."""
_WRAPPED_STEP = "_use_grad_for_differentiable.<locals>._use_grad"


def stay_eager() -> None:
    """Let torch's functions be called without loading its compiler; once more does no harm."""
    _straight_calls()
    _straight_steps()


def _straight_calls() -> None:
    shield: Any = vars(torch).get("_disable_dynamo")
    code = getattr(shield and shield(_nothing), "__code__", None)
    if code is None or "fn" not in code.co_freevars:
        return
    place = code.co_freevars.index("fn")
    for found in gc.get_objects():
        if type(found) is FunctionType and found.__code__ is code and found.__closure__:
            meant = found.__closure__[place].cell_contents
            if isinstance(meant, FunctionType):
                vars(meant).setdefault(_KNOWN, meant)


def _straight_steps() -> None:
    """An optimizer steps without gradients, as it is made to unless it is differentiable itself."""
    for kind in vars(torch.optim).values():
        step = vars(kind).get("step") if isinstance(kind, type) else None
        if isinstance(step, FunctionType) and step.__code__.co_qualname == _WRAPPED_STEP:
            kind.step = torch.no_grad()(step.__wrapped__)  # type: ignore[attr-defined]


def _nothing() -> None:
    pass
