"""The words and numbers of pictures, in both languages.

Promise: every number has a form, NaN and infinities too. Must not lay anything out.
"""

from __future__ import annotations

import math
from typing import Final

from content.text.clean import clean_line
from content.text.numbers import significant

_WORDS: Final[dict[str, dict[str, str]]] = {
    "@training": {"en": "training", "zh": "训练"},
    "@validation": {"en": "validation", "zh": "验证"},
    "@step": {"en": "step", "zh": "步"},
    "@loss": {"en": "loss", "zh": "损失"},
    "input": {"en": "input", "zh": "输入"},
    "kernel": {"en": "kernel", "zh": "卷积核"},
    "output": {"en": "output", "zh": "输出"},
    "window": {"en": "window", "zh": "窗口"},
    "stride": {"en": "stride {n}", "zh": "步幅 {n}"},
    "padding": {"en": "padding {n}", "zh": "填充 {n}"},
    "dilation": {"en": "dilation {n}", "zh": "膨胀率 {n}"},
    "step-of": {"en": "window {n} of {all}", "zh": "第 {n} 个窗口，共 {all} 个"},
    "windows": {"en": "{all} windows", "zh": "共 {all} 个窗口"},
    "gives": {"en": "gives {value}", "zh": "得 {value}"},
    "max": {"en": "maximum", "zh": "取最大值"},
    "average": {"en": "average", "zh": "取平均值"},
    "counted": {
        "en": "a digit: how many windows hold the cell",
        "zh": "数字：有几个窗口盖住这一格",
    },
    "under": {"en": "under the window", "zh": "窗口盖住"},
    "padded": {"en": "padding", "zh": "填充"},
    "scale": {"en": "a cell is {n}×{n} pixels", "zh": "一格代表 {n}×{n} 个像素"},
    "path": {"en": "path: {start} start, {mark} steps, {end} end",
             "zh": "路径：{start} 起点，{mark} 各步，{end} 终点"},
    "outside": {"en": "{n} points of the path lie outside", "zh": "路径有 {n} 个点在图外"},
    "averaged": {"en": "each cell averages {rows}×{columns}",
                 "zh": "每格是 {rows}×{columns} 个数的平均"},
    "log-from": {"en": "bars by powers of ten, from {low}", "zh": "柱长按 10 的幂，从 {low} 起"},
    "no-value": {"en": "{name}: {kind} at {x}", "zh": "{name}：{x} 处为 {kind}"},
    "no-value-from": {"en": "{name}: {kind} from {x} on", "zh": "{name}：从 {x} 起为 {kind}"},
    "no-value-to": {"en": "{name}: {kind} from {x} to {end}",
                    "zh": "{name}：从 {x} 到 {end} 为 {kind}"},
    "no-value-often": {"en": "{name}: {kind} at {x} and {n} points in all",
                       "zh": "{name}：{x} 处为 {kind}，共 {n} 个点没有有限值"},
    "not-above-zero": {"en": "{name}: not above 0 at {n} points",
                       "zh": "{name}：有 {n} 个点不大于 0"},
    "nothing": {"en": "no finite value to draw", "zh": "没有可画的有限值"},
    "drawing": {"en": "A drawing without words.", "zh": "一幅没有文字的图。"},
    "drawing-of": {"en": "A drawing; in reading order: {names}.",
                   "zh": "一幅图，按阅读顺序：{names}。"},
    "quote": {"en": "Quotation:", "zh": "引文："},
    "more": {"en": "… {n} more", "zh": "……还有 {n} 个"},
    "at": {"en": "{y} at {x}", "zh": "{x} 处为 {y}"},
    "rising": {"en": "rising", "zh": "一直上升"},
    "falling": {"en": "falling", "zh": "一直下降"},
    "constant": {"en": "constant", "zh": "保持不变"},
    "rising-overall": {"en": "rising overall", "zh": "总体上升"},
    "falling-overall": {"en": "falling overall", "zh": "总体下降"},
    "level-overall": {"en": "ending as it began", "zh": "首尾相同"},
    "highest": {"en": "highest {y} at {x}", "zh": "最高 {y}（{x} 处）"},
    "lowest": {"en": "lowest {y} at {x}", "zh": "最低 {y}（{x} 处）"},
    "range": {"en": "{low} to {high}", "zh": "{low} 到 {high}"},
    "path-told": {"en": "path of {n} points from {start} to {end}",
                  "zh": "路径有 {n} 个点，从 {start} 到 {end}"},
    "empty": {"en": "nothing to draw", "zh": "没有内容可画"},
}  # fmt: skip


def word(key: str, language: str, /, **details: object) -> str:
    """The word of that name."""
    texts = _WORDS[key]
    return texts.get(language, texts["en"]).format(**details)


def label(text: str, language: str) -> str:
    """A label; one that begins with a word's name in that language."""
    text = clean_line(text)
    first, space, rest = text.partition(" ")
    return (
        word(first, language) + space + rest if first.startswith("@") and first in _WORDS else text
    )


def number(value: float, digits: int = 3) -> str:
    """In few digits: `0.018`, `1,790`, `3.4×10³⁸`, `nan`, `−inf`."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "−inf"
    if float(value).is_integer() and abs(value) < 1e5:
        return f"{int(value):,}".replace("-", "−")
    return significant(value, digits)


def short(value: float) -> str:
    """A number in few characters, for a cell."""
    if not math.isfinite(value):
        return number(value)
    if value == 0:
        return "0"
    if float(value).is_integer() and abs(value) < 1e4:
        return f"{int(value)}".replace("-", "−")
    if 0.01 <= abs(value) < 100:
        return f"{value:.2f}".replace("-", "−")
    return f"{value:.2g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")


def plain_signs(text: str) -> str:
    """The text with the signs that numbers and axes use in ASCII."""
    return text.translate(_ASCII) if not text.isascii() else text


_ASCII: Final = str.maketrans(
    {"−": "-", "×": "x", "…": "~", "·": ".", "⁻": "-"}
    | {c: str(n) for n, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
)
