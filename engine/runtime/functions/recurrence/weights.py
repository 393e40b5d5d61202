"""The weights of recurrent layers, and how many there are by convention."""

from __future__ import annotations

from typing import Annotated, Any

from torch import nn

from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import (
    Count,
    Flag,
    Model,
    Natural,
    Positive,
    whole,
)
from engine.runtime.functions.recurrence.cell import (
    GATES,
    RECURRENCE,
    Kind,
)
from engine.runtime.running import materialised


@RECURRENCE.function(Group.MEASURE)
def recurrent_weights(m: Model, layer: Natural = 0, reverse: Flag = False) -> tuple[Any, ...]:
    """The weights w_ih, w_hh, b_ih, b_hh of one layer of an RNN, LSTM or GRU.

    layer counts from 0; reverse=True is the direction from the end of a bidirectional one. Without
    biases only the first two are given.

    Example: shape(recurrent_weights(LSTM(10, 20))[0]) -> (80, 10)
    """
    twin = m.twin
    if not isinstance(twin, (nn.RNN, nn.LSTM, nn.GRU)):
        raise refused("no-recurrent-weights", argument="m", layer=m.code[:60])
    if layer >= twin.num_layers:
        raise refused("argument-range", argument="layer", got=layer, low=0,
                      high=twin.num_layers - 1)  # fmt: skip
    if reverse and not twin.bidirectional:
        raise refused("argument-unsupported", argument="reverse")
    module = materialised(m)
    names = ["weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if twin.bias else ())]
    ending = f"_l{layer}" + ("_reverse" if reverse else "")
    return tuple(getattr(module, name + ending).detach() for name in names)


@RECURRENCE.function(Group.MEASURE, method=False)
def recurrent_parameters(
    kind: Kind,
    input_size: Positive,
    hidden_size: Positive,
    biases: Annotated[int, whole(0, 2)] = 2,
    num_layers: Count = 1,
    bidirectional: Flag = False,
) -> int:
    """Parameters of a recurrent layer, gates hidden (in + hidden + biases), by kind and convention.

    kind is "RNN" (1 gate), "LSTM" (4, the candidate included) or "GRU" (3). biases=2 is PyTorch,
    which keeps one vector for the input and one for the state; textbooks count 1.

    Source: formula; parameters(LSTM(10, 20)) counts the real ones.
    Example: recurrent_parameters("LSTM", 10, 20) -> 2560
    Example: recurrent_parameters("LSTM", 10, 20, biases=1) -> 2480
    """
    directions = 2 if bidirectional else 1
    total, features = 0, input_size
    for _ in range(num_layers):
        total += directions * GATES[kind] * hidden_size * (features + hidden_size + biases)
        features = directions * hidden_size
    return total
