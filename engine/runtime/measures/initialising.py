"""Initialisation schemes: a model again, its weights drawn as told.

Promise: the model given stays as it is; the new one has its structure and its own seeded weights.
Must not measure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Final

import torch
from torch import nn

from engine.library import Site
from engine.runtime.arguments import Model, Positively, Real, words
from engine.runtime.layer import Layer, Salted
from engine.runtime.register import Register

INITIALISING: Final = Register()

_NAMES: Final = {
    "xavier_uniform": "xavier_uniform", "xavier_normal": "xavier_normal",
    "glorot_uniform": "xavier_uniform", "glorot_normal": "xavier_normal",
    "kaiming_uniform": "kaiming_uniform", "kaiming_normal": "kaiming_normal",
    "he_uniform": "kaiming_uniform", "he_normal": "kaiming_normal",
    "lecun_uniform": "lecun_uniform", "lecun_normal": "lecun_normal",
    "orthogonal": "orthogonal", "normal": "normal", "uniform": "uniform",
    "constant": "constant", "zeros": "zeros", "identity": "identity", "default": "default",
}  # fmt: skip
_WEIGHTED: Final = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d,
                    nn.ConvTranspose2d, nn.RNNBase, nn.MultiheadAttention)  # fmt: skip


@dataclass(frozen=True)
class Scheme:
    """How weights and biases are drawn."""

    name: str
    gain: float
    std: float
    value: float
    bias: float | None
    mode: str

    def draw(self, weight: torch.Tensor, *, recurrent: bool = False) -> None:
        """Fill one weight matrix or kernel; `recurrent` takes a state to the next."""
        init = nn.init
        if self.name == "identity" and recurrent:
            init.eye_(weight)
            weight.mul_(self.gain)
            return
        # Fans follow torch: a kernel's count times its channels.
        given, made = init._calculate_fan_in_and_fan_out(weight)
        fan = max(1, given if self.mode == "fan_in" else made)
        spread = {
            "xavier": self.gain * math.sqrt(2.0 / max(1, given + made)),
            "kaiming": self.gain * math.sqrt(2.0 / fan),
            "lecun": self.gain * math.sqrt(1.0 / fan),
        }
        family, _, form = self.name.partition("_")
        if family in spread and form == "normal":
            init.normal_(weight, 0.0, spread[family])
        elif family in spread:
            bound = math.sqrt(3.0) * spread[family]
            init.uniform_(weight, -bound, bound)
        elif self.name == "orthogonal":
            init.orthogonal_(weight, self.gain)
        elif self.name in ("normal", "identity"):
            init.normal_(weight, 0.0, self.std)
        elif self.name == "uniform":
            init.uniform_(weight, -self.value, self.value)
        else:
            init.constant_(weight, 0.0 if self.name == "zeros" else self.value)


@INITIALISING.combinator("initialised")
def initialised(
    m: Model,
    scheme: Annotated[str, words(*_NAMES)] = "default",
    gain: Positively = 1.0,
    std: Positively = 0.01,
    value: Real = 0.0,
    bias: Real | None = None,
    mode: Annotated[str, words("fan_in", "fan_out")] = "fan_in",
    *,
    site: Site,
    code: str,
) -> Layer:
    """The model again, its weights drawn anew by a scheme; the model given stays as it is.

    Linear, convolutional, recurrent and attention weights; each gate and each projection is a
    matrix of its own. Variances: xavier (glorot) 2 / (fan_in + fan_out), kaiming (he) 2 / fan,
    lecun 1 / fan, where fan is fan_in unless mode="fan_out"; a uniform form has the same variance.
    gain multiplies their spread and an orthogonal matrix. "normal" takes std, "constant" value,
    "uniform" draws between -value and value, "zeros" is 0, "identity" makes recurrent matrices
    gain · I and takes std for all others, "default" keeps torch's own form (uniform, variance
    1 / (3 fan_in)). Biases become `bias`: 0 unless told, and with "default"
    drawn as torch does. Norms and embeddings keep torch's form.
    Source: Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998; Saxe et al. 2014; for
    "identity" Le, Jaitly and Hinton 2015
    Example: weight_statistics(initialised(Linear(4, 2), "constant", value=0.5), "mean")
    -> (0.5, 0.0)
    """
    name = _NAMES[scheme]
    told = 0.0 if bias is None and name != "default" else bias
    plan = Scheme(name, gain, std, value, told, mode)
    return replace(_again(m, plan, site.seed, {}), code=code, surveys={}, _real={})


def _again(layer: Layer, scheme: Scheme, salt: int, made: dict[int, Layer]) -> Layer:
    if id(layer) not in made:
        made[id(layer)] = replace(
            layer,
            assemble=_drawing(layer.assemble, scheme),
            seed=Salted(layer.seed, salt),
            parts=tuple(_again(part, scheme, salt, made) for part in layer.parts),
            surveys={},
            _real={},
        )
    return made[id(layer)]


def _drawing(
    assemble: Callable[[Sequence[nn.Module]], nn.Module], scheme: Scheme
) -> Callable[[Sequence[nn.Module]], nn.Module]:
    """Assemble, then draw the weights that the parts do not bring."""

    def build(parts: Sequence[nn.Module]) -> nn.Module:
        module = assemble(parts)
        brought = {id(inner) for part in parts for inner in part.modules()}
        with torch.no_grad():
            for inner in module.modules():
                if id(inner) not in brought:
                    _draw(inner, scheme)
        return module

    return build


def _draw(module: nn.Module, scheme: Scheme) -> None:
    for name, weight in module.named_parameters(recurse=False):
        if weight.is_meta or not isinstance(
            module, (*_WEIGHTED, nn.RNNBase, nn.MultiheadAttention)
        ):
            continue
        if "bias" in name:
            if scheme.bias is not None:
                nn.init.constant_(weight, scheme.bias)
        elif scheme.name != "default":
            for block in _blocks(module, name, weight):
                scheme.draw(block, recurrent=name.startswith("weight_hh"))


def _blocks(module: nn.Module, name: str, weight: torch.Tensor) -> Iterator[torch.Tensor]:
    """The matrices stacked in one weight: the gates of a recurrent layer, three projections."""
    stacked = 1
    if isinstance(module, nn.RNNBase) and not name.startswith("weight_hr"):
        stacked = {"LSTM": 4, "GRU": 3}.get(module.mode, 1)
    elif isinstance(module, nn.MultiheadAttention) and name == "in_proj_weight":
        stacked = 3
    yield from weight.chunk(stacked)
