"""The language evaluates what PyTorch's notation means and refuses everything else."""

from __future__ import annotations

import ast
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import limits
from engine.expression import (
    SCALARS,
    Evaluator,
    Refused,
    calls_in,
    constants_in,
    evaluate_scalar,
    names_in,
    parse,
    variables_in,
)
from engine.library import Function, Group, Library, Site
from engine.protocol import FailureKind
from engine.refusal import over_limit, refused
from engine.values import DtypeValue


@dataclass(frozen=True)
class Vector:
    """A tensor of one axis: enough to see what the evaluator hands over."""

    numbers: tuple[float, ...]


@dataclass(frozen=True)
class Scale:
    """A layer that multiplies; `seed` shows which site it was built at."""

    factor: float
    seed: int = 0


class VectorArithmetic:
    """What the runtime does for tensors, done for vectors."""

    def handles(self, value: object) -> bool:
        return isinstance(value, Vector | Scale)

    def binary(self, operator: type[ast.operator], left: object, right: object) -> object:
        if operator is ast.MatMult and isinstance(left, Vector) and isinstance(right, Vector):
            return sum(a * b for a, b in zip(left.numbers, right.numbers, strict=True))
        if operator is ast.Add and isinstance(left, Vector) and isinstance(right, int | float):
            return Vector(tuple(a + right for a in left.numbers))
        raise refused("cannot-calculate", operator="?", left="@tensor", right="@tensor")

    def unary(self, operator: type[ast.unaryop], operand: object) -> object:
        assert operator is ast.USub
        assert isinstance(operand, Vector)
        return Vector(tuple(-a for a in operand.numbers))

    def compare(self, operator: type[ast.cmpop], left: object, right: object) -> object:
        assert operator is ast.Lt
        assert isinstance(left, Vector)
        assert isinstance(right, int | float)
        return Vector(tuple(float(a < right) for a in left.numbers))

    def subscript(self, value: object, index: object) -> object:
        assert isinstance(value, Vector)
        if isinstance(index, slice):
            return Vector(value.numbers[index])
        if isinstance(index, int):
            return value.numbers[index]
        return index

    def truth(self, value: object) -> bool:
        if not isinstance(value, Vector) or len(value.numbers) != 1:
            raise refused("not-a-condition", value="@tensor")
        return bool(value.numbers[0])

    def apply(
        self, value: object, args: tuple[object, ...], kwargs: Mapping[str, object], site: Site
    ) -> object:
        assert isinstance(value, Scale)
        (vector,) = args
        assert isinstance(vector, Vector)
        return Vector(tuple(value.factor * a for a in vector.numbers))

    def attribute(self, value: object, name: str) -> object:
        assert isinstance(value, Vector)
        return (len(value.numbers),) if name == "shape" else value


def _vector(*numbers: object) -> Vector:
    return Vector(tuple(float(n) for n in numbers if isinstance(n, int | float)))


def _total(x: object) -> object:
    return sum(x.numbers) if isinstance(x, Vector) else SCALARS["sum"].call(x)


def _scale(factor: object, bias: object = True, *, site: Site) -> Scale:
    if not isinstance(factor, int | float):
        raise refused("number-expected", argument="factor", function="Scale", got="@value")
    if bias not in (True, False):
        raise over_limit("number-too-large", argument="bias")
    return Scale(float(factor), site.seed)


def _twice(evaluator: Evaluator, node: ast.Call) -> object:
    first, second = (evaluator.evaluate_node(node.args[0]) for _ in range(2))
    return first, second, evaluator.call_site(node).column


def _broken(kind: object) -> object:
    raise {1: ZeroDivisionError, 2: OverflowError, 3: RuntimeError, 4: KeyError}[int(str(kind))](
        "first line\nsecond line"
    )


def _listed(*functions: Function) -> Library:
    return {**SCALARS, **{function.name: function for function in functions}}


LIBRARY = _listed(
    Function("vector", _vector, Group.TENSOR),
    Function("sum", _total, Group.FUNCTION, method=True),
    Function("Scale", _scale, Group.LAYER, sited=True),
    Function("twice", _twice, Group.FUNCTION, lazy=True),
    Function("broken", _broken, Group.FUNCTION),
)


def scope_of(names: Mapping[str, object], seed: int = 0) -> Evaluator:
    return Evaluator(LIBRARY, names, VectorArithmetic(), seed=seed)


def evaluate(source: str, **names: object) -> object:
    return scope_of(names).evaluate(source)


def refusal(source: str, **names: object) -> Refused:
    with pytest.raises(Refused) as caught:
        evaluate(source, **names)
    return caught.value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3", 7),
        ("2 ** 10 // 3 % 100", 41),
        ("-7 // 2", -4),
        ("7 / 2", 3.5),
        ("2 ** -1", 0.5),
        ("-2 ** 2", -4),
        ("+3 - -3", 6),
        ("True + True", 2),
        ("1 < 2 < 3", True),
        ("1 < 2 > 3", False),
        ("3 != 3.0", False),
        ("not 0", True),
        ("0 or 5", 5),
        ("0 and (1 / 0)", 0),
        ("1 or (1 / 0)", 1),
        ("'same' if 1 > 2 else None", None),
        ("5 if 2 > 1 else 1 / 0", 5),
        ("(1, 2) + (3,)", (1, 2, 3)),
        ("2 * (1, 2)", (1, 2, 1, 2)),
        ("(1, 2) * -1", ()),
        ("(1, 2) == [1, 2]", True),
        ("(1, (2, 3)) != (1, (2, 4))", True),
        ("(1, 2, 3)[-1]", 3),
        ("(1, 2, 3)[::-1]", (3, 2, 1)),
        ("[1, 2, 3][1:]", (2, 3)),
        ("ceil(7 / 2) + floor(-0.5)", 3),
        ("round(2.5) + round(3.5)", 6),
        ("round(3.14159, 2)", 3.14),
        ("max(1, 5, 3) - min((4, 2))", 3),
        ("len((1, 2)) * prod((2, 3, 4)) + sum([1, 2])", 51),
        ("log2(8) + sqrt(16) + abs(-2)", 9.0),
        ("exp(1000)", math.inf),
        ("log(0)", -math.inf),
        ("1e3 + 0x10 + 1_000", 2016.0),
        ("float16 == torch.float16", True),
        ("float16 == 'float16'", True),
        ("float16 == float32", False),
        ("torch.pi == pi", True),
        ("  1 +\n\t2  # three", 3),
    ],
)
def test_plain_values(source: str, value: object) -> None:
    result = evaluate(source)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize("source", ["nan", "sqrt(-1)", "log(-1)", "inf - inf", "max(1, nan)"])
def test_not_a_number(source: str) -> None:
    value = evaluate(source)
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("vector(1, 2) @ vector(3, 4)", 11.0),
        ("vector(1, 2) + 1", Vector((2.0, 3.0))),
        ("-vector(1, 2)", Vector((-1.0, -2.0))),
        ("vector(1, 2).shape", (2,)),
        ("vector(1, 2).T.shape[0] + 1", 3),
        ("vector(1, 2).sum()", 3.0),
        ("(vector(1, 2) + 1).sum()", 5.0),
        ("torch.sum(vector(1, 2))", 3.0),
        ("vector(1, 2, 3)[1:]", Vector((2.0, 3.0))),
        ("vector(1)[0, 1:2, None]", (0, slice(1, 2, None), None)),
        ("nn.Scale(3)(vector(1, 2))", Vector((3.0, 6.0))),
        ("torch.nn.functional.sum((1, 2))", 3),
        ("5 if vector(1) < 2 else 6", 5),
        ("not vector(0)", True),
        ("0 < 1 < vector(1).sum() + 1", True),
    ],
)
def test_values_of_the_runtime(source: str, value: object) -> None:
    assert evaluate(source) == value


def test_a_binding_can_be_called_and_read() -> None:
    scope = scope_of({"c": 3})
    scope.bind("model", "Scale(c)")
    scope.bind("x", "vector(1, c)")
    assert scope.evaluate("model(x)") == Vector((3.0, 9.0))
    assert ast.unparse(scope.sources["model"]) == "Scale(c)"


def test_a_drawn_text_that_names_a_dtype_is_the_dtype() -> None:
    assert evaluate("d", d="bfloat16") == DtypeValue("bfloat16")
    assert evaluate("d == float16", d="float16") is True
    assert evaluate("d == 'same'", d="same") is True
    assert evaluate("d", d=["float16", 3]) == (DtypeValue("float16"), 3)


def test_a_lazy_function_gets_the_unevaluated_call() -> None:
    assert evaluate("1, twice(2 + 3)") == (1, (5, 5, 4))


def _seed_of(scope: Evaluator, source: str, where: str) -> int:
    layer = scope.evaluate(source, where=where)
    assert isinstance(layer, Scale)
    return layer.seed


def test_a_site_depends_on_job_seed_binding_and_position_and_on_nothing_else() -> None:
    first = _seed_of(scope_of({}, 1), "Scale(2)", "a")
    assert first == _seed_of(scope_of({"c": 5}, 1), "Scale(3)", "a")
    others = {
        _seed_of(scope_of({}, 2), "Scale(2)", "a"),
        _seed_of(scope_of({}, 1), "Scale(2)", "b"),
        _seed_of(scope_of({}, 1), " Scale(2)", "a"),
    }
    assert first == _seed_of(scope_of({}, 1), "Scale(2000)", "a")
    assert len(others | {first}) == 4
    assert all(0 <= seed < 2**63 for seed in others)


def test_calls_that_start_at_one_character_have_seeds_of_their_own() -> None:
    call = parse("Scale(2)(x).sum()")
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    scope, inner = scope_of({}), call.func.value
    assert isinstance(inner, ast.Call)
    assert isinstance(inner.func, ast.Call)
    sites = [scope.call_site(node) for node in (call, inner, inner.func)]
    assert len({site.seed for site in sites}) == 3
    assert {site.column for site in sites} == {1}


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("", "empty", None),
        ("  # nothing", "empty", None),
        ("1 +", "bad-syntax", 3),
        ("(1, 2", "bracket-not-closed", 1),
        ("(1]", "bracket-not-closed", 1),
        ("1)", "bracket-not-opened", 2),
        ("x = 3", "no-assignment", 3),
        ("1 + (y := 3)", "no-assignment", 6),
        ("lambda: 1", "no-lambda", 1),
        ("[i for i in (1, 2)]", "no-comprehension", 1),
        ("sum(i for i in (1, 2))", "no-comprehension", 4),
        ("{1: 2}", "no-dictionary", 1),
        ("{1, 2}", "no-dictionary", 1),
        ("max(*(1, 2))", "no-star", 5),
        ("max(**nan)", "no-star", 5),
        ("f'{1}'", "no-formatted-text", 1),
        ("max(f'1')", "no-formatted-text", 5),
        ("...", "not-in-language", 1),
        ("b'1'", "not-in-language", 1),
        ("1j", "number-then-letter", 2),
        ("64x32", "number-then-letter", 3),
        ("2 ^ 3", "operator-refused", 1),
        ("1 in (1, 2)", "operator-refused", 1),
        ("1 is 1", "operator-refused", 1),
        ("~1", "operator-refused", 1),
        ("import os", "bad-syntax", 1),
        ("await x", "not-in-language", 1),
        ("yield", "bad-syntax", 1),
        ("__import__('os')", "private-name", 1),
        ("max(__a=1)", "private-name", 5),
        ("(1).__class__", "private-name", 5),
        ("vector(1).numbers", "no-attribute", 11),
        ("os.system('x')", "no-method", 4),
        ("vector(1).vector()", "no-method", 11),
        ("vector(1).twice()", "no-method", 11),
        ("torch.nn.functional", "prefix-alone", 1),
        ("nn.Module", "unknown-name", 1),
        ("nn", "prefix-alone", 1),
        ("nn(1)", "prefix-alone", 1),
        ("ceil", "function-not-called", 1),
        ("nn.Scale", "function-not-called", 1),
        ("pi(3)", "not-callable", 1),
        ("3(4)", "not-callable", 1),
        ("float16(4)", "not-callable", 1),
        ("(1, 2).shape", "attribute-of-value", 8),
        ("'text'", "text-not-argument", 1),
        ("'a' * 3", "text-not-argument", 1),
        ("1 + ceil(y)", "unknown-name", 10),
        ("sqrt(1, 2)", "too-many-arguments", 1),
        ("sqrt()", "missing-argument", 1),
        ("sqrt(y=1)", "unexpected-argument", 1),
        ("sqrt(x=1, x=2)", "argument-twice", 11),
        ("sqrt(1, x=2)", "argument-twice", 1),
        ("Scale(1, site=3)", "unexpected-argument", 1),
        ("1 / 0", "division-by-zero", 3),
        ("1 % 0.0", "division-by-zero", 3),
        ("0 ** -1", "division-by-zero", 3),
        ("(-8) ** (1 / 3)", "not-real", 6),
        ("1 @ 2", "cannot-calculate", 3),
        ("(1, 2) - (1,)", "cannot-calculate", 8),
        ("1 + None", "cannot-calculate", 3),
        ("float16 + 1", "cannot-calculate", 9),
        ("-(1, 2)", "cannot-negate", 1),
        ("(1, 2) < (1, 3)", "cannot-compare", 1),
        ("1 if (1, 2) else 2", "not-a-condition", 1),
        ("not None", "not-a-condition", 1),
        ("3[0]", "cannot-index", 1),
        ("(1, 2)[2]", "tuple-index-out-of-range", 1),
        ("(1, 2)[True]", "bad-index", 1),
        ("(1, 2)[::0]", "bad-index", 8),
        ("(1, 2)[:True]", "bad-index", 8),
        ("vector(1, 2)[:vector(1)]", "bad-index", 14),
        ("(1, 2)[[0]]", "list-as-index", 8),
        ("lambda: [1 for i in x]", "no-lambda", 1),
        ("max(f'1', lambda: 2)", "no-formatted-text", 5),
        ("k² + 1", "odd-character-meant", 2),
        ("（1 + 2)", "odd-character-meant", 1),
        ("3 × 4", "odd-character-meant", 3),
        ("(1, 2)[0, 1]", "bad-index", 1),
        ("floor(nan)", "not-finite", 1),
        ("ceil((1, 2))", "number-expected", 1),
        ("sum(3)", "tuple-expected", 1),
        ("prod(3, (4,))", "tuple-expected", 1),
        ("max(())", "nothing-given", 1),
        ("broken(1)", "division-by-zero", 1),
        ("broken(3)", "call-failed", 1),
        ("broken(4)", "call-failed", 1),
        ("Scale(None)", "number-expected", 7),
        ("Scale(factor=None)", "number-expected", 14),
    ],
)
def test_wrong_expressions_are_refused(source: str, code: str, column: int | None) -> None:
    found = refusal(source)
    assert (found.code, found.kind) == (code, FailureKind.EXPRESSION)
    assert found.column == column
    assert found.source == source


@pytest.mark.parametrize("source", ["broken(2)", "2.0 ** 5000", "Scale(1, 7)"])
def test_a_refusal_by_size_is_a_limit(source: str) -> None:
    assert (refusal(source).code, refusal(source).kind) == ("number-too-large", FailureKind.LIMIT)


def test_the_cause_of_a_failed_call_is_kept() -> None:
    found = refusal("broken(3)")
    assert isinstance(found.__cause__, RuntimeError)
    assert found.detail("reason") == "first line"


def test_columns_count_characters_not_bytes() -> None:
    assert refusal("通道 + ｙ", 通道=1).code == "odd-name"
    assert refusal("  通道 * 2 + missing", 通道=1).column == 12
    assert refusal("1 +\n  missing").column == 7


@pytest.mark.parametrize(
    ("source", "nearest"),
    [("cel(3)", "ceil"), ("SCALE(2)", "Scale"), ("widht", "width"), ("sqrt(w=1)", ""),
     ("Scale(1, bais=1)", "bias"), ("vector(1).sun()", "sum"), ("xyzzy", ""), ("Module", "")],
)  # fmt: skip
def test_the_nearest_listed_name_is_offered(source: str, nearest: str) -> None:
    assert refusal(source, width=1).detail("nearest") == nearest


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ceil", "shadows-listed"),
        ("Scale", "shadows-listed"),
        ("nan", "shadows-listed"),
        ("float16", "shadows-listed"),
        ("nn", "shadows-listed"),
        ("functional", "shadows-listed"),
        ("_x", "private-name"),
        ("a b", "bad-binding"),
        ("lambda", "bad-binding"),
        ("n" * 99, "bad-binding"),
        ("ｎａｎ", "odd-name"),
        ("ﬁt", "odd-name"),
    ],
)
def test_names_that_may_not_be_bound(name: str, code: str) -> None:
    with pytest.raises(Refused) as drawn:
        scope_of({name: 1})
    with pytest.raises(Refused) as bound:
        scope_of({}).bind(name, "1")
    for caught in (drawn, bound):
        assert (caught.value.code, caught.value.where) == (code, name)


def test_a_name_is_bound_once() -> None:
    with pytest.raises(Refused, match="bound-twice"):
        scope_of({"c": 1}).bind("c", "2")


def test_a_failing_binding_says_which() -> None:
    with pytest.raises(Refused) as caught:
        scope_of({}).bind("model", "Scale(missing)")
    failure = caught.value.failure()
    assert (failure.where, failure.source, failure.column) == ("model", "Scale(missing)", 7)


def test_folded_letters_cannot_smuggle_a_name() -> None:
    assert refusal("ｓum((1, 2))").code == "odd-name"
    assert refusal("x.ſhape").code == "odd-name"
    assert refusal("ﬂoor(2.5)").code == "odd-name"


def test_a_deadline_stops_an_evaluation() -> None:
    scope = Evaluator(LIBRARY, {}, VectorArithmetic(), deadline=time.monotonic() - 1)
    with pytest.raises(Refused) as caught:
        scope.evaluate("1 + 1")
    assert caught.value.kind is FailureKind.TIMEOUT


def test_formulas_are_plain() -> None:
    assert evaluate_scalar("k*k*c + (c if bias else 0)", {"k": 3, "c": 4, "bias": True}) == 40
    assert evaluate_scalar("d", {"d": "float16"}) == "float16"
    assert evaluate_scalar("(1, [2, float32])", {}) == (1, (2, "float32"))
    with pytest.raises(Refused, match="unknown-name"):
        evaluate_scalar("vector(1)", {})


def test_what_an_expression_mentions() -> None:
    source = "nn.Conv2d(c, 2*c, k)(x.sum() + float16).shape[0] + layer(y) * 3.5 - torch.pi"
    assert names_in(source) == {"c", "k", "x", "y"}
    assert calls_in(source) == {"Conv2d", "sum", "layer"}
    assert constants_in(source) == {0, 2, 3.5}
    assert constants_in("(True, None, -7)") == {7}


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("trajectory(w * w + b, (1.0, 2.0), SGD(lr=a), n)", {"w", "b"}),
        ("gradient(x ** 2 * c, x=3.0)", {"x"}),
        ("gradient(gradient(x ** 3, x), x=2.0) + y", {"x"}),
        ("gradient_check(x ** 3, x=2.0, step=h)", {"x", "step"}),
        ("softmax(x)", set()),
    ],
)
def test_variables_of_an_expression(source: str, variables: set[str]) -> None:
    assert variables_in(source) == variables


ATOMS = st.sampled_from(
    ["0", "1", "-3", "2.5", "1e300", "10**9", "nan", "inf", "True", "None", "'same'", "()", "n",
     "(1, 2)", "[3]", "float16", "vector(1, 2)", "Scale(2)", "missing", "torch.nn", "nn.Scale"]
)  # fmt: skip
WITH_ONE = ["-{}", "not {}", "({})", "({},)", "ceil({})", "sum({})", "{}.shape", "{}.sum()",
            "{}[0]", "{}[1:]", "{}[None]", "Scale({})", "twice({})", "broken({})", "exp({})",
            "round({})", "len({})", "max({})", "{}.T", "vector(*{})", "{}()"]  # fmt: skip
WITH_TWO = ["{} + {}", "{} * {}", "{} - {}", "{} / {}", "{} // {}", "{} % {}", "{} ** {}",
            "{} @ {}", "{} < {} <= 3", "{} == {}", "{} and {}", "{} or {}", "{}({})", "[{}, {}]",
            "{}[{}]", "max({}, {})", "round({}, {})", "{}[{}:]", "Scale({}, bias={})",
            "1 if {} else {}"]  # fmt: skip
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(str.format, st.sampled_from(WITH_ONE), inner),
        st.builds(str.format, st.sampled_from(WITH_TWO), inner, inner),
        st.builds("{} if {} else {}".format, inner, inner, inner),
    ),
    max_leaves=25,
)


def check_outcome(source: str) -> None:
    """Any outcome but a value or a located refusal is an error of the test."""
    try:
        evaluate(source, n=3)
    except Refused as found:
        failure = found.failure()
    else:
        return
    assert failure.source == source
    assert failure.column is None or 1 <= failure.column <= len(source) + 1


@settings(max_examples=400, deadline=60_000)
@given(EXPRESSIONS)
def test_random_expressions_have_a_value_or_a_refusal(source: str) -> None:
    check_outcome(source)


@settings(max_examples=400, deadline=60_000)
@given(st.text(max_size=60) | st.text(alphabet="()[]{}+-*/.,:'\"\\ \n\t1aé_=<>#&", max_size=80))
def test_random_text_has_a_value_or_a_refusal(source: str) -> None:
    check_outcome(source)


WHOLE = st.recursive(
    st.integers(0, 20).map(str),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "<", "=="]), inner),
        st.builds("(-{})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} and {})".format, inner, inner),
        st.builds("max({}, {})".format, inner, inner),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=60_000)
@given(WHOLE)
def test_plain_arithmetic_is_what_python_makes_of_it(source: str) -> None:
    assert evaluate(source) == eval(source, {"__builtins__": {}, "max": max})


def test_trees_are_cached_and_never_changed() -> None:
    source = "Scale(c)(x) + (c if c else 0)"
    before = ast.dump(parse(source), include_attributes=True)
    with pytest.raises(Refused):
        evaluate(source, c=1)
    assert parse(source) is parse(source)
    assert ast.dump(parse(source), include_attributes=True) == before


def test_long_expressions_within_the_limits_work() -> None:
    terms = limits.DEPTH - 1
    assert evaluate(" + ".join(["1"] * terms)) == terms
    many = ", ".join(["1"] * 1000)
    assert evaluate(f"sum(({many}))") == 1000
