"""Units and number words a person may write after a number, in English and Chinese.

Promise: `unit_named` knows every unit that an exercise, a figure or an answer may use. Scales are
exact fractions of the dimension's base (bytes, seconds, operations). MACs and FLOPs measure the
same thing and are different units: one MAC is two operations. Must not read numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, its size in that dimension's base, and its own scale.

    `factor` converts between units of one dimension (a MAC is two operations); `scale` is only
    the prefix: what one GFLOP is in FLOPs, one MiB in bytes, one ms in seconds.
    """

    dimension: str
    factor: Fraction
    scale: Fraction
    base: str


COUNT = "count"
MEMORY = "memory"
WORK = "work"
TIME = "time"
SHARE = "share"

SCALES: dict[str, Fraction] = {
    "k": Fraction(10**3),
    "m": Fraction(10**6),
    "g": Fraction(10**9),
    "b": Fraction(10**9),
    "bn": Fraction(10**9),
    "t": Fraction(10**12),
    "p": Fraction(10**15),
    "thousand": Fraction(10**3),
    "million": Fraction(10**6),
    "millions": Fraction(10**6),
    "mio": Fraction(10**6),
    "billion": Fraction(10**9),
    "billions": Fraction(10**9),
    "trillion": Fraction(10**12),
    "百": Fraction(10**2),
    "千": Fraction(10**3),
    "万": Fraction(10**4),
    "萬": Fraction(10**4),
    "十万": Fraction(10**5),
    "百万": Fraction(10**6),
    "千万": Fraction(10**7),
    "亿": Fraction(10**8),
    "億": Fraction(10**8),
    "十亿": Fraction(10**9),
    "百亿": Fraction(10**10),
    "千亿": Fraction(10**11),
    "万亿": Fraction(10**12),
}
"""Number words and suffixes, folded to lower case."""

BINARY_SCALES: dict[str, Fraction] = {
    f"{letter}i": Fraction(1024 ** (n + 1)) for n, letter in enumerate("kmgtp")
}

_BASES: dict[str, tuple[str, Fraction, tuple[str, ...]]] = {
    "byte": (MEMORY, Fraction(1), ("b", "byte", "bytes", "字节", "个字节")),
    "bit": (MEMORY, Fraction(1, 8), ("bit", "bits", "比特", "位")),
    "MAC": (
        WORK,
        Fraction(2),
        (
            "mac",
            "macs",
            "madd",
            "madds",
            "multadds",
            "multiply-accumulates",
            "multiply-adds",
            "次乘加",
            "乘加",
            "次乘加运算",
            "乘加运算",
            "个mac",
            "次mac",
        ),
    ),
    "FLOP": (
        WORK,
        Fraction(1),
        (
            "flop",
            "flops",
            "op",
            "ops",
            "operation",
            "operations",
            "次浮点运算",
            "浮点运算",
            "次运算",
            "次操作",
            "次flop",
            "个flop",
            "浮点运算次数",
        ),
    ),
    "second": (TIME, Fraction(1), ("s", "sec", "secs", "second", "seconds", "秒", "秒钟")),
    "percent": (SHARE, Fraction(1, 100), ("%", "percent", "per cent", "个百分点")),
    "permille": (SHARE, Fraction(1, 1000), ("‰",)),
}
_NAMED: dict[str, tuple[str, Fraction]] = {
    "ms": ("second", Fraction(1, 1000)),
    "毫秒": ("second", Fraction(1, 1000)),
    "us": ("second", Fraction(1, 10**6)),
    "µs": ("second", Fraction(1, 10**6)),
    "μs": ("second", Fraction(1, 10**6)),
    "微秒": ("second", Fraction(1, 10**6)),
    "ns": ("second", Fraction(1, 10**9)),
    "min": ("second", Fraction(60)),
    "minutes": ("second", Fraction(60)),
    "分钟": ("second", Fraction(60)),
    "h": ("second", Fraction(3600)),
    "hours": ("second", Fraction(3600)),
    "小时": ("second", Fraction(3600)),
    "千字节": ("byte", Fraction(10**3)),
    "兆字节": ("byte", Fraction(10**6)),
    "吉字节": ("byte", Fraction(10**9)),
}
for _n, _word in enumerate(("kilo", "mega", "giga", "tera")):
    for _plural in ("byte", "bytes"):
        _NAMED[_word + _plural] = ("byte", Fraction(1000 ** (_n + 1)))
        _NAMED[_word[:2] + "bi" + _plural] = ("byte", Fraction(1024 ** (_n + 1)))
_COUNTED_WORDS = """
parameter parameters param params weight weights bias biases neuron neurons unit units element
elements entry entries value values number numbers pixel pixels px channel channels connection
connections activation activations layer layers step steps time times kernel kernels filter filters
position positions multiplication multiplications multiply multiplies addition additions adds map
maps head heads token tokens epoch epochs sample samples class classes image images batch batches
example examples feature features logit logits learnable-parameters trainable-parameters
weights-and-biases
个 次 层 步 轮 批 类 倍 参数 个参数 权重 个权重 偏置 个偏置 神经元 个神经元 单元 个单元 元素 个元素
像素 个像素 通道 个通道 连接 个连接 条连接 激活 个激活 激活值 个激活值 核 个核 卷积核 个卷积核
个滤波器 个位置 次乘法 次加法 乘法 加法 个数 张特征图 个特征图 个头 个词元 个样本 个类别 张图 张
个特征 个可学习参数 个可训练参数 可学习参数 可训练参数
"""
_COUNTED = frozenset(_COUNTED_WORDS.split())
_CLASSIFIERS = frozenset("个次张层轮步")
"""What Chinese puts between a number and what is counted, English words too: `12 个 token`."""
_BASE_OF = {word: base for base, (_, _, words) in _BASES.items() for word in words}
_PLAIN = Unit(COUNT, Fraction(1), Fraction(1), "")


@lru_cache(maxsize=512)
def unit_named(name: str) -> Unit | None:
    """The unit of that name, prefix included (`MiB`, `GFLOPs`, `亿次乘加`, `params`), or None."""
    folded = " ".join(name.split()).casefold()
    if found := _unprefixed(folded):
        return found
    for size in range(min(9, len(folded)), 0, -1):
        prefix, rest = folded[:size].rstrip(" "), folded[size:].lstrip(" -")
        base = _unprefixed(rest) if rest else None
        if base is None:
            continue
        if prefix in SCALES and not (prefix == "b" and base.dimension == MEMORY):
            scale = SCALES[prefix]
        elif prefix in BINARY_SCALES:
            scale = BINARY_SCALES[prefix]
        else:
            continue
        return Unit(base.dimension, base.factor * scale, base.scale * scale, base.base)
    return None


def _unprefixed(folded: str) -> Unit | None:
    if folded in _NAMED:
        base, scale = _NAMED[folded]
        dimension, factor, _ = _BASES[base]
        return Unit(dimension, factor * scale, scale, base)
    if folded in _BASE_OF:
        base = _BASE_OF[folded]
        dimension, factor, _ = _BASES[base]
        scale = factor if dimension == SHARE else Fraction(1)
        return Unit(dimension, factor, scale, base)
    if folded in _COUNTED or folded.replace(" ", "-") in _COUNTED:
        return _PLAIN
    if folded[:1] in _CLASSIFIERS and folded[1:].isascii():
        return _unprefixed(folded[1:].lstrip(" "))
    return None
