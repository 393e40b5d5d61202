"""Messages about answers that are programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "answer-not-layer": {
        "en": "A layer is asked for, such as Conv2d(3, 16, 3) or Sequential(...); this gives "
        "{got}.",
        "zh": "这里要写一个层，例如 Conv2d(3, 16, 3) 或 Sequential(...)；你写的结果是{got}。",
    },
    "answer-not-tensor": {
        "en": "A tensor is asked for; this gives {got}.",
        "zh": "这里要的是张量，你写的结果是{got}。",
    },
    "function-not-allowed": {
        "en": "`{name}` is not to be used here. Allowed are {allowed}, and operators.",
        "zh": "这里不能用 `{name}`。可以用 {allowed}，以及各种运算符。",
    },
    "formula-function": {
        "en": "`{name}` cannot stand in a formula. Use + - * / // % ^ and {allowed}.",
        "zh": "公式里不能用 `{name}`。可以用 + - * / // % ^ 以及 {allowed}。",
    },
    "formula-name": {
        "en": "The formula does not know `{name}`. Its symbols are {known}.",
        "zh": "公式里没有 `{name}` 这个符号。可用的符号是 {known}。",
    },
    "times-missing": {
        "en": "Write the multiplication out: {meant}.",
        "zh": "乘号不能省略，请写成 {meant}。",
    },
    "formula-not-number": {
        "en": "A formula gives one number; this gives {got}.",
        "zh": "公式的结果应是一个数，你写的结果是{got}。",
    },
    "answer-too-long": {
        "en": "That is too long to read: at most {limit} characters.",
        "zh": "太长了，最多读取 {limit} 个字符。",
    },
}
