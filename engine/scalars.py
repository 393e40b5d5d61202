"""Arithmetic on plain values: numbers, tuples, texts and dtypes, bounded before it is computed.

Promise: no operation here takes long or makes a large value; what would is refused first. Plain
functions follow IEEE as tensors do: `exp(1000)` is inf, `log(0)` is -inf, `sqrt(-1)` is nan.
Must not import torch.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sized
from typing import Final, TypeGuard

from engine import limits
from engine.library import Function, Group, Library
from engine.refusal import over_limit, refused
from engine.values import Bars, Curves, DtypeValue, Heat, LayerValue, TensorValue, Windows

Number = int | float
Sequence = tuple[object, ...]

_ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Number, Number], Number]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDER: Final[Mapping[type[ast.cmpop], Callable[[Number, Number], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
SYMBOLS: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.MatMult: "@", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.UAdd: "+", ast.USub: "-", ast.Not: "not",
}  # fmt: skip
"""How an operator is written."""


def is_number(value: object) -> TypeGuard[Number]:
    """True for whole and real numbers and for True and False."""
    return isinstance(value, int | float)


def kind_of(value: object) -> str:
    """The word for a value's kind, as a message's detail: "@number", "@tensor"."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        ((int, float), "@number"),
        (str, "@text"),
        ((tuple, list), "@tuple"),
        (DtypeValue, "@dtype"),
        (slice, "@slice"),
        (TensorValue, "@tensor"),
        (LayerValue, "@layer"),
        ((Curves, Bars, Heat, Windows), "@picture"),
    )
    if value is None:
        return "@none"
    return next((word for kind, word in kinds if isinstance(value, kind)), "@value")


def checked(value: object) -> object:
    """The value, if it is no complex number, no huge integer and no huge sequence."""
    if isinstance(value, int):
        if value.bit_length() > limits.INTEGER_BITS:
            raise over_limit("integer-too-large", bits=limits.INTEGER_BITS)
    elif isinstance(value, tuple | list):
        _count(value)
        return tuple(value) if isinstance(value, list) else value
    elif isinstance(value, complex):
        raise refused("not-real")
    return value


def binary(kind: type[ast.operator], left: object, right: object) -> object:
    """`left kind right` for plain values."""
    if is_number(left) and is_number(right):
        return checked(_calculate(kind, left, right))
    if kind is ast.Add and isinstance(left, tuple) and isinstance(right, tuple):
        return checked(left + right)
    if kind is ast.Mult and isinstance(left, tuple) and type(right) is int:
        return _repeated(left, right)
    if kind is ast.Mult and isinstance(right, tuple) and type(left) is int:
        return _repeated(right, left)
    raise refused(
        "cannot-calculate", operator=SYMBOLS[kind], left=kind_of(left), right=kind_of(right)
    )


def unary(kind: type[ast.unaryop], operand: object) -> object:
    """`-operand`, `+operand`, `not operand` for plain values."""
    if kind is ast.Not:
        return not truth(operand)
    if not is_number(operand):
        raise refused("cannot-negate", operator=SYMBOLS[kind], operand=kind_of(operand))
    return -operand if kind is ast.USub else +operand


def compare(kind: type[ast.cmpop], left: object, right: object) -> bool:
    """`left kind right` for plain values; a dtype equals the text that names it."""
    if kind in (ast.Eq, ast.NotEq):
        return equal(left, right) is (kind is ast.Eq)
    if is_number(left) and is_number(right):
        return _ORDER[kind](left, right)
    raise refused(
        "cannot-compare", operator=SYMBOLS[kind], left=kind_of(left), right=kind_of(right)
    )


def equal(left: object, right: object) -> bool:
    """Equality of plain values, elementwise; refuses to look into anything else."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, DtypeValue) or isinstance(right, DtypeValue):
        return _dtype_name(left) == _dtype_name(right)
    for value in (left, right):
        if not (value is None or isinstance(value, int | float | str | tuple)):
            raise refused("cannot-compare", operator="==", left=kind_of(left), right=kind_of(right))
    return bool(left == right)


def truth(value: object) -> bool:
    """Whether a condition holds: True, False or a number."""
    if isinstance(value, int | float):
        return bool(value)
    raise refused("not-a-condition", value=kind_of(value))


def subscript(value: object, index: object) -> object:
    """`value[index]` of a tuple; the parts of a slice are whole numbers already."""
    if not isinstance(value, tuple):
        raise refused("cannot-index", value=kind_of(value))
    if type(index) is int:
        if not -len(value) <= index < len(value):
            raise refused("tuple-index-out-of-range", index=index, length=len(value))
        return value[index]
    if isinstance(index, slice):
        return value[index]
    raise refused("bad-index")


def _calculate(kind: type[ast.operator], left: Number, right: Number) -> Number:
    if kind is ast.Pow:
        return _power(left, right)
    calculate = _ARITHMETIC.get(kind)
    if calculate is None:
        raise refused("cannot-calculate", operator=SYMBOLS[kind], left="@number", right="@number")
    if right == 0 and kind in (ast.Div, ast.FloorDiv, ast.Mod):
        raise refused("division-by-zero")
    return calculate(left, right)


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, int) and isinstance(exponent, int) and exponent > 1:
        # The result has more than (bits - 1) * exponent bits: known before it is computed.
        if (base.bit_length() - 1) * exponent > limits.INTEGER_BITS:
            raise over_limit("integer-too-large", bits=limits.INTEGER_BITS)
    elif base == 0 and exponent < 0:
        raise refused("division-by-zero")
    try:
        result = base**exponent
    except OverflowError:
        raise over_limit("number-too-large") from None
    if not is_number(result):
        raise refused("not-real")
    return result


def _repeated(sequence: Sequence, times: int) -> Sequence:
    if times > 0 and len(sequence) * times > limits.SEQUENCE:
        raise over_limit("sequence-too-long", limit=limits.SEQUENCE)
    result = sequence * max(times, 0)
    _count(result)
    return result


def _count(sequence: Sequence | list[object]) -> None:
    """Refuse a sequence with too many elements or levels, however they are nested or shared."""
    level: list[Sequence | list[object]] = [sequence]
    count = 0
    for _ in range(limits.SEQUENCE_DEPTH):
        count += sum(map(len, level))
        if count > limits.SEQUENCE:
            raise over_limit("sequence-too-long", limit=limits.SEQUENCE)
        level = [part for whole in level for part in whole if isinstance(part, tuple | list)]
        if not level:
            return
    raise over_limit("sequence-too-deep", limit=limits.SEQUENCE_DEPTH)


def _dtype_name(value: object) -> str | None:
    if isinstance(value, DtypeValue):
        return value.name
    return value if isinstance(value, str) else None


def _number(value: object, function: str) -> Number:
    if not is_number(value):
        raise refused("number-expected", function=function, got=kind_of(value))
    return value


def _numbers(values: tuple[object, ...], function: str) -> tuple[Number, ...]:
    """The arguments, or the elements of the only one."""
    if len(values) == 1 and isinstance(values[0], tuple):
        values = values[0]
    return tuple(_number(value, function) for value in values)


def _rounding(name: str, rounded: Callable[[float], int]) -> Callable[[object], int]:
    def call(x: object) -> int:
        value = _number(x, name)
        if not math.isfinite(value):
            raise refused("not-finite", function=name, value=value)
        return value + 0 if isinstance(value, int) else rounded(value)

    return call


def _round(x: object, digits: object = None) -> Number:
    value = _number(x, "round")
    if digits is None:
        if not math.isfinite(value):
            raise refused("not-finite", function="round", value=value)
        return round(value)
    if type(digits) is not int or abs(digits) > limits.ROUND_DIGITS:
        raise refused("bad-digits", limit=limits.ROUND_DIGITS)
    return round(value, digits)


def _sqrt(x: object) -> float:
    value = _number(x, "sqrt")
    return math.sqrt(value) if value >= 0 else math.nan


def _exp(x: object) -> float:
    try:
        return math.exp(_number(x, "exp"))
    except OverflowError:
        return math.inf


def _logarithm(name: str, logarithm: Callable[[float], float]) -> Callable[[object], float]:
    def call(x: object) -> float:
        value = _number(x, name)
        if value > 0:
            return logarithm(value)
        return -math.inf if value == 0 else math.nan

    return call


def _extreme(name: str, pick: Callable[[tuple[Number, ...]], Number]) -> Callable[..., Number]:
    def call(*values: object) -> Number:
        numbers = _numbers(values, name)
        if not numbers:
            raise refused("nothing-given", function=name)
        # Python's own min and max lose a nan that does not come first.
        return math.nan if any(map(math.isnan, numbers)) else pick(numbers)

    return call


def _total(name: str, kind: type[ast.operator], start: int) -> Callable[[object], object]:
    def call(*values: object) -> object:
        if len(values) != 1 or not isinstance(values[0], tuple):
            got = kind_of(values[0]) if values else "@none"
            raise refused("tuple-expected", function=name, got=got)
        total: object = start
        for number in _numbers(values, name):
            total = binary(kind, total, number)
        return total

    return call


def _absolute(x: object) -> Number:
    return abs(_number(x, "abs"))


def _length(sequence: object) -> int:
    if isinstance(sequence, str) or not isinstance(sequence, Sized):
        raise refused("tuple-expected", function="len", got=kind_of(sequence))
    return len(sequence)


def _listed(
    name: str, call: Callable[..., object], doc: str, *examples: str
) -> tuple[str, Function]:
    lines = "\n".join(f"Example: {example}" for example in examples)
    return name, Function(name, call, Group.SCALAR, f"{doc}\n\n{lines}")


SCALARS: Final[Library] = dict(
    (
        _listed("ceil", _rounding("ceil", math.ceil), "The next whole number, upwards.",
                "ceil(2.1) -> 3"),
        _listed("floor", _rounding("floor", math.floor), "The next whole number, downwards.",
                "floor(-2.1) -> -3"),
        _listed("round", _round, "The nearest whole number, ties to even; round(x, digits).",
                "round(2.5) -> 2", "round(2.345, 1) -> 2.3"),
        _listed("sqrt", _sqrt, "Square root.", "sqrt(9) -> 3.0"),
        _listed("exp", _exp, "e to the power of x.", "exp(1000) -> inf"),
        _listed("log", _logarithm("log", math.log), "Natural logarithm.", "log(0) -> -inf"),
        _listed("log2", _logarithm("log2", math.log2), "Logarithm to base 2.",
                "log2(1024) -> 10.0"),
        _listed("log10", _logarithm("log10", math.log10), "Logarithm to base 10.",
                "log10(1000) -> 3.0"),
        _listed("abs", _absolute, "Absolute value.", "abs(-3) -> 3"),
        _listed("min", _extreme("min", min), "The smallest of its arguments or of a tuple.",
                "min(3, 1, 2) -> 1"),
        _listed("max", _extreme("max", max), "The largest of its arguments or of a tuple.",
                "max((3, 1, 2)) -> 3"),
        _listed("len", _length, "Number of elements of a tuple.", "len((1, 3, 32, 32)) -> 4"),
        _listed("sum", _total("sum", ast.Add, 0), "Sum of a tuple.", "sum((1, 2, 3)) -> 6"),
        _listed("prod", _total("prod", ast.Mult, 1), "Product of a tuple.",
                "prod((64, 3, 3)) -> 576"),
    )
)  # fmt: skip
"""What may be called where no engine is needed: conditions, solutions, mistakes."""
