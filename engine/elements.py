"""What belongs to the language and is no function: operators, constants, dtypes, dots, `let`.

Promise: plain text in every language of the interface; each example is run by a test. Must not
import torch and must not evaluate anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.documented import Example
from engine.grammar import DTYPES


@dataclass(frozen=True, slots=True)
class Element:
    """One element: how it is written (the first name is shown), and what it means."""

    names: tuple[str, ...]
    usage: str
    en: str
    zh: str
    examples: tuple[Example, ...] = ()

    def line(self, language: str) -> str:
        """What it means, in the language asked for."""
        return self.zh if language == "zh" else self.en


def _element(names: str, usage: str, en: str, zh: str, *examples: str) -> Element:
    pairs = [example.rpartition(" -> ") for example in examples]
    read = tuple(Example(expression, value) for expression, _, value in pairs)
    return Element(tuple(names.split()), usage, en, zh, read)


_OPERATORS: Final = (
    _element(
        "+", "x + y",
        "Sum of numbers or, element by element, of tensors; joins two tuples. A sign too: +x.",
        "数相加，张量逐元素相加；也能连接两个元组。也可作正号：+x。",
        "1 + 2.5 -> 3.5", "(1, 3) + (32, 32) -> (1, 3, 32, 32)",
    ),
    _element(
        "-", "x - y, -x", "Difference of numbers or tensors; the negative of one.",
        "数或张量相减；写在前面表示取负。", "3 - 5 -> -2",
    ),
    _element(
        "*", "x * y",
        "Product of numbers; of tensors element by element; repeats a tuple.",
        "数相乘，张量逐元素相乘；元组乘整数表示重复。",
        "3 * 3 * 64 -> 576", "(2,) * 3 -> (2, 2, 2)",
    ),
    _element(
        "/", "x / y",
        "Quotient, always real. A plain number divided by 0 is refused; a tensor gives inf or nan.",
        "商，结果总是实数。普通数除以 0 会被拒绝；张量除以 0 得 inf 或 nan。",
        "7 / 2 -> 3.5", "tensor([1., 0.]) / 0 -> tensor([inf, nan], dtype=float32)",
    ),
    _element(
        "//", "x // y", "Quotient rounded down to a whole number.", "商向下取整。",
        "7 // 2 -> 3", "-7 // 2 -> -4",
    ),
    _element(
        "%", "x % y", "What x // y leaves over; it has the sign of y.",
        "x // y 的余数，符号与 y 相同。", "7 % 3 -> 1", "-7 % 3 -> 2",
    ),
    _element(
        "**", "x ** y",
        "x to the power of y. `^` is no power here: it is refused with this mend.",
        "x 的 y 次方。这里 `^` 不是乘方，会被拒绝并提示改用 `**`。",
        "2 ** 10 -> 1024", "2 ** 0.5 -> 1.4142135623730951",
    ),
    _element(
        "@", "x @ y",
        "Matrix product: (n, k) @ (k, m) gives (n, m); further axes in front are broadcast.",
        "矩阵乘法：(n, k) @ (k, m) 得 (n, m)；前面的轴按广播规则对齐。",
        "shape(ones(2, 3) @ ones(3, 5)) -> (2, 5)",
    ),
    _element(
        "== !=", "x == y",
        "Whether two values are equal, or differ; tensors are compared element by element.",
        "两个值是否相等（或不等）；张量逐元素比较。",
        "(1, 2) == (1, 2) -> True", "tensor([1, 2]) == 2 -> tensor([False, True], dtype=bool)",
    ),
    _element(
        "< <= > >=", "x < y", "Order of numbers; of tensors element by element. May be chained.",
        "比较大小；张量逐元素比较。可以连写。", "1 < 2 <= 2 -> True",
    ),
    _element(
        "and or not", "a and b, a or b, not a",
        "Conditions joined or negated. What the first part decides is not computed any further.",
        "连接条件或取反。前一部分已能决定结果时，后面不再计算。",
        "1 < 2 and not 3 < 2 -> True",
    ),
    _element(
        "if else", "a if condition else b",
        "One of two values; only the chosen one is computed.",
        "按条件二选一；只计算被选中的那个。", "64 if 3 > 2 else 128 -> 64",
    ),
)  # fmt: skip

_WRITING: Final = (
    _element(
        "() []", "(1, 3, 32, 32), [1., 2.]",
        "Tuples and lists are the same: shapes, arguments, the numbers of a tensor.",
        "元组和列表是一回事：用来写形状、参数或张量的各个数。",
        "[1, 3] == (1, 3) -> True", "(5,) -> (5,)",
    ),
    _element(
        "[i] [:] [a:b] [...]", "x[0], x[1:3], x[::2], x[:, 0], x[..., 0]",
        "Parts of a tuple or tensor, counted from 0, -1 being the last; a:b leaves b out. "
        "Within a tensor's, ... stands for all axes not named.",
        "取元组或张量的一部分，从 0 数起，-1 是最后一个；a:b 不含 b。"
        "张量的下标里，... 代表没有写出的所有维。",
        "shape(zeros(1, 3, 32, 30))[-1] -> 30", "arange(6)[1:5:2] -> tensor([1, 3], dtype=int64)",
    ),
    _element(
        "prefix torch. nn. F. optim.", "torch.nn.Conv2d, F.relu",
        "Prefixes of PyTorch may stand before a listed name and are dropped: torch., torch.nn., "
        "nn., torch.nn.functional., F., torch.optim., optim. Lines of PyTorch can be pasted.",
        "列出的名字前可以带 PyTorch 的前缀，会被忽略：torch.、torch.nn.、nn.、"
        "torch.nn.functional.、F.、torch.optim.、optim.。PyTorch 代码可以直接粘贴。",
        "torch.nn.functional.relu(-2.0) -> 0.0",
    ),
    _element(
        ". method", "x.sum(), m.parameters()",
        "A dot calls a listed function on the value before it: x.sum(dim=0) is sum(x, dim=0).",
        "点号对前面的值调用列出的函数：x.sum(dim=0) 就是 sum(x, dim=0)。",
        "arange(5).sum().item() -> 10",
    ),
    _element(
        ".shape", "x.shape", "The sizes of a tensor along its axes, a tuple: shape(x).",
        "张量各轴的大小，是一个元组，等于 shape(x)。", "zeros(2, 3).shape -> (2, 3)",
    ),
    _element(
        ".T", "x.T", "A matrix with its two axes exchanged: transpose(x).",
        "矩阵转置，等于 transpose(x)。", "zeros(2, 3).T.shape -> (3, 2)",
    ),
    _element(
        "call m(x)", "nn.Conv2d(3, 8, 3)(x), m(x)",
        "A layer or model is called on an input. Its weights are random, drawn by the seed.",
        "把层或模型作用于输入。权重随机，由种子决定。",
        "shape(nn.Conv2d(3, 8, 3)(zeros(1, 3, 32, 32))) -> (1, 8, 30, 30)",
    ),
    _element(
        "let", 'gradus measure --let "m=nn.Linear(10, 2)" "parameters(m)"',
        "A name for a value: evaluated once, in order; later names see earlier ones. A model that "
        "has a name keeps its weights wherever the name stands. No listed name may be taken.",
        "给值起名：按顺序各求值一次，后面的名字能用前面的。起了名的模型，处处用同一套权重。"
        "不能占用列出的名字。",
    ),
    _element(
        "seed", "randn(3, seed=1), gradus measure --seed 1 EXPR",
        "Random calls and weights follow from the seed of the measurement and from where the call "
        "stands, so every measurement can be repeated.",
        "随机调用和权重由测量的种子及调用所在的位置决定，所以每次测量都能重现。",
        "equal(rand(3, seed=1), rand(3, seed=1)) -> True",
    ),
    _element(
        "unevaluated", "gradient(x ** 2, x), code(m)",
        "Some functions take the expression itself, not its value: gradient, code and others that "
        "say so. They may evaluate it several times.",
        "有些函数拿到的是表达式本身而不是它的值，例如 gradient 和 code；它们可能多次求值。",
        "code(nn.Linear(10, 2)) -> nn.Linear(10, 2)",
    ),
    _element(
        "combinator combinators", "Sequential, Residual, Parallel, Repeat",
        "Layers made of layers. Sequential is PyTorch's; Residual(body, shortcut), "
        "Parallel(a, b, dim=1) and Repeat(n, layer) are Gradus's own.",
        "由层组成的层。Sequential 是 PyTorch 的；Residual(body, shortcut)、"
        "Parallel(a, b, dim=1) 和 Repeat(n, layer) 是 Gradus 自己的。",
        "parameters(Repeat(3, nn.Linear(4, 4))) -> 60",
    ),
    _element(
        "text ' \"", "padding='same'",
        "A text in quotes may stand only as an argument, in a comparison, or chosen by `if`.",
        "引号中的文本只能作为参数、参与比较，或由 `if` 选取。",
        "output_shape(nn.Conv2d(3, 8, 3, padding='same'), (1, 3, 9, 9)) -> (1, 8, 9, 9)",
    ),
)  # fmt: skip

_CONSTANTS: Final = (
    _element("True False", "bias=False", "The two truth values; they count as 1 and 0.",
             "真与假两个值，分别当作 1 和 0。", "True + True -> 2"),
    _element("None", "dtype=None", "No value: an argument left to its own rule.",
             "没有值：参数按它自己的规则取。", "None == None -> True"),
    _element("nan", "nan", "Not a number; it is equal to nothing, itself included.",
             "非数；它不等于任何值，包括自己。", "isnan(nan) -> True", "nan == nan -> False"),
    _element("inf", "inf, -inf", "Infinity.", "无穷大。", "inf > largest(float64) -> True"),
    _element("pi", "pi", "The circle's circumference by its diameter.", "圆周率。",
             "pi -> 3.141592653589793"),
)  # fmt: skip

_DTYPE_LINES: Final = {
    "float64": ("Real numbers of 64 bits, 53 of them significant; plain numbers are computed so.",
                "64 位实数，有效位 53 位；普通数就按它计算。"),
    "float32": ("Real numbers of 32 bits, 24 of them significant: PyTorch's default.",
                "32 位实数，有效位 24 位，是 PyTorch 的默认类型。"),
    "float16": ("Real numbers of 16 bits, 11 of them significant; the largest is 65504.",
                "16 位实数（半精度），有效位 11 位，最大 65504。"),
    "bfloat16": ("Real numbers of 16 bits, 8 of them significant, with the range of float32.",
                 "16 位实数，有效位只有 8 位，范围与 float32 相同。"),
    "int64": ("Whole numbers of 64 bits, PyTorch's default for them; classes and indices.",
              "64 位整数，是 PyTorch 整数的默认类型，用于类别和下标。"),
    "int32": ("Whole numbers of 32 bits.", "32 位整数。"),
    "int16": ("Whole numbers of 16 bits, -32768 to 32767.", "16 位整数，-32768 至 32767。"),
    "int8": ("Whole numbers of 8 bits, -128 to 127, as in quantised weights.",
             "8 位整数，-128 至 127，常用于量化后的权重。"),
    "uint8": ("Whole numbers of 8 bits, 0 to 255, as in images.",
              "8 位无符号整数，0 至 255，常用于图像。"),
    "bool": ("True or False, one byte each in memory.", "真或假，在内存中各占一个字节。"),
}  # fmt: skip
_LARGEST: Final = {
    "float64": "1.7976931348623157e+308", "float32": "3.4028234663852886e+38",
    "float16": "65504.0", "bfloat16": "3.3895313892515355e+38",
    "int64": "9223372036854775807", "int32": "2147483647", "int16": "32767", "int8": "127",
    "uint8": "255", "bool": "True",
}  # fmt: skip

_DTYPES: Final = tuple(
    _element(name, f"dtype=torch.{name}", *_DTYPE_LINES[name],
             f"largest({name}) -> {_LARGEST[name]}")
    for name in DTYPES
)  # fmt: skip

ELEMENTS: Final[dict[str, tuple[Element, ...]]] = {
    "operators": _OPERATORS,
    "writing": _WRITING,
    "constants": _CONSTANTS,
    "dtypes": _DTYPES,
}
"""By subject."""


def element(name: str) -> Element | None:
    """The element written so."""
    for elements in ELEMENTS.values():
        for candidate in elements:
            if name in candidate.names:
                return candidate
    return None
