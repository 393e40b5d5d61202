"""Torch's own errors, rewritten for a person.

Promise: no text of torch leaves this module; `translated` finds what went wrong in it and
answers with a message code and its figures. Must not evaluate anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from engine.protocol import FailureKind
from engine.refusal import Refused, over_limit, refused

_TYPES: Final = {
    "Float": "float32",
    "Double": "float64",
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Long": "int64",
    "Int": "int32",
    "Short": "int16",
    "Char": "int8",
    "Byte": "uint8",
    "Bool": "bool",
    "float": "float32",
    "double": "float64",
    "c10::Half": "float16",
    "c10::BFloat16": "bfloat16",
    "long long": "int64",
    "long int": "int64",
    "long": "int64",
    "int": "int32",
    "bool": "bool",
}


def _dtype(name: str) -> str:
    return _TYPES.get(name, name)


def _sizes(text: str) -> str:
    """`[1, 3, 32]` or `2x3` as `(1, 3, 32)`."""
    numbers = re.findall(r"\d+", text)
    return f"({', '.join(numbers)}{',' if len(numbers) == 1 else ''})"


Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], Refused]]


def _rule(pattern: str, answer: Callable[[re.Match[str]], Refused]) -> Rule:
    return re.compile(pattern, re.DOTALL), answer


_RULES: Final[tuple[Rule, ...]] = (
    _rule(
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        lambda m: refused(
            "matrix-sizes", left=f"({m[1]}, {m[2]})", right=f"({m[3]}, {m[4]})", a=m[2], b=m[3]
        ),
    ),
    _rule(
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)"
        r".*dimension (\d+)",
        lambda m: refused("sizes-differ", a=m[1], b=m[2], dim=m[3]),
    ),
    _rule(
        r"expected input(\[[^\]]*\]) to have (\d+) channels, but got (\d+) channels",
        lambda m: refused("channels-differ", shape=_sizes(m[1]), expected=m[2], got=m[3]),
    ),
    _rule(
        r"Calculated padded input size per channel: \(([^)]*)\)\. Kernel size: \(([^)]*)\)",
        lambda m: refused("kernel-larger-than-input", input=_sizes(m[1]), kernel=_sizes(m[2])),
    ),
    _rule(
        r"Output size is too small|non-empty.*output|output size is too small",
        lambda _: refused("output-too-small"),
    ),
    _rule(
        r"Expected (\d)D \((?:un)?batched\) or (\d)D \((?:un)?batched\) input to \w+, but got "
        r"input of size: (\[[^\]]*\])",
        lambda m: refused("input-dimensions", expected=f"{m[2]} / {m[1]}", shape=_sizes(m[3])),
    ),
    _rule(
        r"[Ee]xpected (?:a )?(\d)D? or (\d)D(?: \(unbatched or batched\))?[^\[(]*"
        r"(?:got|size:?)[^\[(\d]*([\[(][^\])]*[\])]|\d)",
        lambda m: refused("input-dimensions", expected=f"{m[1]} / {m[2]}", shape=m[3]),
    ),
    _rule(
        r"Given normalized_shape=(\[[^\]]*\]), expected input with shape .*?but got input of "
        r"size(\[[^\]]*\])",
        lambda m: refused("normalized-shape", expected=_sizes(m[1]), shape=_sizes(m[2])),
    ),
    _rule(
        r"running_mean should contain (\d+) elements not (\d+)",
        lambda m: refused("features-differ", expected=m[2], got=m[1]),
    ),
    _rule(
        r"input\.size\(-1\) must be equal to input_size\. Expected (\d+), got (\d+)",
        lambda m: refused("features-differ", expected=m[1], got=m[2]),
    ),
    _rule(
        r"Expected number of channels in input to be divisible by num_groups.*?shape "
        r"(\[[^\]]*\]) and num_groups=(\d+)",
        lambda m: refused("groups-do-not-divide", groups=m[2], channels=_sizes(m[1])),
    ),
    _rule(
        r"(?:same dtype|dtype|Input type)[^:]*?(?:got|:|\()\s*(?:self: |m1 == )?"
        r"(?:torch\.)?(?:cuda\.)?(\w+?)(?:Tensor)?\)? (?:and|!=|\)?, ?but got|and bias type|"
        r"and weight type) (?:bias type |weight type |other: |m2 == )?\(?(?:torch\.)?(?:cuda\.)?"
        r"(\w+?)(?:Tensor)?\b",
        lambda m: refused("dtypes-differ", a=_dtype(m[1]), b=_dtype(m[2])),
    ),
    _rule(
        r"expected scalar type (\w+) but found (\w+)",
        lambda m: refused("dtypes-differ", a=_dtype(m[1]), b=_dtype(m[2])),
    ),
    _rule(
        r"expected m1 and m2 to have the same dtype, but got: (.+?) != (.+)$",
        lambda m: refused("dtypes-differ", a=_dtype(m[1].strip()), b=_dtype(m[2].strip())),
    ),
    _rule(
        r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got "
        r"(-?\d+)\)",
        lambda m: refused("dim-out-of-range", low=m[1], high=m[2], got=m[3]),
    ),
    _rule(
        r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)",
        lambda m: refused("index-out-of-range", index=m[1], dim=m[2], size=m[3]),
    ),
    _rule(
        r"[Tt]arget (-?\d+) is out of bounds|[Cc]lass values must be smaller",
        lambda _: refused("class-out-of-range"),
    ),
    _rule(
        r"index out of range in self|indices? .*out of (?:range|bounds)",
        lambda _: refused("index-beyond-table"),
    ),
    _rule(
        r"must have at least \d+ dimension|Supports 1D or 2D tensors\. Got 0D|total dims >= 2|"
        r"normalized_shape to be at least 1|need to be at least 1D|zero-dimensional tensor|"
        r"tensor has no dimensions|must be a matrix, got [01]-D",
        lambda _: refused("axes-too-few"),
    ),
    _rule(
        r"floating point (?:or|and) complex|floating point dtype can|Integral inputs not|"
        r"does not support bool|on an unsigned type",
        lambda _: refused("reals-needed"),
    ),
    _rule(r"Expected dtype int32/int64 for index", lambda _: refused("whole-numbers-needed")),
    _rule(r"negative integer powers", lambda _: refused("negative-power")),
    _rule(
        r"must have same number of dimensions: got (\d+) and (\d+)",
        lambda m: refused("axes-differ", a=m[1], b=m[2]),
    ),
    _rule(r"contained non-finite values", lambda _: refused("values-not-finite")),
    _rule(r"only one dimension can be inferred", lambda _: refused("two-sides-open")),
    _rule(r"should be between 0 and 1", lambda _: refused("probability-range")),
    _rule(
        r"expanded size of the tensor \((\d+)\) must match the existing size \((\d+)\) at "
        r"non-singleton dimension (\d+)",
        lambda m: refused("sizes-differ", a=m[2], b=m[1], dim=m[3]),
    ),
    _rule(
        r"^(\w+) did not match (\w+)$",
        lambda m: refused("dtypes-differ", a=_dtype(m[1]), b=_dtype(m[2])),
    ),
    _rule(
        r"too many indices for tensor of dimension (\d+)",
        lambda m: refused("too-many-indices", dim=m[1]),
    ),
    _rule(
        r"shape '(\[[^\]]*\])' is invalid for input of size (\d+)",
        lambda m: refused("reshape-impossible", shape=m[1], elements=m[2]),
    ),
    _rule(
        r"not implemented for '(\w+)'|not supported for (\w+)|Unsupported dtype (\w+)|"
        r"only support floating point types",
        lambda m: refused("dtype-unsupported", dtype=_dtype(m[1] or m[2] or m[3] or "int64")),
    ),
    _rule(
        r"[Cc]ould not infer output dtype|Got: (\w+)|result type (?:torch\.)?(\w+) can't be cast|"
        r"(?:Input|input) dtype must be (?:either )?a? ?float",
        lambda m: refused("dtype-unsupported", dtype=_dtype(m[1] or m[2] or "int64")),
    ),
    _rule(
        r"must match except in dimension (\d+).*?(?:size|Got) (\d+) (?:but got size|and) (\d+)",
        lambda m: refused("cat-sizes", dim=m[1], a=m[2], b=m[3]),
    ),
    _rule(
        r"Storage size calculation overflowed|numel: integer multiplication overflow|"
        r"[Ii]nteger multiplication overflow|too large to (?:be )?index",
        lambda _: over_limit("too-many-elements"),
    ),
    _rule(r"ZeroDivisionError", lambda _: refused("division-by-zero")),
    _rule(
        r"cannot be converted to type [\w:]+ without overflow|Overflow when unpacking|"
        r"int too (?:large|big)",
        lambda _: refused("number-too-large"),
    ),
    _rule(
        r"expected sequence of length (\d+) at dim (\d+) \(got (\d+)\)",
        lambda m: refused("rows-differ", a=m[1], b=m[3]),
    ),
    _rule(
        r"out of memory|can't allocate memory|DefaultCPUAllocator",
        lambda _: Refused(FailureKind.MEMORY, "out-of-memory"),
    ),
    _rule(
        r"doesn't support float64|MPS framework doesn't",
        lambda _: refused("device-lacks-dtype"),
    ),
    _rule(
        r"(?:with|on) (?:a|two) bool tensors?|not supported for bool",
        lambda _: refused("bool-arithmetic"),
    ),
    _rule(
        r"numel\(\) == 0|no elements|Expected reduction dim|have non-zero size|is empty",
        lambda _: refused("nothing-to-reduce"),
    ),
    _rule(
        r"inconsistent tensor size|must have same (?:number of elements|size)|same shape",
        lambda _: refused("shapes-differ"),
    ),
)


def translated(error: Exception, where: str) -> Refused:
    """What torch's `error`, raised by `where` (a function's name), means in our words."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, MemoryError):
        return Refused(FailureKind.MEMORY, "out-of-memory")
    if isinstance(error, ZeroDivisionError):
        return refused("division-by-zero")
    if isinstance(error, RecursionError):
        return over_limit("nested-too-deeply")
    text = str(error)
    for pattern, answer in _RULES:
        if match := pattern.search(text):
            return answer(match)
    if isinstance(error, OverflowError):
        return refused("number-too-large")
    return refused("operation-impossible", operation=where)
