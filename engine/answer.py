"""What a person types, read as numbers, lists and shapes.

Promise: a reading is exact (fractions, never rounded floats) and remembers how precisely it was
written. What cannot be read raises `Unreadable`, which says why and is never counted wrong;
nothing else is raised for any input. Must not know the truth, only its unit.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from engine.expression import evaluate_scalar
from engine.refusal import Refused
from engine.spelling import compound, folded, han_numeral
from engine.units import BINARY_SCALES, COUNT, MEMORY, SCALES, SHARE, WORK, Unit, unit_named

LONGEST = 400
"""Characters of an answer that is read."""

_QUOTED = 40
_LARGEST_POWER = 308
_LARGEST = 10**308
_GROUPED = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d{1,3}(?:_\d{3})+"
_NUMBER = re.compile(
    rf"(?P<sign>[-+]?) ?(?P<whole>(?:{_GROUPED})(?![\d,'_])|\d+)?"
    r"(?P<point>\.(?P<rest>\d*))?(?:[eE](?P<power>[-+]?\d{1,9})(?!\d))?"
)
_TIMES_TEN = re.compile(r" ?[×·*xX] ?10 ?(?:\^|\*\*) ?\(?(?P<power>[-+]?\d{1,9})\)?(?!\d)")
_LEAD = re.compile(
    r"(?:[≈~]|(?:about|approximately|approx\.?|circa|ca\.)(?= )|大约|约等于|约为|约)"
)
_SPECIAL = re.compile(
    r"(?P<sign>[-+]|正|负)? ?(?:(?P<nan>nan|非数)|(?P<inf>inf|infinity|∞|无穷大|无穷|无限大))"
)
_SPECIAL_WRAP = re.compile(r"(?:float\(['\"]?|(?:torch|math|np|numpy)\.)(?=[-+]?(?:nan|inf))")
_COUNTER = re.compile(r"[个次条层张种步维颗台块][\u4e00-\u9fff]{0,8}")
_ADJECTIVES = frozenset(
    {"learnable", "trainable", "total", "output", "input", "of", "in", "all", "the", "different"}
)
_TAIL = re.compile(r"(?<=[\d)]) ?(?P<unit>[A-Za-zµμ%‰\u4e00-\u9fff][^\d()+*/^=]*)$")
_TIMES = re.compile(r"(?<=[\d)]) ?[xX×·] ?(?=[\d(.])")
_SUFFIXED = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) ?(k|K|M|G|T|万亿|亿|万|千)(?![A-Za-z])")
_JOINED = re.compile(r"(?<![A-Za-z_\d.])(\d+(?:\.\d+)?) ?(?=\()")
_ARITHMETIC = re.compile(r"[+*/^(×·,、;\[\]<>!]|^ ?[-xX] ?[\d(]|^ \d|[\d)] ?- ?\d")
_APPLIED = re.compile(r"\b(ln(?= ?\d)|log|log2|sqrt|exp)(?: |(?<=ln))(\d+(?:\.\d+)?)(?![\w.])")
_ROOT = re.compile(r"√ ?(\d+(?:\.\d+)?)")
_DOUBT = re.compile(r"(?<=[\w)%]) ?\?+$")
_COMMAS = re.compile(r"(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])")


class Unreadable(Exception):  # noqa: N818 - the learner is asked again; nothing went wrong
    """An answer that cannot be read. `code` names the words, `details` fill them."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = tuple(details.items())
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as typed, in the unit it is judged in.

    `step` is the place value of its last digit, None where the form is exact (an expression).
    `digits` counts significant digits. `rounded` is true of a suffixed, decimal or scientific
    form. `unit` is the unit the person wrote; `foreign` says that it measures something else than
    was asked, and then `value` is in that unit without its prefix.
    """

    value: Fraction | float
    step: Fraction | None = None
    digits: int = 0
    rounded: bool = False
    unit: Unit | None = None
    foreign: bool = False


Nested = Reading | tuple["Nested", ...]


def read_number(typed: str, unit: str | None = None) -> Reading:
    """The number a person typed, in `unit`. Raises Unreadable."""
    text = _checked(typed)
    if "=" in text:
        text = text.rsplit("=", 1)[1].strip() or text.rsplit("=", 1)[0].strip()
    if lead := _LEAD.match(text):
        text = text[lead.end() :].strip()
    if text.startswith("百分之"):
        text = text.removeprefix("百分之") + "%"
    if text.startswith("负"):
        text = "-" + text.removeprefix("负")
    asked = unit_named(unit) if unit else None
    return (
        _special(text)
        or _han(text, unit, asked)
        or _literal(text, unit, asked)
        or _expression(text, unit, asked)
    )


def _checked(typed: str) -> str:
    if len(typed) > LONGEST:
        raise Unreadable("too-long", limit=str(LONGEST))
    text = _DOUBT.sub("", folded(typed).rstrip("。;!"))
    if not text:
        raise Unreadable("empty")
    return text.strip()


def shortened(text: str) -> str:
    """What was typed, short enough to be quoted."""
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"


def _special(text: str) -> Reading | None:
    bare = _SPECIAL_WRAP.sub("", text.casefold()).rstrip("'\") ")
    found = _SPECIAL.fullmatch(bare)
    if found is None:
        return None
    if found["nan"]:
        return Reading(math.nan)
    return Reading(-math.inf if found["sign"] in ("-", "负") else math.inf)


def _literal(text: str, unit: str | None, asked: Unit | None) -> Reading | None:
    found = _NUMBER.match(text)
    if found is None or not (found["whole"] or found["rest"]):
        return None
    power = int(found["power"] or 0)
    tail, scientific = text[found.end() :], found["power"] is not None
    if times := _TIMES_TEN.match(tail):
        power += int(times["power"])
        tail, scientific = tail[times.end() :], True
    if re.match(r"[,.'_]\d", tail):
        raise Unreadable("grouping", typed=text)
    if tail[:1].isdigit() or _ARITHMETIC.search(tail):
        return None
    if abs(power) > _LARGEST_POWER:
        raise Unreadable("out-of-range")
    whole, rest = re.sub(r"[, '_]", "", found["whole"] or ""), found["rest"] or ""
    magnitude = Fraction(int(whole + rest or "0")) * Fraction(10) ** (power - len(rest))
    value = -magnitude if found["sign"] == "-" else magnitude
    step = Fraction(10) ** (power - len(rest))
    digits = len((whole + rest).lstrip("0"))
    scale, named = _tail(tail.strip(), unit, asked)
    rounded = bool(rest) or scientific or scale != 1
    return _in_unit(Reading(value * scale, step * scale, digits, rounded), named, asked)


def _tail(tail: str, unit: str | None, asked: Unit | None) -> tuple[Fraction, Unit | None]:
    """What stands behind a number: its scale and its unit. Raises Unreadable."""
    folded_tail = tail.casefold()
    if not tail or (unit and folded_tail == folded(unit).casefold()):
        return Fraction(1), asked
    if folded_tail in SCALES and not (folded_tail == "b" and asked and asked.dimension == MEMORY):
        if asked and asked.scale in (SCALES[folded_tail], BINARY_SCALES.get(f"{folded_tail}i")):
            return Fraction(1), asked  # 4.1G where GFLOPs are asked for
        return SCALES[folded_tail], None
    if folded_tail in BINARY_SCALES:
        return BINARY_SCALES[folded_tail], None
    if found := unit_named(tail):
        return Fraction(1), found
    words = folded_tail.split(" ")
    kept = " ".join(word for word in words if word not in _ADJECTIVES)
    if len(kept) < len(folded_tail) and kept:
        return _tail(kept, unit, asked)
    if unit and folded_tail.endswith(folded(unit).casefold()):
        front = folded_tail.removesuffix(folded(unit).casefold()).strip()
        if front in SCALES:
            return SCALES[front], asked
    for size in (2, 1, 0):
        if (not size or tail[:size] in SCALES) and _COUNTER.fullmatch(tail[size:]):
            return SCALES.get(tail[:size], Fraction(1)), Unit(COUNT, Fraction(1), Fraction(1), "")
    raise Unreadable("unknown-unit", unit=shortened(tail))


def _in_unit(reading: Reading, named: Unit | None, asked: Unit | None) -> Reading:
    """The reading converted from the unit that was written to the one that is asked for."""
    if isinstance(reading.value, Fraction) and abs(reading.value) > _LARGEST:
        raise Unreadable("out-of-range")
    if named is None:
        return reading
    if asked is None or asked.dimension == named.dimension:
        # Without a unit to convert to, only the prefix counts: 4.1 GFLOPs is 4.1e9.
        ratio = named.scale if asked is None else named.factor / asked.factor
        same, foreign = asked is not None and named == asked, False
    elif named.dimension == SHARE and asked.dimension == COUNT:
        ratio, same, foreign = named.factor, False, False
    elif named.dimension == COUNT and asked.dimension == WORK:
        # "120,000 times" counts whatever operation was asked for.
        ratio, same, foreign = named.scale / asked.scale, False, False
    else:
        ratio, same, foreign = named.scale, False, True
    return Reading(
        reading.value * ratio,
        None if reading.step is None else reading.step * ratio,
        reading.digits,
        reading.rounded or (ratio != 1 and not same),
        named,
        foreign,
    )


def _han(text: str, unit: str | None, asked: Unit | None) -> Reading | None:
    if found := compound(text):
        value, power, tail = found
        step = Fraction(10**power)
        reading = Reading(Fraction(value), step, len(str(value // 10**power)), power > 0)
    elif numeral := han_numeral(text):
        number, tail = numeral
        reading = Reading(Fraction(number), Fraction(1), len(str(number)))
    else:
        return None
    scale, named = _tail(tail.strip(), unit, asked)
    if scale != 1:
        raise Unreadable("not-a-number", typed=shortened(text))
    return _in_unit(reading, named, asked)


def _expression(text: str, unit: str | None, asked: Unit | None) -> Reading:
    if not re.search(r"\d|pi|π", text):
        raise Unreadable("not-a-number", typed=shortened(text))
    named: Unit | None = None
    scale = Fraction(1)
    if tail := _TAIL.search(text):
        try:
            scale, named = _tail(tail["unit"].strip(), unit, asked)
        except Unreadable:
            if len(tail["unit"].strip()) > 1:
                raise
        else:
            text = text[: tail.start()]
    try:
        value = evaluate_scalar(_python(text), {"e": math.e})
    except Refused:
        raise Unreadable("not-a-number", typed=shortened(text)) from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable("one-number", typed=shortened(text))
    exact = Fraction(value) if isinstance(value, int) or math.isfinite(value) else value
    if isinstance(exact, float):
        return Reading(exact)
    return _in_unit(Reading(exact * scale), named, asked)


def _python(text: str) -> str:
    """The arithmetic as the expression language writes it."""
    if not re.search(r"[A-Za-z]{2}", text):
        text = _COMMAS.sub(lambda m: m.group().replace(",", ""), text)
        if "," in text:
            code = "one-number" if text.strip()[:1] in ("(", "[") else "grouping"
            raise Unreadable(code, typed=shortened(text))
    text = _SUFFIXED.sub(lambda m: f"({m[1]}*{int(SCALES[m[2].casefold()])})", text)
    text = _ROOT.sub(r"sqrt(\1)", text).replace("√", "sqrt").replace("π", "pi")
    text = (
        re.sub(r"\bln\b", "log", _TIMES.sub("*", _APPLIED.sub(r"\1(\2)", text)))
        .replace("×", "*")
        .replace("·", "*")
    )
    text = _JOINED.sub(r"\1*", text).replace(")(", ")*(").replace(") (", ")*(")
    return text.replace("[", "(").replace("]", ")").replace("^", "**")
