"""Messages of the runtime: layers, tensors, functions and measures."""

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
    "too-many-modules": {
        "en": "A model of {got} modules; at most {high} are allowed.",
        "zh": "模型有 {got} 个模块，最多允许 {high} 个。",
    },
    "too-many-parameters": {
        "en": "A model of {got} parameters; at most {high} are allowed.",
        "zh": "模型有 {got} 个参数，最多允许 {high} 个。",
    },
    "too-many-weights": {
        "en": "{got} weights would have to be made to compute values; at most {high} are. "
        "Structure (parameters, output_shape, macs) can be measured at any size.",
        "zh": "计算数值需要生成 {got} 个权重，最多 {high} 个；"
        "结构（parameters、output_shape、macs）则不限大小。",
    },
    "channels-differ": {
        "en": "The input {shape} has {got} channels; the layer expects {expected}.",
        "zh": "输入 {shape} 有 {got} 个通道，该层需要 {expected} 个。",
    },
    "features-differ": {
        "en": "The layer expects {expected} features; the input has {got}.",
        "zh": "该层需要 {expected} 个特征，输入有 {got} 个。",
    },
    "normalized-shape": {
        "en": "The last axes of the input {shape} must be {expected}.",
        "zh": "输入 {shape} 的最后几维须为 {expected}。",
    },
    "input-dimensions": {
        "en": "The input {shape} has the wrong number of axes; {expected} are needed "
        "(batch and channels come first).",
        "zh": "输入 {shape} 的维数不对，应为 {expected} 维（批量与通道在前）。",
    },
    "weight-dimensions": {
        "en": "`weight` {shape} needs {expected} axes: (out, in, kernel...).",
        "zh": "`weight` {shape} 应有 {expected} 维：(输出, 输入, 卷积核...)。",
    },
    "kernel-larger-than-input": {
        "en": "The kernel {kernel} is larger than the (padded) input {input}.",
        "zh": "卷积核 {kernel} 比（填充后的）输入 {input} 还大。",
    },
    "output-too-small": {
        "en": "The output would have no element: the window is larger than the input.",
        "zh": "输出将没有任何元素：窗口比输入大。",
    },
    "input-does-not-fit": {
        "en": "A layer of this model cannot take what reaches it: {shape}.",
        "zh": "模型中有一层接受不了到达它的输入：{shape}。",
    },
    "residual-shapes": {
        "en": "The two paths of a Residual must agree: the body gives {body}, "
        "the shortcut {shortcut}.",
        "zh": "Residual 的两条路径形状须一致：主路 {body}，捷径 {shortcut}。",
    },
    "branch-shapes": {
        "en": "The branches of a Parallel may differ along axis {dim} only: {a} and {b}.",
        "zh": "Parallel 的各分支只能在第 {dim} 维不同：{a} 与 {b}。",
    },
    "layer-without-input": {
        "en": "A layer is called on a tensor: `m(x)`.",
        "zh": "层要作用在张量上：`m(x)`。",
    },
    "layer-without-weight": {
        "en": "{layer} has no weight of its own.",
        "zh": "{layer} 自身没有权重。",
    },
    "mlp-sizes": {
        "en": "mlp takes 2 to 200 sizes, from the inputs to the outputs: mlp(784, 500, 10).",
        "zh": "mlp 需要 2 到 200 个大小，从输入到输出：mlp(784, 500, 10)。",
    },
    "no-parts": {
        "en": "Only a Sequential has layers by number; `{value}` has not.",
        "zh": "只有 Sequential 可以按编号取层，`{value}` 不行。",
    },
    "part-unknown": {
        "en": "There is no part `{name}`; there are {names}.",
        "zh": "没有名为 `{name}` 的部分，可选 {names}。",
    },
    "layer-not-counted": {
        "en": "Exact operations of {layer} are not counted; macs() counts its products.",
        "zh": "不统计 {layer} 的精确运算次数；可用 macs() 统计其乘加。",
    },
    "field-everything": {
        "en": "An output of {layer} sees the whole input, so it has no receptive field of its own. "
        "Ask for the part before it.",
        "zh": "{layer} 的输出看得到整个输入，谈不上感受野；请只问它之前的部分。",
    },
    "nothing-moved": {
        "en": "Nothing is read or written here, so there is no FLOPs per byte.",
        "zh": "这里没有读写任何字节，谈不上每字节多少次运算。",
    },
    "nothing-counted": {
        "en": "The forward pass has no multiply-accumulate, so there is no ratio to it.",
        "zh": "前向传播没有乘加运算，谈不上与它的比值。",
    },
    "layer-not-kept": {
        "en": "What {layer} keep for the backward pass depends on the device's library; "
        "it is not counted.",
        "zh": "{layer} 为反向传播保留多少，取决于设备所用的库，这里不统计。",
    },
    "no-activation": {
        "en": "{layer} holds no activation layer of the kind this measure looks at.",
        "zh": "{layer} 中没有这项测量所看的那类激活层。",
    },
    "field-enlarged": {
        "en": "{layer} makes larger maps, whose outputs do not all see equally many pixels; "
        "ask for the part before it.",
        "zh": "{layer} 会放大特征图，其各个输出看到的像素数不一；请只问它之前的部分。",
    },
    "field-dimensions": {
        "en": "Layers for different numbers of directions cannot follow each other.",
        "zh": "处理不同维数的层不能首尾相接。",
    },
    "field-strides": {
        "en": "The branches have different strides, so the receptive field is not one number.",
        "zh": "各分支步幅不同，感受野不是一个确定的数。",
    },
    "input-dtype": {
        "en": "{layer} has {b} weights, but the input is {a}. For whole numbers write 1. "
        "instead of 1; otherwise convert with x.to({b}).",
        "zh": "{layer} 的权重是 {b}，输入却是 {a}。整数请写成 1. 而不是 1，或用 x.to({b}) 转换。",
    },
    "embedding-dtype": {
        "en": "An Embedding looks up whole numbers (int64), not {a}.",
        "zh": "Embedding 按整数（int64）查表，而不是 {a}。",
    },
    "argument-unsupported": {
        "en": "`{argument}` is not supported here; leave it out.",
        "zh": "这里不支持 `{argument}`，请去掉。",
    },
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
    "dim-out-of-range": {
        "en": "Axis {got} does not exist; axes go from {low} to {high}.",
        "zh": "没有第 {got} 维，可选 {low} 到 {high}。",
    },
    "index-out-of-range": {
        "en": "Index {index} lies outside axis {dim} of size {size}.",
        "zh": "下标 {index} 超出第 {dim} 维的大小 {size}。",
    },
    "sequence-too-long": {
        "en": "This network has places for {most} tokens; there are {got}.",
        "zh": "该网络最多容纳 {most} 个词元，这里有 {got} 个。",
    },
    "tokens-dimensions": {
        "en": "This network takes its tokens as (batch, length), not as {shape}.",
        "zh": "该网络的词元输入形状应为 (批量, 长度)，而不是 {shape}。",
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
    "gradient-arguments": {
        "en": "gradient takes an expression and the name to differentiate by: "
        "gradient((x * x).sum(), x).",
        "zh": "gradient 需要一个表达式和求导的名字：gradient((x * x).sum(), x)。",
    },
    "gradient-by-name": {
        "en": "A gradient is taken by the name of a number, a tensor or a model, or by weight_of(m).",
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
        "en": "`{argument}` must be 1 to {high} schedules in brackets, none of them a SequentialLR.",
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
        "zh": "trajectory 需要表达式、起点、优化器和步数：trajectory(x * x, 1.0, SGD(lr=0.1), 20)。",
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
"""By code; `{name}` is a detail of the failure."""
