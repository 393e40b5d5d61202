"""The training clinic: every ailment shows its symptom, and its cure cures, over five seeds.

Data stands still (its seed is told), as in the curriculum's own runs; weights, batches and dropout
follow the seed. Ranges are the curriculum's; where they are wider a comment says why.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Final

import pytest
from runs import Found, found

LN2: Final = math.log(2)
RINGS: Final = "make_rings(seed=0)"
SMALL: Final = "mlp(2, 16, 1, activation='tanh')"
XAVIER: Final = "'xavier_normal'"
HE: Final = "'kaiming_normal'"
MOMENTUM: Final = "SGD(lr=0.05, momentum=0.9)"

Row = Callable[[int], None]


def near(value: float, expected: float, by: float) -> bool:
    return abs(value - expected) <= by


def row_1a(seed: int) -> None:
    """Learning rate too low."""

    def run(optimizer: str) -> str:
        return f"train(m, d, 'bce', {optimizer}, steps=300)"

    told = found("losses(low)", "rising_share(low)", "losses(good)", "loss_at(adam, -1)",
                 "loss_at(rms, -1)", seed=seed, d=RINGS, m=SMALL, low=run("SGD(lr=1e-4)"),
                 good=run("SGD(lr=0.5)"), adam=run("Adam(lr=0.01)"),
                 rms=run("RMSprop(lr=0.01)"))  # fmt: skip
    low, good = told.numbers(0), told.numbers(2)
    assert 0 < low[0] - low[-1] < 0.003, "almost flat"
    assert told.number(1) == 0, "every step falls"
    assert good[50] > good[100] > good[200] > good[300]
    assert 0.05 < good[300] < 0.10  # 0.063-0.092; other weights, other ends
    assert 0.012 < told.number(3) < 0.03
    assert 0.006 < told.number(4) < 0.02


def row_1b(seed: int) -> None:
    """Learning rate too high."""
    told = found("losses(high)", "rising_share(high)", "rising_share(good)", "loss_at(good, -1)",
                 seed=seed, d=RINGS, m=SMALL, high="train(m, d, 'bce', SGD(lr=300), steps=300)",
                 good="train(m, d, 'bce', SGD(lr=0.5), steps=300)")  # fmt: skip
    high = told.numbers(0)
    # Final 61-646 there; with our weights two of five runs come down to between 1 and 16. All
    # stay worse than guessing, after having been far worse.
    assert max(high) > 40
    assert high[-1] > LN2
    assert 0.2 < told.number(1) < 0.6
    assert told.number(2) < 0.02
    assert told.number(3) < 0.1


def row_1c(seed: int) -> None:
    """A constant rate hovers above the best loss."""

    def run(optimizer: str) -> str:
        return f"loss_at(train(m, d, 'mse', {optimizer}, steps=600, batch=4), -1) - best"

    told = found("best", run("SGD(lr=0.05)"), run("CosineAnnealingLR(SGD(lr=0.05), 600)"),
                 run("ExponentialLR(SGD(lr=0.05), 0.995)"), seed=seed, m="Linear(10, 1)",
                 d="make_linear(256, 10, noise=0.5, seed=0)",
                 a="cat((inputs_of(d), ones(256, 1)), 1)",
                 best="mean((a @ lstsq(a, targets_of(d)) - targets_of(d)) ** 2)")  # fmt: skip
    assert 0.2 < told.number(0) < 0.26
    assert 0.01 < told.number(1) < 0.08
    assert 0 <= told.number(2) < 0.004
    assert 0 <= told.number(3) < 0.005
    assert told.number(1) > 10 * told.number(2)


def _deep(activation: str, scheme: str, *, layers: str = "[64] * 10") -> str:
    return (f"train(initialised(mlp(2, {layers}, 1, activation='{activation}'), {scheme}), d, "
            f"'bce', {MOMENTUM}, steps=300, watch=(0, 300))")  # fmt: skip


def row_2(seed: int) -> None:
    """Weights too small and too large at the start."""
    told = found("activation_stds(tiny, 0)", "layer_gradients(tiny, 0)", "loss_at(tiny, -1)",
                 "layer_gradients(huge, 0)", "losses(huge)", "activation_stds(xavier, 0)",
                 "loss_at(xavier, -1)", "accuracy_at(xavier, -1)", "loss_at(cold, -1)",
                 "activation_stds(he, 0)", "losses(he)", seed=seed, d=RINGS,
                 tiny=_deep("tanh", "'normal', std=0.01"), huge=_deep("tanh", "'normal', std=1.0"),
                 xavier=_deep("tanh", XAVIER), cold=_deep("relu", "'normal', std=0.01"),
                 he=_deep("relu", HE))  # fmt: skip
    tiny = told.numbers(0)
    assert tiny[0] < 0.02
    assert tiny[4] < 1e-5
    assert tiny[9] < 1e-10
    assert told.numbers(1)[0] < 1e-11
    assert near(told.number(2), LN2, 1e-4)
    huge = told.numbers(3)
    assert huge[0] > 3 * huge[5] > 9 * huge[10]
    assert told.numbers(4)[0] > 1
    assert told.numbers(4)[-1] > 0.6  # one of five there came to 0.630
    assert all(0.08 < std < 0.6 for std in told.numbers(5))
    assert told.number(6) < 0.0003
    assert told.number(7) == 1.0
    assert near(told.number(8), LN2, 1e-3)
    assert all(0.1 < std < 2 for std in told.numbers(9))
    # 2.7e-7 at step 50 there; one of our five needs longer.
    assert told.numbers(10)[100] < 0.01


def row_2b(seed: int) -> None:
    """All weights equal: the units of a layer stay the same unit."""
    told = found("losses(equal_)", "max(std(weight_of(trained(equal_)[2]), 0))",
                 "loss_at(xavier, -1)", "max(std(weight_of(trained(xavier)[2]), 0))", seed=seed,
                 d=RINGS, equal_=_deep("tanh", "'constant', value=0.1"),
                 xavier=_deep("tanh", XAVIER))  # fmt: skip
    assert near(told.numbers(0)[0], 3.40, 0.05)
    assert near(told.numbers(0)[-1], 0.6912, 0.002)
    assert told.number(1) < 1e-6
    assert told.number(2) < 0.0003
    assert told.number(3) > 0.05


def row_3(seed: int) -> None:
    """An activation that saturates."""
    eight = "[32] * 8"
    told = found("layer_gradients(sigmoid_, 0)", "loss_at(sigmoid_, -1)",
                 "layer_gradients(tanh_, 0)", "loss_at(tanh_, -1)", "loss_at(relu_, -1)",
                 "loss_at(leaky, -1)", "loss_at(elu_, -1)", "loss_at(line, -1)",
                 "accuracy_at(line, -1)", seed=seed, d=RINGS,
                 sigmoid_=_deep("sigmoid", XAVIER, layers=eight),
                 tanh_=_deep("tanh", XAVIER, layers=eight), relu_=_deep("relu", HE, layers=eight),
                 leaky=_deep("leaky_relu", HE, layers=eight), elu_=_deep("elu", HE, layers=eight),
                 line=_deep("identity", XAVIER, layers=eight))  # fmt: skip
    fading, even = told.numbers(0), told.numbers(2)
    assert fading[0] < 1e-5
    assert fading[-1] > 1e-3
    assert all(a < b for a, b in pairwise(fading[:-1]))
    assert near(told.number(1), LN2, 2e-4)
    assert min(even) > 0.1 * max(even)
    assert told.number(3) < 0.001
    assert told.number(4) < 0.001
    assert told.number(5) < 0.001
    assert told.number(6) < 0.0001
    assert near(told.number(7), 0.6841, 0.001)
    assert near(told.number(8), 0.5625, 0.03)


def _narrow(activation: str, optimizer: str, bias: float = -3.0) -> str:
    layer = {"relu": "ReLU()", "leaky_relu": "LeakyReLU()", "elu": "ELU()"}[activation]
    body = f"initialised(mlp(2, 32, 32, activation='{activation}'), {HE}, bias={bias})"
    return (f"train(Sequential({body}, {layer}, initialised(Linear(32, 1), {HE})), d, 'bce', "
            f"{optimizer}, steps=500, watch=(0, 500))")  # fmt: skip


def row_3b(seed: int) -> None:
    """Dying ReLU."""
    told = found("dead_shares(dead)", "layer_gradients(dead)", "loss_at(dead, -1)",
                 "loss_at(adam, -1)", "loss_at(leaky, -1)", "loss_at(cured, -1)",
                 "loss_at(elu_, -1)", "dead_shares(fast)", "loss_at(fast, -1)",
                 "loss_at(plain, -1)", "ended(broken)", seed=seed, d=RINGS,
                 dead=_narrow("relu", "SGD(lr=0.1)"), adam=_narrow("relu", "Adam(lr=0.01)"),
                 leaky=_narrow("leaky_relu", "SGD(lr=0.1)"),
                 cured=_narrow("leaky_relu", "Adam(lr=0.01)"), elu_=_narrow("elu", "SGD(lr=0.1)"),
                 fast=_narrow("relu", "SGD(lr=10)", 0.0),
                 plain=_narrow("relu", "SGD(lr=0.1)", 0.0),
                 broken=_narrow("leaky_relu", "SGD(lr=30)", 0.0))  # fmt: skip
    assert sum(told.numbers(0)) / 2 > 0.9
    assert told.numbers(1)[0] == 0.0
    assert near(told.number(2), LN2, 1e-3)
    assert near(told.number(3), LN2, 1e-3)
    assert near(told.number(4), LN2, 1e-3), "a leak is too little for SGD"
    assert told.number(5) < 0.005
    assert told.number(6) < 0.2  # 0.010-0.028; one of our five is still on its way at 0.17
    assert sum(told.numbers(7)) / 2 > 0.75
    assert told.number(8) > 0.6
    assert told.number(9) < 0.05
    assert told.text(10) in ("nan", "inf")


def row_4(seed: int) -> None:
    """Inputs that are not scaled."""

    def run(data: str, rate: str) -> str:
        return f"train(Linear(2, 1), {data}, 'mse', SGD(lr={rate}), steps=300)"

    def network(data: str) -> str:
        return f"train({SMALL}, {data}, 'bce', SGD(lr=0.5), steps=300)"

    told = found("losses(raw)", "ended(raw)", "losses(slow)", "loss_at(div, -1)", "losses(good)",
                 "loss_at(mid, -1)", "loss_at(net, -1)", "saturated_shares(net)",
                 "loss_at(healed, -1)", "accuracy_at(healed, -1)", seed=seed,
                 d="make_linear(256, 2, noise=0.1, scales=(1, 1000), means=(0, 3000), "
                   "weights=(2, -3), bias=1, seed=0)",
                 raw=run("d", "0.1"), slow=run("d", "1e-8"), div=run("d", "1e-7"),
                 good=run("standardised(d)", "0.1"), mid=run("min_max(d)", "0.1"),
                 bad=f"scaled_data({RINGS}, (1, 500), (0, 2000))", net=network("bad"),
                 healed=network("standardised(bad)"))  # fmt: skip
    raw = told.numbers(0)
    assert told.text(1) in ("inf", "nan")
    assert len(raw) == 4, "not finite from step 3 on"
    assert raw[2] > 1e26  # 2.5e31; it starts a thousand times lower where a weight is near 0
    slow = told.numbers(2)
    assert slow[300] > 10
    assert near(slow[300], slow[100], 0.1), "stalls"
    assert told.number(3) > 1e12
    good = told.numbers(4)
    assert good[10] < 0.4  # 0.269
    assert near(good[50], 0.011, 0.002)
    assert 0.8 < told.number(5) < 1.3
    assert near(told.number(6), 0.785, 0.02)
    assert told.numbers(7) == (1.0,)
    assert 0.04 < told.number(8) < 0.07
    assert told.number(9) == 1.0


def row_5a(seed: int) -> None:
    """A model too simple."""

    def run(sizes: str) -> str:
        return f"train(mlp({sizes}, activation='tanh'), d, 'bce', Adam(lr=0.03), steps=300)"

    told = found("parameters(trained(a))", "loss_at(a, -1)", "accuracy_at(a, -1)",
                 "parameters(trained(b))", "loss_at(b, -1)", "accuracy_at(b, -1)",
                 "parameters(trained(c))", "loss_at(c, -1)", "accuracy_at(c, -1)", seed=seed,
                 d=RINGS, a=run("2, 1"), b=run("2, 2, 1"), c=run("2, 16, 1"))  # fmt: skip
    assert [told.number(place) for place in (0, 3, 6)] == [3, 9, 65]
    assert near(told.number(1), 0.6841, 0.0005)
    assert near(told.number(2), 0.5625, 0.005)
    assert 0.33 < told.number(4) < 0.38
    assert 0.83 < told.number(5) < 0.90
    assert 0.002 < told.number(7) < 0.005
    assert told.number(8) == 1.0


def row_5b(seed: int) -> None:
    """A model too complex."""

    def error(data: str, degree: int) -> str:
        fit = f"lstsq(chebyshev(inputs_of(t), {degree}), to(targets_of(t), float64))"
        return f"mean((chebyshev(inputs_of({data}), {degree}) @ {fit} - targets_of({data})) ** 2)"

    def run(width: int) -> str:
        return (f"train(mlp(1, {width}, {width}, 1, activation='tanh'), t, 'mse', Adam(lr=0.01), "
                "steps=600, validation=v)")  # fmt: skip

    measures = [error(data, degree) for degree in (1, 3, 9, 15) for data in "tv"]
    told = found(*measures, "loss_at(small, -1)", "validation_losses(small)[-1]",
                 "min(losses(big))", "validation_losses(big)[-1]", seed=seed,
                 t="make_curve(16, seed=1)", v="make_curve(200, seed=2)", small=run(4),
                 big=run(256))  # fmt: skip
    training, held = ([told.number(n) for n in range(first, 8, 2)] for first in (0, 1))
    assert training[0] > training[1] > training[2] > training[3]
    assert near(training[0], 0.230, 0.002)
    assert near(training[1], 0.034, 0.002)
    assert near(training[2], 0.015, 0.002)
    assert training[3] < 1e-20
    assert 0.2 < held[0] < 0.35
    assert 0.1 < held[1] < 0.18
    assert 0.1 < held[2] < 0.18
    assert held[3] > 5
    assert 0.015 < told.number(8) < 0.05
    assert 0.10 < told.number(9) < 0.17
    # 0.0007-0.0017 at the end; one of our five is thrown up by Adam just then.
    assert told.number(10) < 0.003
    assert told.number(11) > told.number(9)


def row_6(seed: int) -> None:
    """No regularisation."""

    def run(model: str = "mlp(2, 128, 128, 1)", rest: str = "") -> str:
        return f"train({model}, d, 'bce', Adam(lr=5e-3), steps=400, validation=v{rest})"

    told = found("loss_at(none, -1)", "validation_losses(none)", "validation_accuracies(none)[-1]",
                 "validation_losses(l2_)[-1]", "validation_accuracies(l2_)[-1]",
                 "validation_losses(l1_)[-1]",
                 "mean((abs(weight_of(trained(l1_)[2])) < 1e-3) * 1.0)",
                 "validation_losses(drop)[-1]", "validation_accuracies(drop)[-1]",
                 "validation_losses(strong)[-1]", seed=seed,
                 d="flipped_labels(make_rings(60, noise=0.15, seed=3), 8, seed=4)",
                 v="make_rings(1000, noise=0.15, seed=5)", none=run(),
                 l2_=run(rest=", l2=0.003"), l1_=run(rest=", l1=1e-3"),
                 drop=run("mlp(2, 128, 128, 1, dropout=0.5)"),
                 strong=run(rest=", l2=0.03"))  # fmt: skip
    held = told.numbers(1)
    best = min(held)
    # Other labels are wrong than in the curriculum's run: losses differ, their order does not.
    assert told.number(0) < 0.25
    assert held[-1] > 1.3 * best
    assert 0 < held.index(best) < len(held) - 1
    for place in (3, 5, 7):
        assert told.number(place) < 0.85 * held[-1]
    assert told.number(4) > 0.93
    assert told.number(8) > 0.93
    assert told.number(6) > 0.5
    assert told.number(9) > 1.2 * told.number(3)
    assert told.number(2) < told.number(4) + 0.005


def row_7a(seed: int) -> None:
    """Too little data."""

    def run(n: int) -> str:
        model = "mlp(2, 32, 32, 1, activation='tanh')"
        return f"train({model}, make_spirals({n}), 'bce', Adam(lr=0.01), steps=400)"

    few = "train(mlp(2, 32, 1, activation='tanh'), few, 'bce', Adam(lr=0.02), steps=300{})"
    told = found("loss_at(a, -1)", "evaluated(a, v)[1]", "evaluated(b, v)[1]",
                 "evaluated(c, v)[1]", "evaluated(plain, w)[1]", "evaluated(turned, w)[1]",
                 seed=seed, v="make_spirals(1000, seed=99)", a=run(16), b=run(64), c=run(256),
                 few="make_rings(8, noise=0.12)", w="make_rings(1000, noise=0.12, seed=77)",
                 plain=few.format(""), turned=few.format(", augment='rotate'"))  # fmt: skip
    assert told.number(0) < 0.01
    assert 0.55 < told.number(1) < 0.85  # 0.66-0.75; the sixteen points are others each time
    assert 0.87 < told.number(2) < 0.99
    assert told.number(3) > 0.97
    assert told.number(4) < 0.85
    assert told.number(5) > 0.98


def row_7b(seed: int) -> None:
    """Classes of unequal size."""

    def run(data: str, rest: str = "") -> str:
        return f"train({SMALL}, {data}, 'bce', Adam(lr=0.01), steps=200{rest})"

    def asked(name: str) -> list[str]:
        guess = f"(predictions({name}, t), targets_of(t))"
        return [f"accuracy{guess}", f"recall{guess}"]

    told = found(*asked("plain"), *asked("weighed"), *asked("over"), *asked("under"),
                 "loss_at(plain, -1)", seed=seed, d="make_gaussians((980, 20), seed=0)",
                 t="make_gaussians((9800, 200), seed=1)", plain=run("d"),
                 weighed=run("d", ", class_weight=(1, 49)"), over=run("oversampled(d)"),
                 under=run("undersampled(d)"))  # fmt: skip
    assert told.number(0) > 0.978
    assert told.number(1) < 0.12  # 0-0.075; one of our five finds 21 of the 200
    assert near(told.number(8), 0.06, 0.01)
    for place in (2, 4):
        assert 0.84 < told.number(place) < 0.90
        assert 0.83 < told.number(place + 1) < 0.88
    assert 0.70 < told.number(6) < 0.90
    assert 0.82 < told.number(7) < 0.92


def row_8(seed: int) -> None:
    """Too few epochs."""
    told = found("epoch_losses(r)", "validation_accuracies(r)", seed=seed,
                 d="make_spirals(seed=0)", v="make_spirals(512, seed=9)",
                 r="train(mlp(2, 32, 32, 1, activation='tanh'), d, 'bce', "
                   "SGD(lr=0.3, momentum=0.9), epochs=200, batch=64, validation=v)")  # fmt: skip
    losses, held = told.numbers(0), told.numbers(1)
    assert near(losses[1], 0.68, 0.02)
    assert near(losses[19], 0.675, 0.02)
    assert 0.4 < losses[49] < 0.69
    # 0.009-0.11 at epoch 100; in two of our five the fall comes a little later.
    assert losses[99] < 0.6
    assert losses[199] < 0.006
    assert held[20] < 0.75
    assert held[-1] > 0.985


def row_9a(seed: int) -> None:
    """Exploding gradients in a deep network."""

    def run(scheme: str, rate: str, rest: str = "") -> str:
        return (f"train(initialised(mlp(2, [64] * 12, 1), {scheme}), d, 'bce', SGD(lr={rate}), "
                f"steps=200, watch=(0,){rest})")  # fmt: skip

    double = f"{HE}, gain=2.0"
    told = found("loss_at(wild, 0)", "total_gradients(wild)[0]", "ended(wild)", "ended_at(wild)",
                 "ended_where(wild)", "ended(clipped)", "losses(clipped)", "ended(slow)",
                 "loss_at(slow, -1)", "ended(he)", "loss_at(he, -1)", "accuracy_at(he, -1)",
                 seed=seed, d=RINGS, wild=run(double, "0.01"),
                 clipped=run(double, "0.01", ", clip_norm=1.0"), slow=run(double, "1e-6"),
                 he=run(HE, "0.01"))  # fmt: skip
    assert told.number(0) > 50
    assert told.number(1) > 1e3
    assert told.text(2) in ("nan", "inf")
    assert told.number(3) <= 2
    assert "nn.Linear" in told.text(4) or told.text(4) == "loss"
    assert told.text(5) == ""
    clipped = told.numbers(6)
    assert LN2 < clipped[-1] < clipped[0], "saved, not healed"
    assert told.text(7) == ""
    assert told.number(8) > LN2
    assert told.text(9) == ""
    assert told.number(10) < 0.3
    assert told.number(11) > 0.95


def row_9b(seed: int) -> None:
    """Exploding gradients in a recurrent network."""

    def run(gain: str, rest: str = "") -> str:
        memory = "RNN(1, 32, nonlinearity='relu', batch_first=True)"
        model = (f"Sequential(initialised({memory}, 'identity', gain={gain}, std=0.1), "
                 "LastStep(), Linear(32, 1))")  # fmt: skip
        return f"train({model}, d, 'mse', SGD(lr=0.01), steps=150, watch=(){rest})"

    told = found("var(targets_of(d))", "total_gradients(wild)[0]", "ended(wild)", "ended_at(wild)",
                 "losses(clipped)", "total_gradients(calm)[0]", "loss_at(both, -1)", seed=seed,
                 d="make_sums(128, 40, seed=0)", wild=run("1.15"),
                 clipped=run("1.15", ", clip_norm=1.0"), calm=run("1.0"),
                 both=run("1.0", ", clip_norm=1.0"))  # fmt: skip
    assert near(told.number(0), 1.157, 0.01)
    assert 1e4 < told.number(1) < 4e5  # 7.7e4-2.0e5; one of our five is below
    assert told.text(2) in ("inf", "nan")
    assert told.number(3) <= 2
    clipped = told.numbers(4)
    # 0.27-0.49 at the end there; one of our five is at 1.23, as good as guessing's 1.16.
    assert max(clipped) > 50
    assert clipped[150] < 1.5
    assert 20 < told.number(5) < 90
    assert told.number(5) < told.number(1) / 100
    assert told.number(6) < 0.25


def row_10(seed: int) -> None:
    """Vanishing gradients."""

    def run(model: str) -> str:
        rest = "'bce', SGD(lr=0.01, momentum=0.9), steps=200, watch=(0,)"
        return f"train({model}, d, {rest})"

    def deep(activation: str, rest: str = "") -> str:
        return f"mlp(2, [32] * 20, 1, activation='{activation}'{rest})"

    def residual(layer: str) -> str:
        block = f"Residual(Sequential(Linear(32, 32), {layer}()))"
        return f"Sequential(Linear(2, 32), {layer}(), Repeat(19, {block}), Linear(32, 1))"

    told = found("layer_gradients(fading, 0)", "loss_at(fading, -1)", "layer_gradients(plain, 0)",
                 "loss_at(plain, -1)", "layer_gradients(xavier, 0)", "loss_at(xavier, -1)",
                 "loss_at(he, -1)", "loss_at(normed, -1)", "loss_at(relu_normed, -1)",
                 "loss_at(skipped, -1)", "loss_at(not_skipped, -1)", "layer_signals(fading, 0)",
                 seed=seed, d=RINGS, fading=run(deep("sigmoid")), plain=run(deep("tanh")),
                 xavier=run(f"initialised({deep('tanh')}, {XAVIER})"),
                 he=run(f"initialised({deep('relu')}, {HE})"),
                 normed=run(deep("sigmoid", ", norm=True")),
                 relu_normed=run(deep("relu", ", norm=True")), skipped=run(residual("Tanh")),
                 not_skipped=run(residual("Sigmoid")))  # fmt: skip
    fading = told.numbers(0)
    assert fading[0] < 1e-16
    assert fading[0] < 1e-3 * fading[5] < 1e-6 * fading[10] < 1e-9 * fading[15]
    assert told.numbers(11)[0] < 1e-10 * told.numbers(11)[-1]
    assert near(told.number(1), LN2, 1e-3)
    # 6e-7 to 0.0135 there; in one of our five the last layer's is small as well.
    assert told.numbers(2)[0] < min(1e-5, told.numbers(2)[-1] / 50)
    assert near(told.number(3), LN2, 1e-3)
    # 0.67-2.0 there; the ratio of single layers varies more over our seeds.
    assert 0.1 < told.numbers(4)[0] / told.numbers(4)[-1] < 10
    assert told.number(5) < 0.01
    assert told.number(6) < 0.01
    assert told.number(7) < 0.1
    assert told.number(8) < 0.02
    assert told.number(9) < 0.001
    assert told.number(10) > 0.6, "sigmoids with residuals fail"


def row_11(seed: int) -> None:
    """A softmax that overflows."""

    def run(data: str, loss: str) -> str:
        return f"train(m, {data}, '{loss}', SGD(lr=0.1), steps=50)"

    told = found("ended(naive)", "ended_at(naive)", "losses(scaled_)", "ended(library)",
                 "loss_at(library, -1)", "losses(shifted)", seed=seed, m="Linear(64, 3)",
                 d="scaled_data(min_max(make_blobs(300, 3, 64, noise=0.27, seed=1)), 255.0)",
                 naive=run("d", "naive_cross_entropy"),
                 scaled_=run("scaled_data(d, 1 / 255)", "naive_cross_entropy"),
                 library=run("d", "cross_entropy"),
                 shifted=run("d", "shifted_cross_entropy"))  # fmt: skip
    assert told.text(0) == "nan"
    assert told.number(1) <= 1
    assert 0.9 < told.numbers(2)[0] < 1.4  # 1.12
    assert told.numbers(2)[-1] < 0.13
    assert told.text(3) == ""
    assert told.number(4) < 0.01
    shifted = told.numbers(5)
    # Stuck at 10.75, or at half of it where one class of three is right: the gradient has died.
    assert shifted[-1] > 5
    assert near(shifted[-1], shifted[10], 1e-6)


def row_12(seed: int) -> None:
    """Softmax twice."""
    told = found("loss_at(once, -1)", "accuracy_at(once, -1)", "loss_at(twice, -1)",
                 "accuracy_at(twice, -1)", seed=seed,
                 d="scaled_data(make_blobs(1000, 10, 20, noise=0.6667, seed=1), 1.5)",
                 once="train(Linear(20, 10), d, 'cross_entropy', SGD(lr=0.5), steps=200)",
                 twice="train(Sequential(Linear(20, 10), Softmax(dim=1)), d, 'cross_entropy', "
                       "SGD(lr=0.5), steps=200)")  # fmt: skip
    assert 0.007 < told.number(0) < 0.009
    assert told.number(1) > 0.995
    assert 1.4612 < told.number(2) < 1.6
    assert told.number(3) > 0.89


def row_13(seed: int) -> None:
    """Squared error on a softmax."""
    told = found(*(f"accuracy_at({name}, {step})" for name in ("squares", "entropy")
                   for step in (20, 50, 100, 200)), seed=seed,
                 d="make_blobs(1000, 10, 20, noise=0.7, seed=0)",
                 n="Sequential(Linear(20, 32), Sigmoid(), Linear(32, 10))",
                 squares="train(Sequential(n, Softmax(dim=1)), d, 'mse', SGD(lr=0.5), steps=200)",
                 entropy="train(n, d, 'cross_entropy', SGD(lr=0.5), steps=200)")  # fmt: skip
    squares, entropy = ([told.number(n) for n in range(at, at + 4)] for at in (0, 4))
    assert squares[0] < 0.25
    assert squares[1] < 0.35
    assert squares[2] < 0.45
    assert 0.35 < squares[3] < 0.65
    assert entropy[0] > 0.9
    assert all(right > 0.98 for right in entropy[1:])


ROWS: Final[dict[str, Row]] = {
    "1a": row_1a, "1b": row_1b, "1c": row_1c, "2": row_2, "2b": row_2b, "3": row_3, "3b": row_3b,
    "4": row_4, "5a": row_5a, "5b": row_5b, "6": row_6, "7a": row_7a, "7b": row_7b, "8": row_8,
    "9a": row_9a, "9b": row_9b, "10": row_10, "11": row_11, "12": row_12, "13": row_13,
}  # fmt: skip
QUICK: Final = ("1b", "1c", "5a", "11", "12", "13")


def test_all_twenty_rows_are_here() -> None:
    assert len(ROWS) == 20
    assert Found(()).values == ()


@pytest.mark.parametrize("name", QUICK)
def test_six_rows(name: str) -> None:
    ROWS[name](0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ROWS)
def test_every_row_over_five_seeds(name: str, seed: int) -> None:
    ROWS[name](seed)
