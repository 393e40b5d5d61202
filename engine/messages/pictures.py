"""Messages about pictures: what cannot be drawn, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "plot-arguments": {
        "en": "plot takes an expression, a name and two numbers: plot(relu(x), x, -3, 3).",
        "zh": "plot 需要表达式、变量名和两个数：plot(relu(x), x, -3, 3)。",
    },
    "contours-arguments": {
        "en": "contours takes an expression and two names with two numbers each: "
        "contours(x * x + y * y, x, -1, 1, y, -1, 1).",
        "zh": "contours 需要表达式，以及两个变量名和各自的两个数："
        "contours(x * x + y * y, x, -1, 1, y, -1, 1)。",
    },
    "curves-arguments": {
        "en": "curves takes tensors or training runs: curves(losses(a), losses(b)).",
        "zh": "curves 需要张量或训练过程：curves(losses(a), losses(b))。",
    },
    "argument-text": {
        "en": "`{argument}` must be a text in quotes, not {got}.",
        "zh": "`{argument}` 应为引号中的文本，而不是{got}。",
    },
    "picture-variable": {
        "en": "Here stands the name that changes: one that has no value yet, or a number's.",
        "zh": "这里应写变化的那个名字：尚未赋值的名字，或者存有一个数的名字。",
    },
    "picture-range": {
        "en": "`{name}` goes from a smaller number to a larger one, not from {low} to {high}.",
        "zh": "`{name}` 的范围应从小到大，不能从 {low} 到 {high}。",
    },
    "picture-number": {
        "en": "A curve needs one number at each point, but this gives {got}; take a sum, a mean "
        "or an element.",
        "zh": "曲线的每一点只能是一个数，而这里得到的是{got}；请取总和、平均值或其中一个元素。",
    },
    "picture-points": {
        "en": "That makes {got} points; at most {high} can be drawn. Take a larger step.",
        "zh": "这样会有 {got} 个点，最多只能画 {high} 个。请把 step 取大一些。",
    },
    "picture-log": {
        "en": "An axis by powers of ten begins above 0, not at {got}.",
        "zh": "对数坐标轴必须从大于 0 的数开始，不能从 {got} 开始。",
    },
    "picture-curves": {
        "en": "One picture holds 1 to {high} curves.",
        "zh": "一幅图里可以有 1 到 {high} 条曲线。",
    },
    "picture-curve": {
        "en": "A curve is a vector, or a matrix of two rows, x and y, not a tensor {shape}.",
        "zh": "曲线应为向量，或两行的矩阵（第一行是 x，第二行是 y），不能是张量 {shape}。",
    },
    "picture-labels": {
        "en": "{got} labels do not fit: {expected} are needed.",
        "zh": "给出了 {got} 个标签，而这里需要 {expected} 个。",
    },
    "picture-empty": {
        "en": "There is nothing to draw: `{argument}` has no elements.",
        "zh": "没有可画的内容：`{argument}` 里没有元素。",
    },
    "picture-path": {
        "en": "`{argument}` must be points (n, 2) or what `trajectory` gives, not {got}.",
        "zh": "`{argument}` 应为形状是 (n, 2) 的点，或 `trajectory` 的结果，而不是{got}。",
    },
    "picture-bars": {
        "en": "{got} bars are too many to be read; at most {high} are drawn.",
        "zh": "{got} 根柱太多，无法看清，最多画 {high} 根。",
    },
    "picture-matrix": {
        "en": "`{argument}` must be a matrix (H, W), not a tensor {shape}; choose one with an "
        "index.",
        "zh": "`{argument}` 应为矩阵 (H, W)，不能是张量 {shape}；请用下标选出其中一个。",
    },
    "picture-side": {
        "en": "A side of {got} is too long to be drawn; at most {high} cells.",
        "zh": "边长 {got} 太大，画不下，最多 {high} 格。",
    },
    "picture-map": {
        "en": "`{argument}` must be a side, (height, width) or a map of numbers, not {got}.",
        "zh": "`{argument}` 应为边长、(高, 宽) 或数字组成的二维图，而不是 {got}。",
    },
    "picture-window-larger": {
        "en": "The window {kernel} does not fit into the padded input {input}.",
        "zh": "窗口 {kernel} 比填充后的输入 {input} 还大。",
    },
    "picture-average-gaps": {
        "en": "Average pooling has no dilation.",
        "zh": "平均池化没有膨胀率（dilation）。",
    },
    "picture-pool-padding": {
        "en": "The padding of a pooling window is at most half its side, as in PyTorch.",
        "zh": "与 PyTorch 一样，池化的填充最多是窗口边长的一半。",
    },
    "picture-no-field": {
        "en": "No layer of this model has a window, so there is no receptive field to draw.",
        "zh": "这个模型里没有带窗口的层，因此没有感受野可画。",
    },
    "picture-layers": {
        "en": "{got} layers widen the receptive field; at most {high} can be told apart. "
        "Take a part of the model.",
        "zh": "有 {got} 层会扩大感受野，最多只能分辨 {high} 层。请只取模型的一部分。",
    },
}
