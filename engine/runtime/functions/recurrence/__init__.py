"""Recurrent cells by hand: one step and many, from given weights, every gate by its name."""

from engine.runtime.functions.recurrence import sequences, steps, weights
from engine.runtime.functions.recurrence.cell import RECURRENCE

__all__ = ["RECURRENCE", "sequences", "steps", "weights"]
