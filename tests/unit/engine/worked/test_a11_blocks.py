"""Worked numbers of chapter A11, further building blocks."""

from __future__ import annotations

from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

QUERY = {"q": "tensor([[1., 0]])", "k": "eye(2)", "v": "10 * eye(2)"}
DIGITS = {"m": "mlp(784, 512, 10)"}
RINGS = {
    "y": "arange(256) % 2",
    "r": "0.5 + 0.7 * y + 0.08 * randn(256)",
    "t": "2 * pi * rand(256)",
    "x": "stack((r * cos(t), r * sin(t)), dim=1)",
    "block": "Sequential(Linear(32, 32), Tanh())",
}
# Five seeds gave 2e-5 to 8e-5 and 0.11 to 0.28; sixty of PyTorch alone spread as far as this.
FADING = Between(3e-6, 1.3e-3)
KEPT = Between(0.02, 0.9)
DEEP = {
    "plain": "Sequential(Linear(2, 32), Tanh(), Repeat(19, block), Linear(32, 1))",
    "skipping": "Sequential(Linear(2, 32), Tanh(), Repeat(19, Residual(block)), Linear(32, 1))",
}
PRUNED = {
    "w": "abs(weight_of(Linear(784, 512))).flatten()",
    "n": "numel(w)",
    "least": "min(topk(w, n - round(0.9 * n)))",
    "kept": "where(w >= least, w, zeros_like(w))",
}


def chain(block: str) -> dict[str, str]:
    """Twenty blocks in a row, one unit wide."""
    return {"m": f"Repeat(20, {block})", "x": "ones(1, 1, dtype=float32)"}


def slope(weight: float) -> str:
    """A linear layer of one unit and that slope."""
    return f"initialised(Linear(1, 1), 'constant', value={weight})"


ROWS = (
    Worked("adv.transfer", "parameters(Linear(512, 10))", 5130),
    Worked("adv.transfer", "parameters(m)", 407_050, lets=DIGITS),
    Worked("adv.transfer", "100 * parameters(part(m, '2')) / parameters(m)", 1.26, 0.005, DIGITS),
    *(
        Worked(
            "adv.skip",
            "g[0] / g[-1]",
            ratio,
            lets=RINGS
            | {
                "m": DEEP[net],
                "g": "gradient_norms(binary_cross_entropy_with_logits("
                "m(x).squeeze(-1), y.float()), m, bias=False)",
            },
            seed=seed,
        )
        for net, ratio in (("plain", FADING), ("skipping", KEPT))
        for seed in range(3)
    ),
    *(
        Worked(
            "adv.residual",
            "item(gradient(m(x).sum(), x))",
            value,
            lets=chain(block),
            tolerance=tolerance,
        )
        for block, value, tolerance in (
            (slope(0.5), 9.5e-7, 5e-9),
            (f"Residual({slope(0.5)})", 3325.0, 0.5),
            (f"Residual({slope(0.05)})", 2.65, 0.005),
        )
    ),
    Worked("adv.attention", "attention_weights(q, k)", ((0.66976, 0.33024),), lets=QUERY),
    Worked("adv.attention", "attention(q, k, v)", ((6.6976, 3.3024),), lets=QUERY),
    Worked(
        "adv.attention", "scaled_dot_product_attention(q, k, v)", ((6.6976, 3.3024),), lets=QUERY
    ),
    *(
        Worked(
            "adv.self-attention",
            f"numel(attention_weights(zeros({n}, 8), zeros({n}, 8)))",
            n * n,
        )
        for n in (16, 32)
    ),
    Worked("adv.multi-head", "parameters(MultiheadAttention(64, 8))", 16_640),
    Worked("adv.multi-head", "parameters(MultiheadAttention(64, 1))", 16_640),
    Worked("adv.positional", "positional_encoding(2, 4)[1]", (0.84147, 0.54030, 0.0100, 0.99995)),
    Worked(
        "adv.positional",
        "item(max(abs(attention(flip(x, (0,)), flip(x, (0,)), flip(x, (0,)))"
        " - flip(attention(x, x, x), (0,)))))",
        Between(0.0, 2e-6),
        lets={"x": "randn(5, 64)"},
    ),
    Worked("adv.gan", "item(gan_value(full(4, 0.5), full(4, 0.5)))", -1.3863),
    Worked(
        "adv.gan",
        "gradient(generator_loss(z, form='saturating'), z)",
        -0.0180,
        lets={"z": "-4.0"},
    ),
    Worked("adv.gan", "gradient(generator_loss(z), z)", -0.9820, lets={"z": "-4.0"}),
    *(
        Worked(
            "adv.contrastive",
            f"item(info_nce(tensor({similarity}, dtype=float64), temperature={tau}))",
            value,
            tolerance=tolerance,
        )
        for similarity, tau, value, tolerance in (
            ("[1., 0, 0, 0]", 0.5, 0.34075, 6e-6),
            ("[1., 0, 0, 0]", 0.1, 0.000136, 5e-7),
            ("[1., 1, 1, 1]", 0.1, 1.38629, 6e-6),
        )
    ),
    Worked("adv.self-supervised", "item(cross_entropy(zeros(1, 4), tensor([2])))", 1.3863),
    Worked("adv.mixed-precision", "memory(m)", 1_628_200, lets=DIGITS),
    Worked("adv.mixed-precision", "memory(m, dtype=float16)", 814_100, lets=DIGITS),
    Worked("adv.mixed-precision", "largest(float16)", 65_504),
    Worked("adv.mixed-precision", "item(cast(tensor(1e-8), float16))", 0.0),
    Worked("adv.mixed-precision", "item(tensor(2048., dtype=float16) + 1)", 2048.0),
    Worked("adv.mixed-precision", "item(cast(tensor(1.001), bfloat16))", 1.0),
    Worked("adv.mixed-precision", "largest(bfloat16) / 1e38", 3.39, tolerance=0.005),
    *(
        Worked("adv.distillation", f"softmax(tensor([5., 2, 0]) / {t})", shares)
        for t, shares in ((1, (0.9465, 0.0471, 0.0064)), (4, (0.5685, 0.2686, 0.1629)))
    ),
    Worked("adv.pruning", "n", 401_408, lets=PRUNED),
    Worked("adv.pruning", "count_nonzero(kept)", 40_141, lets=PRUNED),
    Worked("adv.pruning", "memory(kept) - memory(w)", 0, lets=PRUNED),
    Worked("adv.pruning", "parameters(mlp(784, 256, 10))", 203_530),
)

LATER = (
    ("adv.map", "states no figure"),
    ("adv.transfer", "no layer can be frozen yet; pretraining on digits needs training"),
    ("adv.skip", "losses after training"),
    ("adv.automl", "a loop over trainings; states no figure"),
    ("adv.regularisation-overview", "a comparison of trainings; states no figure"),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)
