"""Losses: how far predictions are from targets.

Promise: PyTorch's names, order of arguments and defaults; where a textbook means something else,
an argument asks for it. Predictions come first, targets second. Must not train.
"""

from engine.runtime.functions.losses import (
    classes,
    comparing,
    layers,
    margins,
    regression,
    two_classes,
)
from engine.runtime.functions.losses.entering import LOSSES

__all__ = [
    "LOSSES",
    "classes",
    "comparing",
    "layers",
    "margins",
    "regression",
    "two_classes",
]
