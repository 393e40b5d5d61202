"""Measured values and drawn numbers as JSON, the form in which a review keeps them.

Promise: readable without Gradus; NaN and infinities are the strings "nan", "inf", "-inf", as in
`gradus measure --json`. What was drawn can be read back.
"""

from __future__ import annotations

import json
import math

from content.prepare import Draw
from engine.values import DtypeValue, LayerValue, TensorValue, Value
from engine.verdict import Truth, Verdict

_LONGEST = 4000
"""Characters of a measured value that are kept; a longer one is noted by its length only."""


def draw_to_json(draw: Draw) -> str:
    """Drawn values as an object."""
    return json.dumps(dict(draw), ensure_ascii=False)


def draw_from_json(text: str) -> Draw:
    """What `draw_to_json` wrote."""
    return tuple(json.loads(text).items())


def measured_of(truth: Truth, verdict: Verdict) -> Value:
    """What the answer was held against: the truth, or the reference on the inputs that broke a
    tensor expression."""
    return truth.value if verdict.tried is None else verdict.tried.truth


def value_to_json(value: Value) -> str:
    """A measured value."""
    text = json.dumps(_plain(value), ensure_ascii=False)
    return text if len(text) <= _LONGEST else json.dumps({"characters": len(text)})


def _plain(value: object) -> object:
    if isinstance(value, TensorValue):
        return {"dtype": value.dtype, "shape": value.shape, "data": _plain(value.data)}
    if isinstance(value, LayerValue):
        return value.code
    if isinstance(value, DtypeValue):
        return value.name
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
