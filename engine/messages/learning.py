"""Messages about gradients, optimizers and schedules; and of the runtime itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "gradient-arguments": {
        "en": "gradient takes an expression and the name to differentiate by: "
        "gradient((x * x).sum(), x).",
        "zh": "gradient 需要一个表达式和求导的名字：gradient((x * x).sum(), x)。",
    },
    "gradient-by-name": {
        "en": "A gradient is taken by the name of a number, tensor or model, or by weight_of(m).",
        "zh": "只能对存有数、张量或模型的名字求梯度，也可对 weight_of(m) 求梯度。",
    },
    "gradient-step-arguments": {
        "en": "{function} takes an expression, what to differentiate by, and perhaps step=1e-6: "
        "{function}((x * x).sum(), x).",
        "zh": "{function} 需要表达式和求导对象，还可给出 step=1e-6：{function}((x * x).sum(), x)。",
    },
    "too-many-differences": {
        "en": "{got} numbers would be changed one by one; at most {high} are allowed.",
        "zh": "要逐个改动 {got} 个数，最多只允许 {high} 个。",
    },
    "signal-arguments": {
        "en": "{function} takes a loss and a model: {function}(cross_entropy(m(x), y), m).",
        "zh": "{function} 需要损失和模型：{function}(cross_entropy(m(x), y), m)。",
    },
    "gradient-independent": {
        "en": "The expression does not depend on `{name}` in a differentiable way.",
        "zh": "表达式并不以可微的方式依赖 `{name}`。",
    },
    "gradient-of-many": {
        "en": "Only a single number has a gradient, not a tensor {shape}; "
        "take its sum or an element.",
        "zh": "只有单个数才有梯度，张量 {shape} 不行；请取总和或其中一个元素。",
    },
    # Optimizers.
    "argument-pair": {
        "en": "`{argument}` must be two numbers in brackets, such as (0.9, 0.999), not {got}.",
        "zh": "`{argument}` 应为括号中的两个数，如 (0.9, 0.999)，而不是 {got}。",
    },
    "argument-optimizer": {
        "en": "`{argument}` must be an optimizer such as SGD(lr=0.1), not {got}.",
        "zh": "`{argument}` 应为优化器，如 SGD(lr=0.1)，而不是 {got}。",
    },
    "argument-schedule": {
        "en": "`{argument}` must be a schedule such as StepLR(SGD(lr=0.1), 30), not {got}.",
        "zh": "`{argument}` 应为学习率调度，如 StepLR(SGD(lr=0.1), 30)，而不是 {got}。",
    },
    "argument-schedules": {
        "en": "`{argument}` must be 1 to {high} schedules in brackets, none a SequentialLR.",
        "zh": "`{argument}` 应为括号中的 1 到 {high} 个学习率调度，其中不能再有 SequentialLR。",
    },
    "milestones": {
        "en": "`{argument}` must be steps in brackets, in rising order: (30, 80).",
        "zh": "`{argument}` 应为括号中从小到大的步数，如 (30, 80)。",
    },
    "schedules-and-milestones": {
        "en": "There are {got} milestones; {expected} are needed, one fewer than schedules.",
        "zh": "给了 {got} 个 milestones，应为 {expected} 个，比调度少一个。",
    },
    "schedules-of-one": {
        "en": "All schedules of a SequentialLR must be of its own optimizer.",
        "zh": "SequentialLR 中的各个调度须属于同一个优化器。",
    },
    "nesterov-needs-momentum": {
        "en": "Nesterov's momentum needs a momentum above 0 and no dampening; "
        "it has no averaging form.",
        "zh": "Nesterov 动量要求 momentum 大于 0 且不用 dampening；它没有加权平均的形式。",
    },
    "gradient-shape": {
        "en": "A gradient of shape {got} does not fit a parameter of shape {expected}.",
        "zh": "形状为 {got} 的梯度与形状为 {expected} 的参数不符。",
    },
    "gradients-and-steps": {
        "en": "There are {got} gradients for {steps} steps; give one for each, or a single one.",
        "zh": "有 {got} 个梯度，却要走 {steps} 步；每步给一个，或只给一个。",
    },
    "too-many-steps": {
        "en": "Steps times elements make {got}; at most {high} are computed.",
        "zh": "步数乘以元素个数为 {got}，最多计算 {high}。",
    },
    "state-unknown": {
        "en": "This optimizer keeps no `{name}`; there are {names}.",
        "zh": "这个优化器没有 `{name}`，可选 {names}。",
    },
    "trajectory-arguments": {
        "en": "trajectory takes an expression, a start, an optimizer and a number of steps: "
        "trajectory(x * x, 1.0, SGD(lr=0.1), 20).",
        "zh": "trajectory 需要表达式、起点、优化器和步数："
        "trajectory(x * x, 1.0, SGD(lr=0.1), 20)。",
    },
    "trajectory-start": {
        "en": "The start needs {count} numbers in brackets, for {names}.",
        "zh": "起点需要括号中的 {count} 个数，依次对应 {names}。",
    },
    "trajectory-variables": {
        "en": "Every name of the expression has a value; the start must then be the name to be "
        "moved, or several in brackets: (x, y).",
        "zh": "表达式中的名字都已有值；起点应写要移动的名字，或括号中的几个：(x, y)。",
    },
    # Device and engine.
    "device-unavailable": {
        "en": "There is no {device} here; the best device available is {best}.",
        "zh": "这里没有 {device}，可用的最好设备是 {best}。",
    },
    "device-lacks-dtype": {
        "en": "This device does not know that dtype; use float32 or --device cpu.",
        "zh": "该设备不支持这种数据类型；请用 float32 或 --device cpu。",
    },
    "out-of-memory": {
        "en": "There was not enough memory for this.",
        "zh": "内存不足，无法完成。",
    },
    "measuring-broke": {
        "en": "The engine failed on this expression ({error}).",
        "zh": "引擎在这个表达式上出错（{error}）。",
    },
}
