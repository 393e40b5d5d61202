"""What is wrong or too large is refused in words, soon, with the column."""

from __future__ import annotations

import re
import string
import time
from pathlib import Path

import pytest
from measuring import measured, outcome, refusal

from engine import runtime
from engine.messages import MESSAGES, describe
from engine.protocol import Failure, FailureKind, Measured
from engine.runtime.job import preload

LIMIT, EXPRESSION = FailureKind.LIMIT, FailureKind.EXPRESSION

HOSTILE = [
    ("zeros(1, 10**9) @ zeros(10**9, 1)", LIMIT, "too-many-elements"),
    ("zeros(10**6, 10**6)", LIMIT, "too-many-elements"),
    ("rand(10**12)", LIMIT, "too-many-elements"),
    ("ones(10**5, 20000, 0)", LIMIT, "too-many-elements"),
    ("zeros(10**5, 1) + zeros(1, 10**5)", LIMIT, "too-many-elements"),
    ("zeros(10**5, 1) == zeros(1, 10**5)", LIMIT, "too-many-elements"),
    ("where(zeros(10**5, 1) > 0, zeros(1, 10**5), 0.)", LIMIT, "too-many-elements"),
    ("zeros(8192, 8192) @ zeros(8192, 8192)", LIMIT, "too-much-work"),
    ("outer(zeros(10**5), zeros(10**5))", LIMIT, "too-many-elements"),
    ("one_hot(zeros(10**5).long(), 10**5)", LIMIT, "too-many-elements"),
    ("zeros(10).repeat(10**8)", LIMIT, "too-many-elements"),
    ("zeros(1).expand(10**9)", LIMIT, "too-many-elements"),
    ("expand(5, -1, 0)", EXPRESSION, "argument-too-small"),
    ("zeros(2, 3)[..., 0, ...]", EXPRESSION, "bad-index"),
    ("(1, 2, 3)[...]", EXPRESSION, "bad-index"),
    ("zeros(2) + ...", EXPRESSION, "not-in-language"),
    ("softmax(...)", EXPRESSION, "not-in-language"),
    ("pad(zeros(1, 1), 10**5)", LIMIT, "too-many-elements"),
    ("arange(10**12)", LIMIT, "too-many-elements"),
    ("linspace(0, 1, 10**9)", LIMIT, "too-many-elements"),
    ("eye(10**5)", LIMIT, "argument-too-large"),
    ("zeros(1, 1, 1, 1, 1, 1, 1, 1, 1)", LIMIT, "too-many-dimensions"),
    ("zeros(2000, 2000)", LIMIT, "result-too-large"),
    ("conv2d(zeros(1, 1, 2000, 2000), zeros(1, 1, 1000, 1000))", LIMIT, "too-much-work"),
    ("conv_matrix(zeros(1, 1), 8000, 8000)", LIMIT, "too-many-elements"),
    ("exp(zeros(2**20, 1).expand(2**20, 100))", LIMIT, "too-many-elements"),
    ("zeros(2**26)[None].expand(9, -1)", LIMIT, "too-many-elements"),
    ("zeros(100, 10**5)[zeros(10**5).long()]", LIMIT, "too-many-elements"),
    ("Parallel(Identity(), Identity())(zeros(1, 2**25 + 1))", LIMIT, "too-many-elements"),
    ("ConvTranspose2d(1, 200, 50)(zeros(1, 1, 50, 200))", LIMIT, "too-much-work"),
    ("conv_transpose2d(zeros(1, 1, 50, 200), zeros(1, 200, 50, 50))", LIMIT, "too-much-work"),
    ("Conv2d(1, 1, 300, dtype=float64)(zeros(1, 1, 400, 400, dtype=float64))", LIMIT,
     "too-much-work"),
    ("MultiheadAttention(1, 1)(zeros(50000, 1, 1))", LIMIT, "too-much-work"),
    ("attention(zeros(50000, 1), zeros(50000, 1), zeros(50000, 1))", LIMIT, "too-many-elements"),
    ("LSTM(1, 64)(zeros(2**20, 1, 1))", LIMIT, "too-much-work"),
    ("output_shape(Conv2d(1, 1, 1), (2**30, 1, 2**20, 2**20))", LIMIT, "too-many-elements"),
    ("fft_conv2d(zeros(2**23), ones(3))", LIMIT, "too-many-elements"),
    ("max_pool2d(zeros(1, 1, 3, 3), 5)", EXPRESSION, "kernel-larger-than-input"),
    ("avg_pool2d(zeros(3, 3), 2)", EXPRESSION, "input-dimensions"),
    ("zeros(2, dtype=float16) ** 10**9", EXPRESSION, "number-too-large"),
    ("Upsample(scale_factor=1000)(zeros(1, 1, 100, 100))", LIMIT, "too-many-elements"),
    ("Linear(10**5, 10**5)(zeros(10**5))", LIMIT, "too-many-weights"),
    ("Linear(10**5, 10**5)(zeros(2, 10**5))", LIMIT, "too-much-work"),
    ("Linear(10**9, 10**9)", LIMIT, "too-many-parameters"),
    ("Conv3d(10**9, 10**9, 10**9)", LIMIT, "too-many-elements"),
    ("parameters(LSTM(10, 10, num_layers=10**5))", LIMIT, "argument-too-large"),
    ("Repeat(499, Sequential(ReLU(), ReLU()))", LIMIT, "too-many-modules"),
    ("Repeat(100, Repeat(100, ReLU()))", LIMIT, "too-many-modules"),
    ("Conv2d(3, 64, 0)", EXPRESSION, "argument-too-small"),
    ("Conv2d(-3, 64, 3)", EXPRESSION, "argument-too-small"),
    ("Conv2d(3, 64, 3, stride=0)", EXPRESSION, "argument-too-small"),
    ("Conv2d(3, 64, 3, padding=-1)", EXPRESSION, "argument-too-small"),
    ("Conv2d(3, 64, 3, dilation=0)", EXPRESSION, "argument-too-small"),
    ("Conv2d(3, 64, 3, groups=2)", EXPRESSION, "groups-do-not-divide"),
    ("Conv2d(3, 64, 3, padding='full')", EXPRESSION, "argument-word"),
    ("Conv2d(3, 64, 3, padding='same', stride=2)", EXPRESSION, "same-needs-stride-one"),
    ("Conv2d(3, 64, (3, 3, 3))", EXPRESSION, "argument-length"),
    ("Conv2d(3, 64, 2.5)", EXPRESSION, "argument-whole"),
    ("Conv2d(3, True, 3)", EXPRESSION, "argument-whole"),
    ("Conv2d(3, 64, 3, bias=1)", EXPRESSION, "argument-flag"),
    ("ConvTranspose2d(1, 1, 3, output_padding=1)", EXPRESSION, "output-padding-too-large"),
    ("MaxPool2d(0)", EXPRESSION, "argument-too-small"),
    ("MaxPool2d(2, padding=2)", EXPRESSION, "pool-padding-too-large"),
    ("MaxPool2d(2, return_indices=True)", EXPRESSION, "argument-unsupported"),
    ("Dropout(1.5)", EXPRESSION, "argument-range"),
    ("GroupNorm(3, 4)", EXPRESSION, "groups-do-not-divide"),
    ("MultiheadAttention(10, 3)", EXPRESSION, "heads-do-not-divide"),
    ("Linear(3, 2, 1, 1, 1)", EXPRESSION, "too-many-arguments"),
    ("Linear(3)", EXPRESSION, "missing-argument"),
    ("Sequential(3)", EXPRESSION, "argument-layer"),
    ("Residual(Linear(3, 4))(zeros(1, 3))", EXPRESSION, "residual-shapes"),
    ("output_shape(Parallel(Conv2d(1, 1, 1), Conv2d(1, 1, 3)), zeros(1, 1, 5, 5))",
     EXPRESSION, "branch-shapes"),
    ("output_shape(Conv2d(3, 8, 3), zeros(1, 4, 9, 9))", EXPRESSION, "channels-differ"),
    ("output_shape(Conv2d(3, 8, 3), zeros(3, 9))", EXPRESSION, "input-dimensions"),
    ("output_shape(Conv2d(3, 8, 5), zeros(1, 3, 4, 4))", EXPRESSION, "kernel-larger-than-input"),
    ("output_shape(MaxPool2d(5), zeros(1, 3, 4, 4))", EXPRESSION, "kernel-larger-than-input"),
    ("output_shape(Linear(3, 2), zeros(1, 4))", EXPRESSION, "features-differ"),
    ("output_shape(LayerNorm(5), zeros(1, 4))", EXPRESSION, "normalized-shape"),
    ("output_shape(BatchNorm2d(5), zeros(1, 4, 2, 2))", EXPRESSION, "channels-differ"),
    ("output_shape(PReLU(3), zeros(1, 4, 2, 2))", EXPRESSION, "channels-differ"),
    ("output_shape(GroupNorm(2, 4), zeros(1, 6, 2, 2))", EXPRESSION, "channels-differ"),
    ("output_shape(Embedding(5, 2), tensor([7]))", EXPRESSION, "index-beyond-table"),
    ("output_shape(Embedding(5, 2), zeros(3))", EXPRESSION, "embedding-dtype"),
    ("Linear(2, 2)(tensor([1, 2]))", EXPRESSION, "input-dtype"),
    ("Linear(2, 2)(zeros(2, dtype=float16))", EXPRESSION, "input-dtype"),
    ("output_shape(Softmax(dim=3), zeros(2, 2))", EXPRESSION, "dim-out-of-range"),
    ("tensor([1., 2.]) + tensor([1., 2., 3.])", EXPRESSION, "shapes-do-not-broadcast"),
    ("zeros(2, 3) @ zeros(2, 3)", EXPRESSION, "matrix-sizes"),
    ("tensor([1, 2]) @ tensor([1., 2.])", EXPRESSION, "dtypes-differ"),
    ("softmax(tensor([1, 2]))", EXPRESSION, "dtype-unsupported"),
    ("zeros(2).sum(dim=3)", EXPRESSION, "dim-out-of-range"),
    ("zeros(2)[5]", EXPRESSION, "index-out-of-range"),
    ("zeros(2)[0, 0]", EXPRESSION, "too-many-indices"),
    ("zeros(6).reshape(4, 4)", EXPRESSION, "reshape-impossible"),
    ("tensor([[1], [1, 2]])", EXPRESSION, "rows-differ"),
    ("tensor([[1], 2])", EXPRESSION, "rows-mixed"),
    ("tensor('abc')", EXPRESSION, "argument-numbers"),
    ("tensor([2**70])", EXPRESSION, "number-too-large"),
    ("cat((zeros(2, 2), zeros(3, 3)))", EXPRESSION, "cat-sizes"),
    ("cross_entropy(zeros(1, 3), tensor([5]))", EXPRESSION, "class-out-of-range"),
    ("one_hot(tensor([5]), 3)", EXPRESSION, "class-out-of-range"),
    ("zeros(0).max()", EXPRESSION, "nothing-to-reduce"),
    ("argmax(zeros(0))", EXPRESSION, "nothing-to-reduce"),
    ("tensor([True]) - tensor([True])", EXPRESSION, "bool-arithmetic"),
    ("-tensor([True])", EXPRESSION, "bool-arithmetic"),
    ("cat(zeros(10**6, 1))", EXPRESSION, "argument-tensors"),
    ("tensor([1]) // 0", EXPRESSION, "division-by-zero"),
    ("1 if zeros(3) else 0", EXPRESSION, "condition-tensor"),
    ("Linear(3, 2) + 1", EXPRESSION, "operand"),
    ("Linear(3, 2)()", EXPRESSION, "layer-without-input"),
    ("operations(LSTM(3, 4), zeros(2, 1, 3))", EXPRESSION, "layer-not-counted"),
    ("part(lenet5(), 'C9')", EXPRESSION, "part-unknown"),
    ("lenet5()[99]", EXPRESSION, "index-out-of-range"),
    ("parameters(3)", EXPRESSION, "argument-layer"),
    ("macs(Linear(3, 2), 5)", EXPRESSION, "argument-input"),
    ("gradient(zeros(3), 2)", EXPRESSION, "gradient-by-name"),
    ("log((zeros(2**26), zeros(2**26)))", LIMIT, "too-many-elements"),
    ("ReLU()([zeros(2**26)] * 40)", LIMIT, "too-many-elements"),
    ("abs([2, arange(6)])", EXPRESSION, "rows-mixed"),
    ("ReLU()((tensor([1.]), 2.))", EXPRESSION, "rows-mixed"),
    ("abs((zeros(2), zeros(3)))", EXPRESSION, "shapes-differ"),
    ("ReLU()((2**70, 1))", EXPRESSION, "number-too-large"),
    ("stack(ones(0, 3))", EXPRESSION, "argument-tensors"),
    ("cat(arange(6))", EXPRESSION, "axes-too-few"),
    ("diag(1)", EXPRESSION, "axes-too-few"),
    ("triu(4)", EXPRESSION, "axes-too-few"),
    ("rot90([1, 2, 3])", EXPRESSION, "axes-too-few"),
    ("layer_norm(1.)", EXPRESSION, "axes-too-few"),
    ("linear(8., 7.)", EXPRESSION, "axes-too-few"),
    ("roll(1, 8, dims=5)", EXPRESSION, "axes-too-few"),
    ("permute(zeros(2, 3), 1)", EXPRESSION, "permute-axes"),
    ("gather(zeros(2, 3), 0, tensor([1]))", EXPRESSION, "wrong-axes"),
    ("gather(zeros(3), 0, zeros(3))", EXPRESSION, "whole-numbers-needed"),
    ("zeros(2, 3).expand()", EXPRESSION, "argument-length"),
    ("zeros(3).expand(8, 4)", EXPRESSION, "sizes-differ"),
    ("arange(6).reshape(-1, -1)", EXPRESSION, "two-sides-open"),
    ("arange(1, -1)", EXPRESSION, "arange-direction"),
    ("topk(0, 3)", EXPRESSION, "argument-range"),
    ("hardtanh(eye(3), min_val=3)", EXPRESSION, "argument-too-small"),
    ("isclose(5, 3, atol=-1)", EXPRESSION, "argument-range"),
    ("isclose(5, 1e-8)", EXPRESSION, "dtypes-differ"),
    ("normalize(3)", EXPRESSION, "reals-needed"),
    ("std(tensor([1, 2]))", EXPRESSION, "reals-needed"),
    ("argmin(tensor([True]))", EXPRESSION, "reals-needed"),
    ("Linear(2, 2, dtype=int8)", EXPRESSION, "reals-needed"),
    ("dead_units(ReLU(), 3)", EXPRESSION, "reals-needed"),
    ("arange(6) ** -1", EXPRESSION, "negative-power"),
    ("binary_cross_entropy(0.5, 4.)", EXPRESSION, "probability-range"),
    ("roll(4, ())", EXPRESSION, "argument-length"),
    ("roll(eye(2), (1, 1))", EXPRESSION, "argument-length"),
    ("rot90(eye(2), dims=1)", EXPRESSION, "turn-axes"),
    ("round(2.5, tensor(0.5))", EXPRESSION, "argument-whole"),
    ("cat((zeros(2), zeros(2, 2)))", EXPRESSION, "axes-differ"),
    ("cond(tensor([[4., 0.], [nan, 0.5]]))", EXPRESSION, "values-not-finite"),
    ("topk(tensor([True]), 1)", EXPRESSION, "reals-needed"),
    ("gate(lstm_update(0., 2., 0., 0., c=1.), zeros(1))", EXPRESSION, "argument-text"),
    ("part(lenet5(), zeros(1))", EXPRESSION, "argument-text"),
    ("nn.Module", EXPRESSION, None),
    ("Linear.__init__", EXPRESSION, None),
    ("__import__('os')", EXPRESSION, None),
    ("zeros(2).tolist()", EXPRESSION, None),
    ("zeros(2).data", EXPRESSION, None),
    ("Linear(3, 2, site=3)", EXPRESSION, None),
    ("Linear(3, 2, code=3)", EXPRESSION, None),
    ("Sequential(ReLU(), code=3)", EXPRESSION, None),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What torch imports late is there, as it is in a worker."""
    preload()


@pytest.mark.parametrize(("source", "kind", "code"), HOSTILE)
def test_refused_in_words_and_soon(source: str, kind: FailureKind, code: str | None) -> None:
    start = time.process_time()
    failure = refusal(source)
    assert time.process_time() - start < 1.0
    assert failure.kind is kind, failure
    assert code is None or failure.code == code, failure
    assert failure.code not in ("operation-impossible", "call-failed", "engine-broke"), failure
    for language in ("en", "zh"):
        text = describe(failure, language)
        assert "{" not in text, text
        assert "torch." not in text.replace("torch.Size", ""), text
    assert failure.column is not None or failure.code == "result-too-large"


def test_the_column_points_at_the_argument_at_fault() -> None:
    assert refusal("Conv2d(3, 64, kernel_size=0)").column == 27
    assert refusal("Conv2d(3, 64, 0)").column == 15
    assert refusal("1 + parameters(Linear(3, -2))").column == 26


def test_every_code_has_a_message_in_both_languages() -> None:
    root = Path(str(next(iter(runtime.__path__))))
    pattern = re.compile(r'(?:refused|over_limit)\(\s*"([a-z0-9-]+)"|FailureKind\.\w+, "([a-z-]+)"')
    codes = {
        first or second
        for path in root.rglob("*.py")
        for first, second in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert len(codes) > 60
    missing = {code for code in codes if code not in MESSAGES}
    assert not missing
    for code in codes:
        texts = MESSAGES[code]
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(texts[language]) if name}
            for language in ("en", "zh")
        ]
        assert fields[0] == fields[1], code


def test_an_unavailable_device_is_a_clear_failure() -> None:
    result = outcome("zeros(2)", device="mps")
    if isinstance(result, Failure):
        assert result.code == "device-unavailable"
        assert "mps" in describe(result, "en")


def test_a_failing_measure_leaves_the_others_standing() -> None:
    result = outcome("parameters(Linear(3, 0))", "parameters(Linear(3, 2))")
    assert isinstance(result, Measured)
    assert isinstance(result.values[0], Failure)
    assert result.values[0].where == "m0"
    assert result.values[1] == 8


def test_a_failing_binding_fails_the_job() -> None:
    result = outcome("1 + 1", lets={"m": "Linear(3, 0)"})
    assert isinstance(result, Failure)
    assert (result.where, result.code, result.column) == ("m", "argument-too-small", 11)


def test_structure_of_enormous_models_is_measured_all_the_same() -> None:
    assert measured("macs(Linear(10**6, 10**6), (10**3, 10**6))") == 10**15
    assert measured("output_shape(Conv2d(3, 8, 3), (10**6, 3, 1000, 1000))[0]") == 10**6


def test_a_layer_among_others_is_shown_as_it_is_written() -> None:
    failure = refusal("triu(2, (tensor([1]), Sequential(Linear(8, 8), Tanh())))")
    for language in ("en", "zh"):
        text = describe(failure, language)
        assert "nn.Sequential(nn.Linear(8, 8), nn.Tanh())" in text
        assert "object" not in text
        assert "function" not in text


@pytest.mark.parametrize(
    ("source", "english", "chinese"),
    [
        ("parameters((float16, [1., nan]))", "not (float16, (1.0, nan)).", "而不是 (float16, "),
        ("parameters((tensor([1.]), 'same'))", "not (tensor(…), 'same').", "而不是 (tensor(…), "),
        ("parameters((None, (), (True,)))", "not (None, (), (True,)).", "而不是 (None, (), "),
        ("parameters((SGD(lr=1.), 2))", "SGD(lr=1.0), 2).", "SGD(lr=1.0), 2)"),
        ("parameters((sliding(5, 3), 1))", "not a tuple.", "而不是元组。"),
        ("parameters((1, 2, 3, 4, 5, 6, 7, 8, 9))", "not a tuple.", "而不是元组。"),
        ("parameters(sliding(5, 3))", "not a picture.", "而不是图。"),
        ("zeros_like(sliding(5, 3))", "not a picture.", "而不是图。"),
        ("zeros_like((sliding(5, 3), 1))", "not a tuple.", "而不是元组。"),
        ("gradient_check(x, x=2.0, step=Linear(2, 3))", "`step` is a layer; ", "`step` 是层，"),
    ],
)
def test_what_was_given_instead_is_named_in_words(source: str, english: str, chinese: str) -> None:
    failure = refusal(source)
    assert english in describe(failure, "en")
    assert chinese in describe(failure, "zh")


def test_tensors_in_brackets_in_brackets_are_stacked() -> None:
    assert measured("shape(abs([[zeros(2), zeros(2)], [zeros(2), zeros(2)]]))") == (2, 2, 2)
    assert measured("tensor(5).repeat()") == measured("tensor(5)")
    assert measured("tensor(5).expand()") == measured("tensor(5)")
