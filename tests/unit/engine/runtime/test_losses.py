"""Losses and their gradients against torch itself, the textbooks' forms against their formulas."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from measuring import measured, numbers, refusal
from torch.nn import functional

from engine.values import TensorValue

TOLERANCE = {"float64": 1e-12, "float32": 1e-5, "float16": 4e-3}

HOW = [("none", "float64"), ("none", "float32"), ("none", "float16"), ("sum", "float64"),
       ("mean", "float64"), ("mean", "float16")]  # fmt: skip
"""Reductions and dtypes: not each with each, for the sake of time."""


def flat(data: object) -> list[float]:
    if isinstance(data, tuple):
        return [x for part in data for x in flat(part)]
    assert isinstance(data, (bool, int, float))
    return [data]


def value(source: str, **lets: Any) -> list[float]:
    """All numbers of a tensor."""
    return flat(numbers(source, **lets))


def drawn(shape: tuple[int, ...], seed: int, dtype: str) -> torch.Tensor:
    """What `randn(shape, seed=seed, dtype=dtype)` gives."""
    made = torch.randn(shape, generator=torch.Generator().manual_seed(seed),
                       dtype=getattr(torch, dtype))  # fmt: skip
    return made.requires_grad_()


# Name and arguments behind x, the prediction from z, the target from t: the same text for both.
PAIRS = [
    ("mse_loss", "", "{}", "{}"),
    ("l1_loss", "", "{}", "{}"),
    ("smooth_l1_loss", ", beta=0.5", "{}", "{}"),
    ("huber_loss", ", delta=0.7", "{}", "{}"),
    ("poisson_nll_loss", "", "{}", "{}.abs()"),
    ("poisson_nll_loss", ", log_input=False, full=True", "{}.abs()", "{}.abs()"),
    ("binary_cross_entropy", "", "{}.sigmoid()", "{}.sigmoid()"),
    ("binary_cross_entropy_with_logits", "", "{}", "{}.sigmoid()"),
    ("soft_margin_loss", "", "{}", "{}.sign()"),
    ("hinge_embedding_loss", ", margin=0.5", "{}", "{}.sign()"),
    ("kl_div", "", "{}.log_softmax(-1)", "{}.softmax(-1)"),
    ("kl_div", ", log_target=True", "{}.log_softmax(-1)", "{}.log_softmax(-1)"),
]


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")
@pytest.mark.parametrize(("reduction", "dtype"), HOW)
@pytest.mark.parametrize(("name", "rest", "x", "target"), PAIRS)
def test_pairs_agree_with_torch(
    name: str, rest: str, x: str, target: str, reduction: str, dtype: str
) -> None:
    rest = f"{rest}, reduction='{reduction}'"
    lets: dict[str, Any] = {
        "z": f"randn(3, 4, seed=1, dtype={dtype})",
        "t": f"randn(3, 4, seed=2, dtype={dtype})",
    }
    source = f"{name}({x.format('z')}, {target.format('t')}{rest})"
    z, t = drawn((3, 4), 1, dtype), drawn((3, 4), 2, dtype).detach()
    expected = eval(
        f"functional.{name}({x.format('z')}, {target.format('t')}{rest})",
        {"functional": functional, "z": z, "t": t},
    )
    kept = TOLERANCE[dtype]
    assert value(source, **lets) == pytest.approx(flat_of(expected), rel=kept, abs=kept)
    slope = torch.autograd.grad(expected.sum(), z)[0]
    measured_slope = value(f"gradient(sum({source}), z)", **lets)
    assert measured_slope == pytest.approx(flat_of(slope), rel=4 * kept, abs=4 * kept)


def flat_of(x: torch.Tensor) -> list[float]:
    return [float(y) for y in x.detach().flatten().tolist()]


CLASSES = [
    ("cross_entropy", "", "tensor([2, 0, 1])"),
    ("cross_entropy", ", label_smoothing=0.1", "tensor([2, 0, 1])"),
    ("cross_entropy", ", ignore_index=0", "tensor([2, 0, 1])"),
    ("cross_entropy", ", tensor([1., 2., 3., 4.])", "tensor([2, 0, 1])"),
    ("cross_entropy", ", tensor([1., 2., 3., 4.]), ignore_index=1, label_smoothing=0.2",
     "tensor([2, 0, 1])"),
    ("cross_entropy", ", tensor([1., 2., 3., 4.]), label_smoothing=0.2", "t.softmax(1)"),
    ("nll_loss", ", tensor([1., 2., 3., 4.]), ignore_index=1", "tensor([2, 0, 1])"),
    ("multi_margin_loss", ", p=2, margin=0.5", "tensor([2, 0, 1])"),
]  # fmt: skip


@pytest.mark.parametrize(("reduction", "dtype"), HOW)
@pytest.mark.parametrize(("name", "rest", "target"), CLASSES)
def test_losses_of_classes_agree_with_torch(
    name: str, rest: str, target: str, reduction: str, dtype: str
) -> None:
    if name == "multi_margin_loss" and dtype == "float16":
        pytest.skip("torch has none for float16 on the CPU")
    rest += f", reduction='{reduction}'"
    lets: dict[str, Any] = {
        "z": f"randn(3, 4, seed=1, dtype={dtype})",
        "t": f"randn(3, 4, seed=2, dtype={dtype})",
    }
    source = f"{name}(z, {target}{rest})"
    z, t = drawn((3, 4), 1, dtype), drawn((3, 4), 2, dtype).detach()
    weight = f"dtype=torch.{dtype})" if "tensor([1., 2." in rest else ""
    text = f"functional.{name}(z, {target}{rest.replace('4.])', '4.], ' + weight)})"
    expected = eval(text, {"functional": functional, "tensor": torch.tensor, "torch": torch,
                           "z": z, "t": t})  # fmt: skip
    kept = TOLERANCE[dtype]
    assert value(source, **lets) == pytest.approx(flat_of(expected), rel=kept, abs=kept)
    slope = flat_of(torch.autograd.grad(expected.sum(), z)[0])
    found = value(f"gradient(sum({source}), z)", **lets)
    assert found == pytest.approx(slope, rel=4 * kept, abs=4 * kept)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    "rest", ["", ", tensor([1., 2., 3., 4.])", ", label_smoothing=0.2", ", ignore_index=0",
             ", tensor([1., 2., 3., 4.]), ignore_index=0, label_smoothing=0.2"]
)  # fmt: skip
@pytest.mark.parametrize("target", ["tensor([2, 0, 1])", "softmax(t)"])
def test_cross_entropy_of_probabilities_is_that_of_their_logits(
    target: str, rest: str, reduction: str
) -> None:
    if "ignore" in rest and target == "softmax(t)":
        assert refusal(f"cross_entropy(zeros(1, 4), ones(1, 4){rest})").code == (
            "ignore-needs-numbers"
        )
        return
    lets: dict[str, Any] = {
        "z": "randn(3, 4, seed=1, dtype=float64)",
        "t": "randn(3, 4, seed=2, dtype=float64)",
    }
    rest += f", reduction='{reduction}'"
    expected = value(f"cross_entropy(z, {target}{rest})", **lets)
    for x, given in (("softmax(z)", "probabilities"), ("log_softmax(z)", "log-probabilities")):
        source = f"cross_entropy({x}, {target}{rest}, given='{given}')"
        assert value(source, **lets) == pytest.approx(expected, rel=1e-12), given
        slope = value(f"gradient(sum({source}), z)", **lets)
        assert slope == pytest.approx(
            value(f"gradient(sum(cross_entropy(z, {target}{rest})), z)", **lets), abs=1e-12
        )


def test_maps_of_classes_agree_with_torch() -> None:
    """(N, C, d) with class numbers (N, d)."""
    lets: dict[str, Any] = {
        "z": "randn(2, 3, 4, seed=1)",
        "t": "tensor([[0, 1, 2, 0], [2, 2, 1, 0]])",
    }
    z = drawn((2, 3, 4), 1, "float32")
    t = torch.tensor([[0, 1, 2, 0], [2, 2, 1, 0]])
    expected = functional.cross_entropy(z, t)
    assert value("cross_entropy(z, t)", **lets) == pytest.approx([expected.item()], rel=1e-5)
    by_hand = "cross_entropy(softmax(z, 1), t, given='probabilities')"
    assert value(by_hand, **lets) == pytest.approx([expected.item()], rel=1e-5)


TRIPLES = [
    ("margin_ranking_loss", ", margin=0.3", "{0}, {1}, {2}.sign()"),
    ("triplet_margin_loss", ", margin=0.7, p=3, swap=True", "{0}, {1}, {2}"),
    ("cosine_embedding_loss", ", margin=0.1", "{0}, {1}, {2}.sign()[:, 0]"),
    ("gaussian_nll_loss", ", full=True", "{0}, {1}, {2}.exp()"),
]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("name", "rest", "arguments"), TRIPLES)
def test_losses_of_three_agree_with_torch(
    name: str, rest: str, arguments: str, reduction: str, dtype: str
) -> None:
    names = ("z", "a", "b")
    lets: dict[str, Any] = {
        key: f"randn(3, 4, seed={i}, dtype={dtype})" for i, key in enumerate(names)
    }
    tensors = {key: drawn((3, 4), i, dtype) for i, key in enumerate(names)}
    text = f"{name}({arguments.format(*names)}{rest}, reduction='{reduction}')"
    expected = eval(f"functional.{text}", {"functional": functional, **tensors})
    kept = TOLERANCE[dtype]
    assert value(text, **lets) == pytest.approx(flat_of(expected), rel=kept, abs=kept)
    slope = flat_of(torch.autograd.grad(expected.sum(), tensors["z"])[0])
    assert value(f"gradient(sum({text}), z)", **lets) == pytest.approx(slope, rel=1e-4, abs=1e-5)


LAYERS = [
    "MSELoss()", "L1Loss(reduction='sum')", "SmoothL1Loss(beta=0.5)", "HuberLoss(delta=2.)",
    "PoissonNLLLoss(full=True)", "BCEWithLogitsLoss()", "SoftMarginLoss()",
    "HingeEmbeddingLoss(0.5)", "KLDivLoss(reduction='batchmean')",
]  # fmt: skip


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_agree_with_torch(layer: str) -> None:
    lets: dict[str, Any] = {"z": "randn(3, 4, seed=1)", "t": "softmax(randn(3, 4, seed=2))"}
    z, t = drawn((3, 4), 1, "float32").detach(), drawn((3, 4), 2, "float32").detach().softmax(-1)
    expected = eval(f"torch.nn.{layer}", {"torch": torch})(z, t)
    assert value(f"nn.{layer}(z, t)", **lets) == pytest.approx(flat_of(expected), rel=1e-5)


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        ("CrossEntropyLoss(tensor([1., 2., 3., 4.]), label_smoothing=0.1)(z, k)",
         "cross_entropy(z, k, tensor([1., 2., 3., 4.]), label_smoothing=0.1)"),
        ("NLLLoss(ignore_index=1)(log_softmax(z), k)", "cross_entropy(z, k, ignore_index=1)"),
        ("BCELoss()(sigmoid(z), sigmoid(a))",
         "binary_cross_entropy_with_logits(z, sigmoid(a))"),
        ("BCEWithLogitsLoss(pos_weight=tensor([2.]))(z, sigmoid(a))",
         "binary_cross_entropy_with_logits(z, sigmoid(a), pos_weight=tensor([2.]))"),
        ("MultiMarginLoss(2, 0.5)(z, k)", "multi_margin_loss(z, k, 2, 0.5)"),
        ("MarginRankingLoss(0.5)(z, a, sign(a))", "margin_ranking_loss(z, a, sign(a), 0.5)"),
        ("TripletMarginLoss()(z, a, z + 1)", "triplet_margin_loss(z, a, z + 1)"),
        ("CosineEmbeddingLoss()(z, a, tensor([1, -1, 1]))",
         "cosine_embedding_loss(z, a, tensor([1, -1, 1]))"),
        ("GaussianNLLLoss()(z, a, exp(z))", "gaussian_nll_loss(z, a, exp(z))"),
    ],
)  # fmt: skip
def test_a_layer_is_its_function(layer: str, function: str) -> None:
    lets: dict[str, Any] = {
        "z": "randn(3, 4, seed=1)",
        "a": "randn(3, 4, seed=2)",
        "k": "tensor([2, 0, 1])",
    }
    assert value(layer, **lets) == pytest.approx(value(function, **lets), rel=1e-5)
    slope = value(f"gradient({layer}, z)", **lets)
    assert slope == pytest.approx(value(f"gradient({function}, z)", **lets), rel=1e-4, abs=1e-6)


Y, P = "tensor([3., -0.5, 2., 7.])", "tensor([2.5, 0., 2., 8.])"
OUTLIER = "tensor([0.5, -0.5, 0.3, -0.3, 10.])"
SIGNS, SCORES = "tensor([1., -1., 1., -1.])", "tensor([0.8, -1.5, -0.3, 0.2])"
P10 = "tensor([[.1, .05, .6, 0., .05, .1, 0., .1, 0., 0.]])"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # loss.purpose
        ("smooth_l1_loss(tensor([0.5, 2.]), zeros(2), 'none')", [0.125, 1.5]),
        # loss.mse
        (f"mse_loss({P}, {Y})", [0.375]),
        (f"mse_loss({P}, {Y}, 'sum')", [1.5]),
        (f"mse_loss({P}, {Y}, 'sum', half=True)", [0.75]),
        # loss.mae
        (f"mse_loss({OUTLIER}, zeros(5))", [20.136]),
        (f"l1_loss({OUTLIER}, zeros(5))", [2.32]),
        # loss.msle
        ("msle_loss(tensor([50., 150., 200.]), full((3,), 100.), 'none')",
         [0.46689, 0.16173, 0.47360]),
        ("msle_loss(tensor([5e4]), tensor([1e5]))", [0.4804]),
        ("msle_loss(tensor([-5.]), tensor([100.]), clip=1e-5)", [21.299]),
        ("msle_loss(tensor([-5.]), tensor([-100.]), clip=1e-5)", [0.0]),
        # loss.mape
        ("mape_loss(tensor([110., 180.]), tensor([100., 200.]))", [10.0]),
        ("mape_loss(tensor([0., 300.]), tensor([100., 100.]), 'none')", [100.0, 200.0]),
        ("mape_loss(tensor([1.]), tensor([0.]), clip=1e-5)", [1e7]),
        ("mape_loss(tensor([1.]), tensor([0.]))", [math.inf]),
        # loss.logistic
        ("binary_cross_entropy(tensor([.9, .1, .5]), ones(3), reduction='none')",
         [0.10536, 2.30259, 0.69315]),
        ("logistic_loss(log(tensor([.9, .1, .5]) / (1 - tensor([.9, .1, .5]))), ones(3), 'none')",
         [0.10536, 2.30259, 0.69315]),
        # loss.nll and loss.cross-entropy
        (f"nll_loss({P10}, tensor([2]), given='probabilities')", [0.5108]),
        (f"cross_entropy({P10}, one_hot(tensor([2]), 10) * 1., given='probabilities')", [0.5108]),
        ("cross_entropy(zeros(1, 10), tensor([3]))", [2.302585]),
        ("cross_entropy(tensor([[1., 2., 3.]]), tensor([2]))", [0.407606]),
        # loss.hinge and loss.exponential
        (f"hinge_loss({SCORES}, {SIGNS}, 'none')", [0.2, 0.0, 1.3, 1.2]),
        (f"hinge_loss({SCORES}, {SIGNS})", [0.675]),
        ("hinge_loss(tensor([3., -3.]), zeros(2), 'none')", [1.0, 1.0]),
        (f"exponential_loss({SCORES}, {SIGNS}, 'sum')", [3.24372]),
        (f"exponential_loss({SCORES}, {SIGNS})", [0.81093]),
        ("stack((exponential_loss(m, y), hinge_loss(m, y), logistic_loss(m, y)))",
         [148.413, 6.0, 5.0067]),
        # adv.gan
        ("gan_value(full((3,), .5), full((2,), .5))", [-1.3863]),
        ("discriminator_loss(zeros(3), zeros(3))", [1.3863]),
        # adv.contrastive
        ("info_nce(tensor([1., 0., 0., 0.]), temperature=0.5)", [0.34075]),
        ("info_nce(tensor([1., 0., 0., 0.]), temperature=0.1)", [0.000136]),
        ("info_nce(zeros(4), 3)", [1.38629]),
        # adv.distillation
        ("distillation_loss(tensor([5., 2., 0.]), tensor([5., 2., 0.]), 4.)", [0.0]),
        ("kl_divergence(tensor([.5, .5, 0.]), tensor([.25, .25, .5]))", [math.log(2)]),
        ("kl_divergence(tensor([.5, .5]), tensor([1., 0.]))", [math.inf]),
        ("contrastive_loss(tensor([.5, .5, 3.]), tensor([1., 0., 0.]), 2., 'none')",
         [0.125, 1.125, 0.0]),
    ],
)  # fmt: skip
def test_worked_numbers(source: str, expected: list[float]) -> None:
    found = value(source, m="tensor([-5.])", y="tensor([1.])")
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("source", "z", "expected"),
    [
        ("cross_entropy(z, tensor([2]))", "tensor([[1., 2., 3.]])", [0.09003, 0.24473, -0.33476]),
        ("sum(binary_cross_entropy_with_logits(z, ones(4), reduction='none'))",
         "tensor([-5., -2., 0., 2.])", [-0.99331, -0.88080, -0.5, -0.11920]),
        ("mse_loss(sigmoid(z), ones(1), half=True)", "tensor([-5.])", [-0.006604]),
        ("mse_loss(sigmoid(z), ones(1))", "tensor([-5.])", [-0.01321]),
        ("generator_loss(z)", "tensor([-4.])", [-0.9820]),
        ("generator_loss(z, 'saturating')", "tensor([-4.])", [-0.0180]),
        ("msle_loss(z, tensor([100.]), clip=1e-5)", "tensor([-5.])", [0.0]),
        ("hinge_loss(z, zeros(1))", "tensor([3.])", [0.0]),
        ("cross_entropy(z, tensor([2]), given='probabilities')", P10,
         [0, 0, -1 / 0.6, 0, 0, 0, 0, 0, 0, 0]),
    ],
)  # fmt: skip
def test_worked_slopes(source: str, z: str, expected: list[float]) -> None:
    assert value(f"gradient({source}, z)", z=z) == pytest.approx(expected, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("cross_entropy(tensor([[1e4, 0., -1e4]]), tensor([0]))", 0.0),
        ("cross_entropy(tensor([[1e4, 0., -1e4]]), tensor([2]))", 2e4),
        ("cross_entropy(tensor([[5.]]), tensor([0]))", 0.0),
        ("cross_entropy(tensor([5., 5.]), tensor(1))", math.log(2)),
        ("binary_cross_entropy_with_logits(tensor([1e4]), tensor([0.]))", 1e4),
        ("logistic_loss(tensor([-1e4]), tensor([1.]))", 1e4),
        ("logistic_loss(tensor([1e4]), tensor([0.]), labels='bits')", 1e4),
        ("binary_cross_entropy(tensor([0.]), tensor([1.]))", 100.0),
        ("binary_cross_entropy(tensor([0.]), tensor([1.]), cut=False)", math.inf),
        ("binary_cross_entropy(tensor([0., 1.]), tensor([0., 1.]), cut=False)", 0.0),
        ("nll_loss(tensor([[0., 1.]]), tensor([0]), given='probabilities')", math.inf),
        ("mse_loss(3., 1.)", 4.0),
        ("mse_loss(zeros(0), zeros(0))", math.nan),
        ("mse_loss(tensor([nan]), tensor([1.]))", math.nan),
        ("binary_cross_entropy_with_logits(tensor([2.]), tensor([0]))", 2.126928),
        ("cosine_similarity(zeros(2), ones(2), 0)", 0.0),
        ("cross_entropy(zeros(2, 3), tensor([-100, 1]))", math.log(3)),
        ("cross_entropy(zeros(1, 3), tensor([-100]))", math.nan),
    ],
)
def test_hard_inputs(source: str, expected: float) -> None:
    assert value(source) == pytest.approx([expected], rel=1e-5, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("mse_loss(zeros(3), zeros(3, 1))", "loss-shapes"),
        ("msle_loss(zeros(3), zeros(4))", "loss-shapes"),
        ("hinge_loss(zeros(3), zeros(4))", "loss-shapes"),
        ("cross_entropy(zeros(2, 3), tensor([0, 3]))", "class-out-of-range"),
        ("cross_entropy(zeros(2, 3), tensor([0, -1]))", "class-out-of-range"),
        ("cross_entropy(zeros(2, 3), tensor([0]))", "loss-class-shape"),
        ("cross_entropy(zeros(2, 3), tensor([[0, 0, 1], [1, 0, 0]]))", "loss-one-hot"),
        ("cross_entropy(zeros(2, 3), zeros(2))", "loss-shapes"),
        ("cross_entropy(zeros(2, 3), tensor([True, False]))", "loss-class-numbers"),
        ("cross_entropy(tensor([[1, 2]]), tensor([0]))", "dtype-unsupported"),
        ("cross_entropy(tensor(1.), tensor(0))", "loss-classes-axis"),
        ("cross_entropy(zeros(2, 3), tensor([0, 1]), tensor([1., 2.]))", "wrong-shape"),
        ("cross_entropy(tensor([[2., 0.]]), tensor([0]), given='probabilities')",
         "argument-range"),
        ("cross_entropy(zeros(1, 3), tensor([0]), label_smoothing=2.)", "argument-range"),
        ("nll_loss(zeros(2, 3), zeros(2))", "loss-class-numbers"),
        ("binary_cross_entropy(tensor([1.5]), tensor([1.]))", "argument-range"),
        ("binary_cross_entropy(zeros(2), zeros(2), ones(3))", "shapes-do-not-broadcast"),
        ("binary_cross_entropy(zeros(1), zeros(1), ones(3))", "wrong-shape"),
        ("gaussian_nll_loss(zeros(1), zeros(1), tensor([-1.]))", "argument-range"),
        ("huber_loss(zeros(1), zeros(1), delta=0.)", "argument-range"),
        ("mse_loss(zeros(1), zeros(1), 'average')", "argument-word"),
        ("info_nce(zeros(4), 4)", "index-out-of-range"),
        ("info_nce(zeros(4), temperature=0.)", "argument-range"),
        ("gan_value(tensor([2.]), tensor([.5]))", "argument-range"),
        ("cosine_embedding_loss(zeros(2, 3), zeros(2, 3), ones(3))", "loss-class-shape"),
        ("cosine_similarity(zeros(3), zeros(4), 0)", "shapes-do-not-broadcast"),
        ("cosine_similarity(zeros(10**5, 1), zeros(1, 10**5))", "too-many-elements"),
        ("CrossEntropyLoss()(zeros(1, 3))", "loss-inputs"),
        ("CrossEntropyLoss()(zeros(1, 3), tensor([7]))", "class-out-of-range"),
        ("MSELoss()(zeros(3), zeros(4))", "loss-shapes"),
        ("distillation_loss(zeros(3), zeros(4))", "loss-shapes"),
    ],
)  # fmt: skip
def test_what_a_loss_cannot_take_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code


def test_a_loss_layer_has_no_parameters_and_its_code_is_torchs() -> None:
    assert measured("parameters(CrossEntropyLoss(tensor([1., 2.])))") == 0
    text = str(measured("code(CrossEntropyLoss(weight=tensor([1., 2.])))"))
    assert text == "nn.CrossEntropyLoss(weight=tensor([1.0, 2.0]))"


def test_a_loss_keeps_its_dtype() -> None:
    for name in ("mse_loss", "hinge_loss", "msle_loss", "mape_loss"):
        found = measured(f"{name}(ones(3, dtype=float16), ones(3, dtype=float16))")
        assert isinstance(found, TensorValue)
        assert found.dtype == "float16", name
