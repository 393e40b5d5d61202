"""Messages about data sets, training runs and MNIST's files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "argument-data": {
        "en": "`{argument}` must be a data set such as make_rings(), not {got}.",
        "zh": "`{argument}` 应为数据集，如 make_rings()，而不是 {got}。",
    },
    "argument-run": {
        "en": "`{argument}` must be a training run made by train(...), not {got}.",
        "zh": "`{argument}` 应为 train(...) 得到的训练过程，而不是 {got}。",
    },
    "argument-counts": {
        "en": "`{argument}` must be how many samples each class has, such as (980, 20), not {got}.",
        "zh": "`{argument}` 应为每类的样本数，如 (980, 20)，而不是 {got}。",
    },
    "argument-loss": {
        "en": "`{argument}` must be a loss by its name ({allowed}) or a loss layer, not {got}.",
        "zh": "`{argument}` 应为损失的名字（{allowed}）或一个损失层，而不是 {got}。",
    },
    "loss-no-number": {
        "en": "Training needs one number: take the loss layer without reduction='none'.",
        "zh": "训练需要单个数：损失层不要用 reduction='none'。",
    },
    "loss-needs-classes": {
        "en": "This loss needs classes, and the data has real targets; take 'mse' or 'mae'.",
        "zh": "这个损失需要类别，而数据的目标是实数；请用 'mse' 或 'mae'。",
    },
    "loss-outputs": {
        "en": "Outputs of shape {shape} do not suit {classes} classes and this loss: one output "
        "goes with 'bce' and two classes, one output per class with 'cross_entropy'.",
        "zh": "形状为 {shape} 的输出与 {classes} 个类别和这个损失不配：两类、一个输出用 'bce'；"
        "每类一个输出用 'cross_entropy'。",
    },
    "class-weight": {
        "en": "`{argument}` must be one factor for each class, or 'balanced', not {got}.",
        "zh": "`{argument}` 应为每类一个系数，或 'balanced'，而不是 {got}。",
    },
    "class-weights": {
        "en": "`{argument}` has {got} factors; the data has {expected} classes.",
        "zh": "`{argument}` 有 {got} 个系数，而数据有 {expected} 个类别。",
    },
    "class-weights-by-name": {
        "en": "A loss layer takes its weights itself: CrossEntropyLoss(weight=...).",
        "zh": "损失层自己带权重：CrossEntropyLoss(weight=...)。",
    },
    "steps-or-epochs": {
        "en": "Say how long to train: either steps=200 or epochs=5.",
        "zh": "请说明训练多久：steps=200 或 epochs=5，二者择一。",
    },
    "batch-too-large": {
        "en": "A batch of {got} never fills from {most} samples while drop_last=True.",
        "zh": "只有 {most} 个样本，drop_last=True 时凑不满 {got} 的批次。",
    },
    "nothing-to-train": {
        "en": "The model has no weight that training may change.",
        "zh": "模型没有可训练的权重。",
    },
    "watch-steps": {
        "en": "`{argument}` must be steps in brackets, at most {high} of them: (0, 50, 100).",
        "zh": "`{argument}` 应为括号中的步数，最多 {high} 个，如 (0, 50, 100)。",
    },
    "run-step": {
        "en": "The run has steps 0 to {most}; there is no step {got}.",
        "zh": "这次训练只有第 0 到 {most} 步，没有第 {got} 步。",
    },
    "not-looked-at": {
        "en": "Layers were looked at in steps {steps}, not in step {got}; watch=({got},) would.",
        "zh": "各层只在第 {steps} 步观察过，第 {got} 步没有；可加 watch=({got},)。",
    },
    "augment-data": {
        "en": "'{kind}' does not suit samples of shape {shape}: 'rotate' turns points (N, 2), "
        "'flip' and 'shift' move images (N, C, H, W).",
        "zh": "'{kind}' 不适用于形状为 {shape} 的样本：'rotate' 旋转点 (N, 2)，"
        "'flip' 和 'shift' 移动图像 (N, C, H, W)。",
    },
    "data-without-classes": {
        "en": "This data has real targets and no classes.",
        "zh": "这份数据的目标是实数，没有类别。",
    },
    "data-too-few": {
        "en": "`{argument}` is {got}, but there are only {most} samples.",
        "zh": "`{argument}` 为 {got}，但只有 {most} 个样本。",
    },
    "data-differ": {
        "en": "The two data sets are not of one kind: samples {a} and {b}.",
        "zh": "两份数据不是同一种：样本分别为 {a} 和 {b}。",
    },
    "mnist-no-folder": {
        "en": "MNIST's files are read from the folder named by the environment variable "
        "{variable}, which is not set; make_digits() needs no files.",
        "zh": "MNIST 的文件要从环境变量 {variable} 指定的文件夹读取，而它没有设置；"
        "make_digits() 不需要文件。",
    },
    "mnist-missing": {
        "en": "{file} (or {file}.gz) is not in the folder named by {variable}.",
        "zh": "{variable} 指定的文件夹里没有 {file}（或 {file}.gz）。",
    },
    "mnist-broken": {
        "en": "{file} is no whole MNIST file: its header and its length do not agree.",
        "zh": "{file} 不是完整的 MNIST 文件：文件头与长度不符。",
    },
    "mnist-unreadable": {
        "en": "{file} cannot be read ({reason}).",
        "zh": "无法读取 {file}（{reason}）。",
    },
}
