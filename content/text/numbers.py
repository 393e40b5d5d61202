"""Measured values as a person reads them, and as Python reads them.

Promise: every value has a form, in every language; a format that does not fit a value (percent of
a layer) leaves it as it is. Digits are grouped by threes in both languages. Must not measure.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from engine.units import unit_named
from engine.values import (
    Bars,
    Curves,
    DtypeValue,
    Heat,
    LayerValue,
    Picture,
    RunValue,
    TensorValue,
    Value,
    Windows,
)

_DIGITS = {"float16": 4, "bfloat16": 3, "float32": 6, "float64": 6}
_SHOWN = 8
"""Elements of one axis shown before the middle is left out."""
_EDGE = 3
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONG = 10**6
"""From here on a number in words is short; below it keeps its digits in every language."""
_SHORT, _PLAIN = 3, 6
"""Significant digits of a number in words."""
_WORDS = {
    "en": (_LONG, ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"))),
    "zh": (10**4, ((10**12, " 万亿"), (10**8, " 亿"), (10**4, " 万"))),
}

Formatter = Callable[[int | float], str]


def format_value(value: Value, language: str, format: tuple[str, ...] = ()) -> str:  # noqa: A002
    """The value in running text: `1,792`, `162,755`, `(1, 64, 32, 32)`, `[0.269, 0.731]`, `inf`."""
    digits = _DIGITS.get(value.dtype, 6) if isinstance(value, TensorValue) else 6
    return _shown(value, lambda number: _formatted(number, language, format, digits))


def literal(value: Value, format: tuple[str, ...] = ()) -> str:  # noqa: A002
    """The value inside code: `True`, `1024`, `0.1`, `(1, 64, 32, 32)`, `nn.Conv2d(3, 64, 3)`."""
    digits = _DIGITS.get(value.dtype, 6) if isinstance(value, TensorValue) else None
    return _shown(value, lambda number: _literal(number, format, digits))


def _shown(value: Value, number: Formatter) -> str:
    if isinstance(value, TensorValue):
        return _nested(value.data, number, "[]")
    if isinstance(value, LayerValue):
        return value.code
    if isinstance(value, DtypeValue):
        return value.name
    if isinstance(value, RunValue):
        return number(value.losses[-1])
    if isinstance(value, tuple):
        return _nested(value, number, "()")
    if value is None or isinstance(value, bool | str):
        return str(value)
    if isinstance(value, Bars | Curves | Heat | Windows):
        return _in_words(value)
    return number(value)


def _in_words(picture: Picture) -> str:
    from content.text.pictures import described

    return described(picture, "en")


def _nested(data: Value, number: Formatter, brackets: str) -> str:
    if not isinstance(data, tuple):
        return _shown(data, number)
    if brackets == "()" and not all(isinstance(e, bool | int | tuple) for e in data):
        # A shape is a tuple of whole numbers; any other sequence reads better as a list.
        brackets = "[]"
    if len(data) > _SHOWN:
        parts = [_nested(e, number, brackets) for e in data[:_EDGE]]
        parts += ["…", *(_nested(e, number, brackets) for e in data[-_EDGE:])]
    else:
        parts = [_nested(e, number, brackets) for e in data]
    comma = "," if brackets == "()" and len(data) == 1 else ""
    return brackets[0] + ", ".join(parts) + comma + brackets[1]


def _precision(formats: tuple[str, ...]) -> tuple[str, int] | None:
    for item in formats:
        name, _, digits = item.partition(" ")
        if name in ("fixed", "sig") and digits:
            return name, int(digits)
    return None


def _formatted(number: int | float, language: str, formats: tuple[str, ...], digits: int) -> str:
    if isinstance(number, bool):
        return str(number)
    if isinstance(number, float) and not math.isfinite(number):
        return _special(number)
    chosen = _precision(formats)
    for item in formats:
        name, _, argument = item.partition(" ")
        if name == "percent":
            places = int(argument or 0)
            return f"{_rounded(100 * Fraction(number), places)}%"
        if name == "unit":
            return _in_unit(number, argument, chosen)
        if name == "words":
            return _words(number, language, chosen)
    return _plain(number, chosen, digits)


def _plain(number: int | float, chosen: tuple[str, int] | None, digits: int) -> str:
    if chosen is not None:
        name, places = chosen
        return (
            _rounded(Fraction(number), places)
            if name == "fixed"
            else significant(number, max(1, places), trimmed=False)
        )
    if isinstance(number, int) or (number.is_integer() and abs(number) < 10**9):
        return f"{int(number):,}".replace("-", "−")
    return significant(number, digits)


def _rounded(number: Fraction, places: int) -> str:
    """Half to even, exact for whole numbers however long."""
    scaled = round(number * 10**places)
    sign = "−" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), 10**places)
    return f"{sign}{whole:,}" + (f".{rest:0{places}d}" if places else "")


def significant(number: int | float, digits: int, *, trimmed: bool = True) -> str:
    """The number with that many significant digits: `0.0900`, `1.79`, `3.4×10³⁸`.

    `trimmed` drops zeros at the end of the decimals.
    """
    if number == 0:
        return "0"
    exact = Fraction(number)
    mantissa, power = f"{exact.numerator / exact.denominator:.{digits - 1}e}".split("e")
    exponent = int(power)
    if -5 < exponent < max(9, digits):
        text = _rounded(exact, max(0, digits - 1 - exponent))
        if exponent >= digits:
            step = 10 ** (exponent - digits + 1)
            text = f"{round(exact / step) * step:,}".replace("-", "−")
        return _trimmed(text) if trimmed else text
    mantissa = _trimmed(mantissa) if trimmed else mantissa
    return f"{mantissa}×10{str(exponent).translate(_SUPERSCRIPT)}".replace("-", "−")


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _special(number: float) -> str:
    return "nan" if math.isnan(number) else "inf" if number > 0 else "−inf"


def _in_unit(number: int | float, name: str, chosen: tuple[str, int] | None) -> str:
    """The value, measured in the unit's base (bytes, seconds, MACs), in that unit."""
    unit = unit_named(name)
    exact = Fraction(number) / (unit.scale if unit else 1)
    if chosen is not None or exact.denominator != 1:
        shown = (
            _plain(float(exact), chosen, 4)
            if chosen is None or chosen[0] == "sig"
            else (_rounded(exact, chosen[1]))
        )
    else:
        shown = f"{exact.numerator:,}"
    return f"{shown}%" if name == "%" else f"{shown} {name}"


def _words(number: int | float, language: str, chosen: tuple[str, int] | None) -> str:
    least, scales = _WORDS.get(language, _WORDS["en"])
    exact = Fraction(number)
    if abs(exact) < least:
        return _plain(number, chosen, _PLAIN)
    digits = _SHORT if abs(exact) >= _LONG else _PLAIN
    if chosen and chosen[0] == "sig":
        digits = max(1, chosen[1])
    rounded = abs(Fraction(f"{float(exact):.{digits - 1}e}"))
    scale, word = next((s, w) for s, w in scales if rounded >= s)
    return significant(float(exact / scale), digits) + word


def _literal(number: int | float, formats: tuple[str, ...], digits: int | None) -> str:
    if isinstance(number, bool | int) and not formats:
        return str(number)
    if isinstance(number, float) and not math.isfinite(number):
        return _special(number).replace("−", "-")
    if formats:
        return _formatted(number, "en", formats, digits or 6).replace(",", "").replace("−", "-")
    if digits is None:
        return repr(number)
    return repr(float(f"{number:.{digits}g}"))
