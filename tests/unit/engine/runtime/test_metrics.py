"""Metrics against plain counting; sizes of splits, folds and epochs."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
import torch
from measuring import measured, numbers, refusal
from torch.utils.data import DataLoader, random_split

TABLE = "binary_confusion(tp=8, fn=2, fp=1, tn=89)"
LAZY = "binary_confusion(tp=0, fn=10, fp=0, tn=90)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # eval.accuracy, eval.recall
        (f"accuracy({TABLE})", 0.97),
        (f"accuracy({LAZY})", 0.90),
        (f"recall({TABLE})", 0.8),
        (f"sensitivity({TABLE})", 0.8),
        (f"precision({TABLE})", 8 / 9),
        (f"recall({LAZY})", 0.0),
        (f"precision({LAZY})", 0.0),
        (f"precision({LAZY}, zero_division=nan)", math.nan),
        (f"specificity({TABLE})", 89 / 90),
        (f"specificity({TABLE}, positive=0)", 0.8),
        (f"recall({TABLE}, positive=0)", 89 / 90),
        (f"f1_score({TABLE})", 16 / 19),
        (f"f1_score({TABLE}, beta=2.)", 5 * 8 / (5 * 8 + 4 * 2 + 1)),
        (f"f1_score({TABLE}, average='micro')", 0.97),
        (f"recall({TABLE}, average='macro')", (89 / 90 + 0.8) / 2),
        ("accuracy(tensor([[0, 0], [0, 0]]))", math.nan),
        # One of ten classes guessed evenly.
        ("perplexity(cross_entropy(zeros(1, 10), tensor([3])))", 10.0),
        ("perplexity(tensor([1., 3.]))", math.exp(2)),
        ("perplexity(3.32192809, unit='bits')", 10.0),
        ("perplexity(10000.)", math.inf),
        ("perplexity(0)", 1.0),
        # data.holdout, data.kfold, train.epoch
        ("holdout_sizes(1000, 0.2)", (800, 200)),
        ("holdout_sizes(10, 0.1)", (9, 1)),
        ("holdout_sizes(11, 0.1)", (9, 2)),
        ("split_sizes(70000, (5/7, 1/7, 1/7))", (50000, 10000, 10000)),
        ("split_sizes(100, (0.29, 0.71))", (29, 71)),
        ("kfold_sizes(1000, 5)", (200,) * 5),
        ("kfold_sizes(11, 3)", (4, 4, 3)),
        ("kfold_split(1000, 5)", (800, 200)),
        ("kfold_split(11, 3, 2)", (8, 3)),
        ("steps_per_epoch(50000, 128)", 391),
        ("steps_per_epoch(60000, 128)", 469),
        ("training_steps(50000, 128, 5)", 1955),
        ("training_steps(50000, 128, 5, drop_last=True)", 1950),
        ("last_batch(50000, 128)", 80),
        ("last_batch(256, 128)", 128),
        ("steps_per_epoch(0, 4)", 0),
        ("last_batch(0, 4)", 0),
        ("steps_per_epoch(10**15, 1)", 10**15),
    ],
)
def test_worked_numbers(source: str, expected: object) -> None:
    found = measured(source)
    assert type(found) is type(expected)
    assert found == pytest.approx(expected, rel=1e-7, nan_ok=True)


def _counted(guess: list[int], truth: list[int], kind: int) -> tuple[int, int, int, int]:
    """TP, FN, FP, TN by looking at every pair."""
    pairs = [(g == kind, t == kind) for g, t in zip(guess, truth, strict=True)]
    return (pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)),
            pairs.count((False, False)))  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_metrics_are_those_of_counting(seed: int) -> None:
    rng = random.Random(seed)
    truth = [rng.randrange(4) for _ in range(40)] + [3]
    guess = [t if rng.random() < 0.6 else rng.randrange(3) for t in truth]
    lets: dict[str, Any] = {"g": f"tensor({guess})", "t": f"tensor({truth})"}
    matrix = [[sum((t, g) == (row, column) for g, t in zip(guess, truth, strict=True))
               for column in range(4)] for row in range(4)]  # fmt: skip
    assert numbers("confusion_matrix(g, t)", **lets) == tuple(map(tuple, matrix))
    tables = [_counted(guess, truth, kind) for kind in range(4)]
    support = [truth.count(kind) for kind in range(4)]
    formulas: dict[str, Any] = {
        "precision": lambda tp, fn, fp, tn: (tp, tp + fp),
        "recall": lambda tp, fn, fp, tn: (tp, tp + fn),
        "specificity": lambda tp, fn, fp, tn: (tn, tn + fp),
        "f1_score": lambda tp, fn, fp, tn: (2 * tp, 2 * tp + fn + fp),
    }
    for name, formula in formulas.items():
        parts = [formula(*table) for table in tables]
        each = [over / under if under else 0.0 for over, under in parts]
        micro = sum(over for over, _ in parts) / sum(under for _, under in parts)
        weighted = sum(x * n for x, n in zip(each, support, strict=True)) / len(truth)
        expected = {"macro": sum(each) / 4, "micro": micro, "weighted": weighted}
        for average, figure in expected.items():
            assert measured(f"{name}(g, t, average='{average}')", **lets) == pytest.approx(figure)
        assert numbers(f"{name}(g, t, average='none')", **lets) == pytest.approx(tuple(each))
        assert measured(f"{name}(g, t, positive=2)", **lets) == pytest.approx(each[2])
        by_matrix = measured(f"{name}(confusion_matrix(g, t), average='macro')", **lets)
        assert by_matrix == pytest.approx(expected["macro"])
    right = sum(g == t for g, t in zip(guess, truth, strict=True)) / len(truth)
    assert measured("accuracy(g, t)", **lets) == pytest.approx(right)


def test_scores_count_by_their_largest() -> None:
    scores = "tensor([[.1, .9, 0.], [.8, .1, .1], [.2, .5, .3]])"
    assert measured(f"accuracy({scores}, tensor([1, 0, 2]))") == pytest.approx(2 / 3)
    assert numbers(f"confusion_matrix({scores}, tensor([1, 0, 1]))") == (
        (1, 0, 0), (0, 2, 0), (0, 0, 0))  # fmt: skip


@pytest.mark.filterwarnings("ignore:Length of split")
@pytest.mark.parametrize(
    ("n", "shares"),
    [(1000, (0.8, 0.2)), (11, (0.7, 0.2, 0.1)), (7, (0.5, 0.5)), (2, (0.4, 0.3, 0.3))],
)
def test_a_split_is_torchs(n: int, shares: tuple[float, ...]) -> None:
    parts: Any = random_split(range(n), shares)  # type: ignore[arg-type]
    assert measured(f"split_sizes({n}, {shares})") == tuple(len(part) for part in parts)


@pytest.mark.parametrize(("n", "batch"), [(10, 3), (9, 3), (2, 5), (1, 1)])
def test_steps_are_those_of_a_loader(n: int, batch: int) -> None:
    data = torch.arange(n)
    for drop in (False, True):
        loader: Any = DataLoader(data, batch_size=batch, drop_last=drop)  # type: ignore[arg-type]
        assert measured(f"steps_per_epoch({n}, {batch}, {drop})") == len(list(loader))
    plain: Any = DataLoader(data, batch_size=batch)  # type: ignore[arg-type]
    assert measured(f"last_batch({n}, {batch})") == len(list(plain)[-1])


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("accuracy(tensor([1, 0]), tensor([1]))", "loss-shapes"),
        ("accuracy(tensor([1., 0.]), tensor([1, 0]))", "loss-class-numbers"),
        ("accuracy(tensor([1, -1]), tensor([1, 0]))", "class-out-of-range"),
        ("accuracy(tensor([10**9]), tensor([0]))", "class-out-of-range"),
        ("confusion_matrix(tensor([5]), tensor([0]), classes=3)", "class-out-of-range"),
        ("accuracy(zeros(2, 3))", "confusion-shape"),
        ("accuracy(tensor([[1, -1], [0, 0]]))", "confusion-shape"),
        ("accuracy(zeros(2, 2))", "dtype-unsupported"),
        ("precision(tensor([[1, 0], [0, 1]]), positive=2)", "class-out-of-range"),
        ("precision(tensor([[1, 0], [0, 1]]), average='mean')", "argument-word"),
        ("binary_confusion(1, 2, 3, -4)", "argument-too-small"),
        ("split_sizes(10, (0.5, 0.4))", "shares-sum"),
        ("split_sizes(10, 0.5)", "argument-shape"),
        ("split_sizes(10, (nan, 1.))", "argument-number"),
        ("split_sizes(10, (1.5, -0.5))", "argument-range"),
        ("holdout_sizes(10, 1.5)", "argument-range"),
        ("holdout_sizes(2.5)", "argument-whole"),
        ("kfold_sizes(3, 5)", "too-few-samples"),
        ("kfold_sizes(10, 1)", "argument-too-small"),
        ("kfold_sizes(10**9, 10**9)", "argument-too-large"),
        ("kfold_split(10, 5, 5)", "argument-range"),
        ("steps_per_epoch(10, 0)", "argument-too-small"),
        ("steps_per_epoch(10**16, 1)", "argument-too-large"),
    ],
)
def test_what_cannot_be_counted_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code
