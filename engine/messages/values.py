"""Messages about tensors and functions of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    # Tensors.
    "too-many-elements": {
        "en": "This tensor would have {got} elements; at most {high} are allowed.",
        "zh": "这个张量将有 {got} 个元素，最多允许 {high} 个。",
    },
    "too-many-dimensions": {
        "en": "A tensor of {got} axes; at most {high} are allowed.",
        "zh": "张量有 {got} 维，最多允许 {high} 维。",
    },
    "too-much-work": {
        "en": "This needs {got} products; at most {high} are computed.",
        "zh": "这需要 {got} 次乘法，最多计算 {high} 次。",
    },
    "result-too-large": {
        "en": "The result has {got} elements; at most {high} are shown. Ask for its shape, "
        "its sum or a part of it.",
        "zh": "结果有 {got} 个元素，最多返回 {high} 个；请改问形状、总和或其中一部分。",
    },
    "tensor-without-values": {
        "en": "This tensor has a shape but no numbers.",
        "zh": "这个张量只有形状，没有数值。",
    },
    "nested-too-deeply": {
        "en": "Layers are nested too deeply.",
        "zh": "层嵌套得太深。",
    },
    "operand": {
        "en": "A tensor cannot be combined with {value}.",
        "zh": "张量不能与 {value} 运算。",
    },
    "shapes-do-not-broadcast": {
        "en": "Shapes {a} and {b} do not go together: from the right, sides must be equal or 1.",
        "zh": "形状 {a} 与 {b} 无法广播：从右往左，各边须相等或为 1。",
    },
    "sizes-differ": {
        "en": "Sizes {a} and {b} differ along axis {dim}; they must be equal or 1.",
        "zh": "第 {dim} 维的大小 {a} 与 {b} 不同，须相等或为 1。",
    },
    "shapes-differ": {
        "en": "The tensors must have the same shape.",
        "zh": "各张量形状须相同。",
    },
    "loss-shapes": {
        "en": "Prediction {a} and target {b} must have the same shape.",
        "zh": "预测 {a} 与目标 {b} 形状须相同。",
    },
    "wrong-shape": {
        "en": "`{argument}` has the shape {got}; {expected} is needed.",
        "zh": "`{argument}` 的形状是 {got}，应为 {expected}。",
    },
    "loss-classes-axis": {
        "en": "Scores need an axis of classes: (N, C) or (C), not {shape}.",
        "zh": "得分须有类别一维：(N, C) 或 (C)，而不是 {shape}。",
    },
    "loss-class-numbers": {
        "en": "`{argument}` must hold class numbers, that is whole numbers such as tensor([2, 0]).",
        "zh": "`{argument}` 应为类别编号，即整数，如 tensor([2, 0])。",
    },
    "ignore-needs-numbers": {
        "en": "`{argument}` goes with class numbers; this target holds probabilities.",
        "zh": "`{argument}` 只用于类别编号；这里的目标是概率。",
    },
    "loss-one-hot": {
        "en": "`{argument}` holds whole numbers, so they are read as class numbers, one for each "
        "row. One-hot rows are real numbers here: convert with x.float().",
        "zh": "`{argument}` 是整数，会被当作类别编号，每行一个；one-hot 行在这里须为实数，"
        "请用 x.float() 转换。",
    },
    "loss-class-shape": {
        "en": "For a prediction {a} the target must have the shape {expected}, not {b}.",
        "zh": "预测为 {a} 时，目标形状应为 {expected}，而不是 {b}。",
    },
    "loss-vectors": {
        "en": "One row (D) or several (N, D) are needed, not {shape}.",
        "zh": "需要一行 (D) 或多行 (N, D)，而不是 {shape}。",
    },
    "loss-inputs": {
        "en": "This loss is called on {expected} tensors, prediction first, not on {got}.",
        "zh": "这个损失要作用在 {expected} 个张量上（预测在前），而不是 {got} 个。",
    },
    "gate-unknown": {
        "en": "There is no `{name}` here; there are {names}.",
        "zh": "这里没有 `{name}`，可选 {names}。",
    },
    "gate-pairs": {
        "en": "`{argument}` must be named values, such as lstm_gates(...) gives, not {got}.",
        "zh": "`{argument}` 应为带名字的值，如 lstm_gates(...) 的结果，而不是 {got}。",
    },
    "no-recurrent-weights": {
        "en": "{layer} is not recurrent; RNN, LSTM and GRU have these weights.",
        "zh": "{layer} 不是循环层；只有 RNN、LSTM 和 GRU 有这些权重。",
    },
    "confusion-shape": {
        "en": "A confusion matrix is square and holds counts of at least 0; {shape} is not one.",
        "zh": "混淆矩阵须为方阵，元素为不小于 0 的计数；{shape} 不是。",
    },
    "shares-sum": {
        "en": "The shares must add up to 1, not to {got}.",
        "zh": "各份比例之和须为 1，而不是 {got}。",
    },
    "too-few-samples": {
        "en": "{n} samples cannot make {k} parts.",
        "zh": "{n} 个样本分不成 {k} 份。",
    },
    "matrix-sizes": {
        "en": "{left} times {right} does not fit: the inner sizes {a} and {b} must be equal.",
        "zh": "{left} 与 {right} 不能相乘：内侧的 {a} 与 {b} 须相等。",
    },
    "matmul-scalar": {
        "en": "`@` multiplies matrices and vectors; use `*` for a single number.",
        "zh": "`@` 用于矩阵和向量；单个数请用 `*`。",
    },
    "dot-vectors": {
        "en": "Two vectors are needed, not {a} and {b}.",
        "zh": "需要两个向量，而不是 {a} 与 {b}。",
    },
    "convolve-dimensions": {
        "en": "Two vectors or two maps are needed, not {a} and {b}.",
        "zh": "需要两个向量或两张图，而不是 {a} 与 {b}。",
    },
    "cat-sizes": {
        "en": "Along axis {dim} tensors may differ, elsewhere not: {a} and {b}.",
        "zh": "除第 {dim} 维外各边须相同：{a} 与 {b}。",
    },
    "reshape-impossible": {
        "en": "{elements} elements do not fill the shape {shape}.",
        "zh": "{elements} 个元素无法排成形状 {shape}。",
    },
    "pad-length": {
        "en": "`{argument}` needs a pair for each padded axis, at most {high} numbers, not {got}.",
        "zh": "`{argument}` 每个被填充的维要一对数，最多 {high} 个，而不是 {got} 个。",
    },
    "permute-axes": {
        "en": "A new order of {shape} names each of its {axes} axes once; here are {got}.",
        "zh": "重排 {shape} 要把 {axes} 维各写一次，这里写了 {got} 个。",
    },
    "turn-axes": {
        "en": "A turn needs two axes in brackets, such as (-2, -1), not {got}.",
        "zh": "旋转需要括号中的两维，如 (-2, -1)，而不是 {got}。",
    },
    "wrong-axes": {
        "en": "`{argument}` has {got} axes; {expected} are needed.",
        "zh": "`{argument}` 有 {got} 维，应为 {expected} 维。",
    },
    "axes-too-few": {
        "en": "The tensor has too few axes for this; x[None] or x.reshape(1, -1) adds one.",
        "zh": "张量的维数不够；可用 x[None] 或 x.reshape(1, -1) 补一维。",
    },
    "axes-differ": {
        "en": "Tensors of {a} and {b} axes do not go together here; x[None] adds an axis.",
        "zh": "{a} 维与 {b} 维的张量在这里不能混用；可用 x[None] 补一维。",
    },
    "values-not-finite": {
        "en": "This is not computed of nan or inf, and there is one among the numbers.",
        "zh": "这些数中有 nan 或 inf，无法计算。",
    },
    "two-sides-open": {
        "en": "Only one side may be left open with -1.",
        "zh": "只能有一边写成 -1。",
    },
    "transpose-two-axes": {
        "en": "Transposing {shape} needs the two axes to exchange: transpose(x, 1, 2).",
        "zh": "转置 {shape} 要指明交换哪两维：transpose(x, 1, 2)。",
    },
    "dtypes-differ": {
        "en": "{a} and {b} do not go together here; convert one, as with x.to({a}).",
        "zh": "{a} 与 {b} 在这里不能混用，请先转换，如 x.to({a})。",
    },
    "dtype-unsupported": {
        "en": "This does not work on {dtype}. "
        "For whole numbers write 1. instead of 1, or x.float().",
        "zh": "该运算不支持 {dtype}。整数请写成 1. 而不是 1，或用 x.float()。",
    },
    "reals-needed": {
        "en": "This works on real numbers only: write 1. instead of 1, or x.float().",
        "zh": "该运算只支持实数：请写成 1. 而不是 1，或用 x.float()。",
    },
    "whole-numbers-needed": {
        "en": "Places are whole numbers: use x.long().",
        "zh": "位置须为整数，请用 x.long()。",
    },
    "negative-power": {
        "en": "A tensor of whole numbers has no negative powers: write 1. instead of 1, "
        "or x.float().",
        "zh": "整数张量没有负整数次幂：请写成 1. 而不是 1，或用 x.float()。",
    },
    "probability-range": {
        "en": "Probabilities and their targets must lie between 0 and 1.",
        "zh": "概率及其目标值须在 0 与 1 之间。",
    },
    "dim-out-of-range": {
        "en": "Axis {got} does not exist; axes go from {low} to {high}.",
        "zh": "没有第 {got} 维，可选 {low} 到 {high}。",
    },
    "index-out-of-range": {
        "en": "Index {index} lies outside axis {dim} of size {size}.",
        "zh": "下标 {index} 超出第 {dim} 维的大小 {size}。",
    },
    "too-many-tokens": {
        "en": "This network has places for {most} tokens; there are {got}.",
        "zh": "该网络最多容纳 {most} 个 token，这里有 {got} 个。",
    },
    "tokens-dimensions": {
        "en": "This network takes its tokens as (batch, length), not as {shape}.",
        "zh": "该网络的 token 输入形状应为 (批量, 长度)，而不是 {shape}。",
    },
    "second-input-missing": {
        "en": "This network takes two inputs: the source and the target.",
        "zh": "该网络需要两个输入：源序列与目标序列。",
    },
    "index-beyond-table": {
        "en": "An index lies outside the table it looks up.",
        "zh": "有下标超出了所查表的范围。",
    },
    "class-out-of-range": {
        "en": "A class number must be at least 0 and below the number of classes.",
        "zh": "类别编号须不小于 0 且小于类别数。",
    },
    "too-many-indices": {
        "en": "More indices than the {dim} axes of the tensor.",
        "zh": "下标个数超过张量的 {dim} 维。",
    },
    "slice-step": {
        "en": "A tensor's slice goes forward: its step must be at least 1. Use flip(x, 0).",
        "zh": "张量切片只能向前，步长至少为 1；反转请用 flip(x, 0)。",
    },
    "length-of-scalar": {
        "en": "A single number has no length.",
        "zh": "单个数没有长度。",
    },
    "nothing-to-reduce": {
        "en": "A tensor without elements has no such value.",
        "zh": "没有元素的张量谈不上这个值。",
    },
    "bool-arithmetic": {
        "en": "True and False cannot be subtracted or negated in a tensor; "
        "convert with x.float(), or use logical_not(x).",
        "zh": "张量中的 True 和 False 不能相减或取负；请用 x.float() 转换，或用 logical_not(x)。",
    },
    "spread-of-one": {
        "en": "A spread needs at least two numbers.",
        "zh": "计算离散程度至少要两个数。",
    },
    "condition-tensor": {
        "en": "A condition needs a single value, not a tensor {shape}; use any() or all().",
        "zh": "条件需要单个值，而不是张量 {shape}；请用 any() 或 all()。",
    },
    "condition-layer": {
        "en": "A layer is neither true nor false.",
        "zh": "层没有真假。",
    },
    "operator-unknown": {
        "en": "This operator does not work on tensors.",
        "zh": "张量不支持这个运算符。",
    },
    "operation-impossible": {
        "en": "`{operation}` cannot be computed with these values.",
        "zh": "`{operation}` 无法用这些值计算。",
    },
}
