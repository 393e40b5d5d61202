"""Random expressions: mostly well formed, rarely sensible, sometimes broken on purpose.

Promise: one seed writes the same texts every time. Must not know what the language answers.
"""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable

from engine.library import Function, Library

_SMALL = ("0", "1", "2", "3", "4", "5", "8", "-1", "-2")
_ODD = (
    "7", "64", "1000", "10**6", "2**31", "2**63", "10**12", "-10**9", "9**9**9", "0.5", "1e-8",
    "1e308", "3.7", "-0.0", "nan", "inf", "-inf", "pi", "True", "False", "None", "()", "[]",
    "(1, 3, 8, 8)", "(2, 2)", "[1, 2, 3]", "[[1., 2.], [3., 4.]]", "'same'", "'mean'", "'none'",
    "'paper'", "'no such word'", "float16", "bfloat16", "torch.float64", "int8", "bool",
)  # fmt: skip
_TENSORS = (
    "x", "image", "ids", "zeros(1, 3, 8, 8)", "rand(2, 3)", "randn(4, 8)", "tensor([1., nan])",
    "arange(6)", "ones(0, 3)", "full((2, 2), inf)", "tensor([12., 11.], dtype=float16)",
    "eye(3)", "tensor(2.5)",
)  # fmt: skip
_LAYERS = (
    "m", "net", "Linear(8, 4)", "Conv2d(3, 4, 3)", "ReLU()", "Sequential(Linear(8, 8), Tanh())",
    "LSTM(8, 5)", "BatchNorm2d(3)", "Dropout(0.5)", "Residual(Linear(8, 8))", "Embedding(10, 4)",
    "lenet5()", "Flatten()", "MaxPool2d(2)",
)  # fmt: skip
_BINARY = ("+", "-", "*", "/", "//", "%", "**", "@", "<", "<=", "==", "!=", "and", "or")
_NOISE = "()[]{},.:;*+-/%@=<>!'\"\\`~^&|#$?_ \n\t\0\x1b\x7f\u200b\u202e 9x卷×−（）１，∞é\U0001f600"
_BROKEN = (
    "__import__('os')", "x.__class__", "nn.Module", "lambda: 1", "[i for i in x]", "x := 3",
    "f'{x}'", "*x", "m.weight.data", "print(1)", "open('a')", "x if", "1 2", "def f(): pass",
    "eval('1')", "().__class__", "torch", "nn", "F.", "x..sum()", "getattr(x, 'T')", "1" * 5000,
    "-" * 3000, "(" * 300, "1+" * 4000 + "1", "zeros(1, 10**9) @ zeros(10**9, 1)",
    "zeros(10**5, 1) + zeros(1, 10**5)", "Conv2d(3, 8, 0)", "Conv2d(-3, 8, 1)", "2**2**2**2**9",
)  # fmt: skip

LETS = (
    ("x", "randn(2, 8)"),
    ("image", "randn(1, 3, 8, 8)"),
    ("ids", "tensor([[1, 2, 3]])"),
    ("m", "Linear(8, 4)"),
    ("net", "Sequential(Conv2d(3, 4, 3, padding=1), ReLU(), Flatten(), Linear(256, 2))"),
)
"""What the texts' names are bound to."""


class Writer:
    """Writes texts from one seed."""

    def __init__(self, library: Library, seed: int) -> None:
        self._random = random.Random(seed)
        self._library = library
        self._names = sorted(library)
        self._parameters = {name: _parameters(library[name]) for name in self._names}

    def text(self) -> str:
        """The next text."""
        kind = self._random.random()
        if kind < 0.03:
            return self._random.choice(_BROKEN)
        text = self._call(2) if kind < 0.8 else self._any(3)
        return self._spoiled(text) if kind > 0.92 else text

    def _any(self, depth: int) -> str:
        pick = self._random.random()
        if depth <= 0 or pick < 0.2:
            return self._atom()
        forms: tuple[Callable[[int], str], ...] = (
            self._call, self._call, self._operation, self._method, self._indexed, self._choice,
            self._listed, self._applied,
        )  # fmt: skip
        return self._random.choice(forms)(depth - 1)

    def _atom(self) -> str:
        return self._random.choice(self._random.choice((_SMALL, _SMALL, _ODD, _TENSORS, _LAYERS)))

    def _call(self, depth: int) -> str:
        name = self._random.choice(self._names)
        words: list[str] = []
        for parameter, hint, needed, by_name in self._parameters[name]:
            if not needed and self._random.random() < 0.7:
                continue
            value = self._fitting(hint, depth)
            words.append(f"{parameter}={value}" if by_name or not needed else value)
        if self._random.random() < 0.1:
            words.append(self._any(depth - 1))
        if words and self._random.random() < 0.1:
            words.pop()
        return f"{name}({', '.join(words)})"

    def _fitting(self, hint: str, depth: int) -> str:
        draw = self._random
        if draw.random() < 0.15:
            return self._any(depth - 1)
        for word, values in (
            ("Tensor", _TENSORS), ("Model", _LAYERS), ("Layer", _LAYERS), ("Input", _TENSORS),
            ("Dtype", ("float16", "bfloat16", "float32", "int8")), ("Flag", ("True", "False")),
            ("str", ("'same'", "'mean'", "'none'", "'sum'", "'zeros'", "'adam'")),
        ):  # fmt: skip
            if word in hint:
                return draw.choice(values)
        return draw.choice(_SMALL if draw.random() < 0.8 else _ODD)

    def _operation(self, depth: int) -> str:
        left, right = self._any(depth), self._any(depth)
        sign = self._random.choice(("", "", "-", "not "))
        return f"{sign}({left}) {self._random.choice(_BINARY)} ({right})"

    def _method(self, depth: int) -> str:
        arguments = self._any(depth) if self._random.random() < 0.5 else ""
        return f"({self._any(depth)}).{self._random.choice(self._names)}({arguments})"

    def _indexed(self, depth: int) -> str:
        place = self._random.choice(("0", "-1", ":2", "1:", "::2", ":, 0", "5", "None", "1:0:-1"))
        return f"({self._any(depth)})[{place}]"

    def _choice(self, depth: int) -> str:
        return f"({self._any(depth)} if {self._any(depth)} else {self._any(depth)})"

    def _listed(self, depth: int) -> str:
        parts = ", ".join(self._any(depth) for _ in range(self._random.randrange(4)))
        return self._random.choice((f"[{parts}]", f"({parts},)" if parts else "()"))

    def _applied(self, depth: int) -> str:
        return f"{self._random.choice(_LAYERS)}({self._random.choice(_TENSORS)})[{depth}]"

    def _spoiled(self, text: str) -> str:
        for _ in range(self._random.randrange(1, 4)):
            at = self._random.randrange(len(text) + 1)
            noise = self._random.choice(_NOISE)
            cut = at + self._random.randrange(3)
            text = text[:at] + self._random.choice((noise, "", noise * 2)) + text[cut:]
        return text


def _parameters(function: Function) -> tuple[tuple[str, str, bool, bool], ...]:
    """(name, hint, needed, only by name) of what a person may pass."""
    found = []
    for parameter in inspect.signature(function.call).parameters.values():
        if parameter.name in ("site", "code") or parameter.kind is parameter.VAR_KEYWORD:
            continue
        if function.lazy:
            continue
        hint = str(parameter.annotation)
        if parameter.kind is parameter.VAR_POSITIONAL:
            found += [(parameter.name, hint, True, False)] * 2
        else:
            by_name = parameter.kind is parameter.KEYWORD_ONLY
            needed = parameter.default is parameter.empty
            found.append((parameter.name, hint, needed, by_name))
    return tuple(found)
