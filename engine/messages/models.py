"""Messages about layers, models and what is measured of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
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
}
