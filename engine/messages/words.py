"""Words that messages share: kinds of values, and what to say of a code that has no message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "number": {"en": "a number", "zh": "数"},
    "text": {"en": "a text", "zh": "文本"},
    "tuple": {"en": "a tuple", "zh": "元组"},
    "dtype": {"en": "a dtype", "zh": "数据类型"},
    "slice": {"en": "a slice", "zh": "切片"},
    "none": {"en": "None", "zh": "None"},
    "tensor": {"en": "a tensor", "zh": "张量"},
    "layer": {"en": "a layer", "zh": "层"},
    "picture": {"en": "a picture", "zh": "图"},
    "value": {"en": "a value of another kind", "zh": "其他类型的值"},
}
"""Written as a detail "@number"."""

NEAREST: Final[Mapping[str, str]] = {
    "en": " Did you mean `{nearest}`?",
    "zh": "是不是想写 `{nearest}`？",
}

KIND_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "expression": {
        "en": "This expression cannot be evaluated.",
        "zh": "无法计算这个表达式。",
    },
    "limit": {"en": "This is larger than the engine allows.", "zh": "超出了引擎允许的大小。"},
    "timeout": {"en": "This took too long and was stopped.", "zh": "耗时过长，已停止。"},
    "memory": {"en": "There was not enough memory for this.", "zh": "内存不足，无法完成。"},
    "crash": {"en": "The engine failed.", "zh": "引擎出错了。"},
    "cancelled": {"en": "This was cancelled.", "zh": "已取消。"},
}
"""By kind of failure."""
