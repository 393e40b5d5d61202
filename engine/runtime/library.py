"""The whole library: everything an expression may call, in one table.

Promise: `LIBRARY` holds every listed name once; scalar functions work on numbers and on tensors
alike. Must not define functions.
"""

from __future__ import annotations

from typing import Final

from engine.expression import SCALARS
from engine.library import Function, Library
from engine.runtime.functions.attending import ATTENDING
from engine.runtime.functions.casting import CASTING
from engine.runtime.functions.convolving import CONVOLVING
from engine.runtime.functions.elementwise import ELEMENTWISE
from engine.runtime.functions.losses import LOSSES
from engine.runtime.functions.metrics import METRICS
from engine.runtime.functions.numbers import NUMBERS
from engine.runtime.functions.products import PRODUCTS
from engine.runtime.functions.recurrence import RECURRENCE
from engine.runtime.functions.reducing import REDUCING
from engine.runtime.functions.shaping import SHAPING
from engine.runtime.functions.sliding import SLIDING
from engine.runtime.functions.solving import SOLVING
from engine.runtime.functions.splitting import SPLITTING
from engine.runtime.gradients import GRADIENTS
from engine.runtime.layers.activations import ACTIVATIONS
from engine.runtime.layers.combining import COMBINING
from engine.runtime.layers.convolution import CONVOLUTION
from engine.runtime.layers.linear import LINEAR
from engine.runtime.layers.normalisation import NORMALISATION
from engine.runtime.layers.pooling import POOLING
from engine.runtime.layers.sequence import SEQUENCE
from engine.runtime.listing import LISTING
from engine.runtime.measures import MEASURES
from engine.runtime.networks.classic import CLASSIC
from engine.runtime.networks.generative import GENERATIVE
from engine.runtime.networks.inception import INCEPTION
from engine.runtime.networks.lenet5 import LENET5
from engine.runtime.networks.mobile import MOBILE
from engine.runtime.networks.recurrent import RECURRENT
from engine.runtime.networks.residual import RESIDUAL
from engine.runtime.networks.transformer import TRANSFORMER
from engine.runtime.optimizers.clipping import CLIPPING
from engine.runtime.optimizers.optimizers import OPTIMIZERS
from engine.runtime.optimizers.schedules import SCHEDULES
from engine.runtime.optimizers.stepping import STEPPING
from engine.runtime.optimizers.surfaces import SURFACES
from engine.runtime.optimizers.trajectory import TRAJECTORIES
from engine.runtime.pictures.charting import CHARTING
from engine.runtime.pictures.plotting import PLOTTING
from engine.runtime.pictures.windows import WINDOWS
from engine.runtime.register import Register, either, together
from engine.runtime.signals import SIGNALS
from engine.runtime.tensors import TENSORS
from engine.runtime.training.curves import CURVES
from engine.runtime.training.data import DATA
from engine.runtime.training.digits import DIGITS
from engine.runtime.training.mnist import MNIST
from engine.runtime.training.points import POINTS
from engine.runtime.training.reading import READING
from engine.runtime.training.train import TRAIN
from engine.runtime.training.transforms import TRANSFORMS

_REGISTERS: Final[tuple[Register, ...]] = (
    LINEAR, CONVOLUTION, POOLING, ACTIVATIONS, NORMALISATION, SEQUENCE, COMBINING, LENET5,
    CLASSIC, RESIDUAL, INCEPTION, MOBILE, RECURRENT, TRANSFORMER, GENERATIVE,
    TENSORS, ELEMENTWISE, REDUCING, SHAPING, PRODUCTS, SLIDING, SOLVING, CONVOLVING, ATTENDING,
    CASTING, RECURRENCE, LOSSES, METRICS, SPLITTING, NUMBERS,
    MEASURES, GRADIENTS, SIGNALS, LISTING, OPTIMIZERS, SCHEDULES, STEPPING, CLIPPING, SURFACES,
    TRAJECTORIES, PLOTTING, CHARTING, WINDOWS,
    POINTS, CURVES, DIGITS, MNIST, DATA, TRANSFORMS, TRAIN, READING,
)  # fmt: skip


def _library() -> dict[str, Function]:
    tensors = together(*(register.functions for register in _REGISTERS))
    both = {name: either(SCALARS[name], tensors[name]) for name in SCALARS if name in tensors}
    return {**SCALARS, **tensors, **both}


LIBRARY: Final[Library] = _library()
