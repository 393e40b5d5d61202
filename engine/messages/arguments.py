"""Messages about arguments: what a listed name was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    # Arguments.
    "argument-whole": {
        "en": "`{argument}` must be a whole number of at least {low}, not {got}.",
        "zh": "`{argument}` 应为不小于 {low} 的整数，而不是 {got}。",
    },
    "argument-too-small": {
        "en": "`{argument}` is {got}; it must be at least {low}.",
        "zh": "`{argument}` 是 {got}，但至少应为 {low}。",
    },
    "argument-too-large": {
        "en": "`{argument}` is {got}; at most {high} is allowed.",
        "zh": "`{argument}` 是 {got}，最大只允许 {high}。",
    },
    "argument-length": {
        "en": "`{argument}` has {got} numbers; {expected} are needed, or a single one.",
        "zh": "`{argument}` 给了 {got} 个数，应给 {expected} 个，或只给一个。",
    },
    "argument-flag": {
        "en": "`{argument}` must be True or False, not {got}.",
        "zh": "`{argument}` 应为 True 或 False，而不是 {got}。",
    },
    "argument-number": {
        "en": "`{argument}` must be a number, not {got}.",
        "zh": "`{argument}` 应为数，而不是 {got}。",
    },
    "argument-numbers": {
        "en": "A tensor is made of numbers; {got} is not one.",
        "zh": "张量由数组成，{got} 不是数。",
    },
    "argument-range": {
        "en": "`{argument}` is {got}; it must lie between {low} and {high}.",
        "zh": "`{argument}` 是 {got}，应在 {low} 与 {high} 之间。",
    },
    "argument-dtype": {
        "en": "`{argument}` must be a dtype such as float32 or int64, not {got}.",
        "zh": "`{argument}` 应为数据类型，如 float32 或 int64，而不是 {got}。",
    },
    "argument-word": {
        "en": "`{argument}` cannot be {got}; it is one of {allowed}.",
        "zh": "`{argument}` 不能是 {got}，可选 {allowed}。",
    },
    "argument-layer": {
        "en": "`{argument}` must be a layer such as Linear(3, 2), not {got}.",
        "zh": "`{argument}` 应为层，如 Linear(3, 2)，而不是 {got}。",
    },
    "argument-tensor": {
        "en": "`{argument}` must be a tensor, not {got}.",
        "zh": "`{argument}` 应为张量，而不是 {got}。",
    },
    "argument-tensors": {
        "en": "`{argument}` must be several tensors in brackets, `(a, b)`, not {got}.",
        "zh": "`{argument}` 应为括号中的几个张量 `(a, b)`，而不是 {got}。",
    },
    "argument-input": {
        "en": "`{argument}` must be a tensor or its shape, such as zeros(1, 3, 32, 32), not {got}.",
        "zh": "`{argument}` 应为张量或其形状，如 zeros(1, 3, 32, 32)，而不是 {got}。",
    },
    "argument-layer-or-tensor": {
        "en": "`{argument}` must be a layer or a tensor, not {got}.",
        "zh": "`{argument}` 应为层或张量，而不是 {got}。",
    },
    "argument-shape": {
        "en": "`{argument}` must be a shape in brackets, such as (2, 3).",
        "zh": "`{argument}` 应为括号中的形状，如 (2, 3)。",
    },
    "one-of-two": {
        "en": "Give either `{a}` or `{b}`.",
        "zh": "`{a}` 和 `{b}` 须给且只给一个。",
    },
    "rows-differ": {
        "en": "The rows have different lengths, {a} and {b}; a tensor needs equal ones.",
        "zh": "各行长度不同（{a} 与 {b}），张量要求一致。",
    },
    "rows-mixed": {
        "en": "Numbers and lists stand side by side; a tensor needs the same depth everywhere.",
        "zh": "数与列表混在同一层，张量要求各处深度一致。",
    },
    "arange-step": {
        "en": "arange needs finite ends and a step other than 0.",
        "zh": "arange 的两端须有限，步长不能为 0。",
    },
    "arange-direction": {
        "en": "Steps of {step} lead from {first} away from {last}; turn the sign of the step.",
        "zh": "从 {first} 出发，步长 {step} 到不了 {last}；请改变步长的正负号。",
    },
    "randint-range": {
        "en": "`{argument}` is {high}; it must be above {low}.",
        "zh": "`{argument}` 是 {high}，应大于 {low}。",
    },
    # Layers.
    "groups-do-not-divide": {
        "en": "{groups} groups do not divide `{name}` = {channels} evenly.",
        "zh": "{groups} 组不能整除 `{name}` = {channels}。",
    },
    "heads-do-not-divide": {
        "en": "{heads} heads do not divide the width {width} evenly.",
        "zh": "{heads} 个注意力头不能整除宽度 {width}。",
    },
    "same-needs-stride-one": {
        "en": "PyTorch's padding='same' allows stride 1 only. "
        "SameConv2d pads as TensorFlow does for any stride.",
        "zh": "PyTorch 的 padding='same' 只允许步幅 1；"
        "任意步幅可用 SameConv2d（TensorFlow 的填充方式）。",
    },
    "pool-padding-too-large": {
        "en": "Pooling allows a padding of at most half its window: here {high}, not {got}.",
        "zh": "池化的填充最多为窗口的一半：此处为 {high}，而不是 {got}。",
    },
    "output-padding-too-large": {
        "en": "`output_padding` must be smaller than the stride or the dilation: "
        "at most {high}, not {got}.",
        "zh": "`output_padding` 须小于步幅或膨胀率：最大 {high}，而不是 {got}。",
    },
    "align-needs-linear": {
        "en": "`align_corners` goes with mode 'bilinear' or 'bicubic' only.",
        "zh": "`align_corners` 只用于 'bilinear' 或 'bicubic' 模式。",
    },
}
