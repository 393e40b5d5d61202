"""The practice program: a network of 784, 512 and 10 that reads digits, at lab size and in full."""

from __future__ import annotations

import math
import time

import pytest
from runs import found

from engine.protocol import Job, Measure, Measured, Progress
from engine.runtime.job import run
from engine.values import RunValue

NETWORK = ("Sequential(Flatten(), initialised(Linear(784, 512), 'xavier_uniform'), ReLU(), "
           "Dropout(0.3), initialised(Linear(512, 10), 'xavier_uniform'))")  # fmt: skip
OPTIMIZER = "RMSprop(lr=1e-3, alpha=0.9, eps=1e-7)"


def program(training: int, held: int, difficulty: str = "easy") -> dict[str, str]:
    """The whole program: digits, split, network and run, one line each."""
    return {
        "d": f"make_digits({training + 2 * held}, '{difficulty}')",
        "v": f"first_samples(d, {held})",
        "t": f"first_samples(samples_after(d, {held}), {training})",
        "e": f"samples_after(d, {held + training})",
        "net": NETWORK,
        "r": f"train(net, t, 'cross_entropy', {OPTIMIZER}, epochs=5, batch=128, validation=v)",
    }


def test_counts_and_memory_are_the_curriculums() -> None:
    told = found("parameters(net)", "macs(net, (1, 784))", "2 * macs(net, (1, 784))",
                 "2 * training_macs(net, (1, 784))", "parameters(net[1])", "parameters(net[4])",
                 "steps_per_epoch(50000, 128)", "training_steps(50000, 128, 5)",
                 "last_batch(50000, 128)", "4 * parameters(net)",
                 "max(abs(weight_of(net[1]))) <= sqrt(6 / (784 + 512))",
                 "max(abs(weight_of(net[4]))) <= sqrt(6 / (512 + 10))", net=NETWORK)  # fmt: skip
    assert [told.values[n] for n in range(10)] == [
        407_050, 406_528, 813_056, 1_636_352, 401_920, 5_130, 391, 1_955, 80, 1_628_200,
    ]  # fmt: skip
    assert told.number(10) == told.number(11) == 1.0


def test_at_lab_size_it_learns_in_a_moment() -> None:
    lets = program(5000, 1000)
    start = time.process_time()
    told = found("r", "epoch_accuracies(r)", "validation_accuracies(r)", "evaluated(r, e)",
                 "validation_steps(r)", "epoch_losses(r)", given=lets)  # fmt: skip
    taken = time.process_time() - start
    value = told.run(0)
    assert value.steps == tuple(range(201))
    assert value.ended == ""
    assert abs(value.losses[0] - math.log(10)) < 0.35
    accuracies, held = told.numbers(1), told.numbers(2)
    assert len(accuracies) == 5
    assert accuracies[0] < 0.9 < accuracies[-1]
    assert held[-1] > 0.94
    assert told.numbers(3)[1] > 0.94
    assert told.numbers(4) == (0, 40, 80, 120, 160, 200)
    losses = told.numbers(5)
    assert losses[0] > losses[1] > losses[-1]
    assert taken < 5  # about one second on an idle machine


def test_few_hard_digits_are_learned_by_heart() -> None:
    lets = program(1000, 1000, "hard") | {"net": NETWORK.replace("Dropout(0.3), ", "")}
    lets["r"] = lets["r"].replace("epochs=5", "epochs=20")
    told = found("epoch_accuracies(r)[-1]", "validation_accuracies(r)[-1]", "validation_losses(r)",
                 given=lets)  # fmt: skip
    assert told.number(0) > 0.97
    assert told.number(1) < 0.8
    held = told.numbers(2)
    assert held[-1] > min(held)


@pytest.mark.slow
def test_in_full_it_takes_1955_steps_and_tells_how_far_it_is() -> None:
    words: list[Progress] = []
    lets = tuple(program(50_000, 10_000).items())
    job = Job((Measure("run", "r"), Measure("test", "evaluated(r, e)")), (), lets, 0, "cpu")
    outcome = run(job, time.monotonic() + 600, words.append)
    assert isinstance(outcome, Measured)
    value, told = outcome.values
    assert isinstance(value, RunValue)
    assert value.steps[-1] == 1955
    assert len(value.steps) <= 500
    assert value.validation_steps == tuple(range(0, 1956, 391))
    assert value.validation_accuracies[-1] > 0.98
    assert isinstance(told, tuple)
    assert isinstance(told[1], float)
    assert told[1] > 0.98
    assert len(words) > 10
    assert (words[-1].step, words[-1].steps) == (1955, 1955)
    assert any(word.validation for word in words)
