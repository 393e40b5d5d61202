"""The trace: named steps with the draw filled in, and a table whose columns add up."""

from __future__ import annotations

import pickle

from measuring import outcome

from engine.protocol import Job, Measure, Measured, Skipped
from engine.runtime.job import ENGINE_VERSION, preload, run
from engine.values import TensorValue


def test_every_binding_and_measure_is_a_step() -> None:
    result = outcome("parameters(c)", "output_shape(c, x)", names={"k": 3, "n": 8}, trace=True,
                     lets={"c": "Conv2d(3, n, k)", "x": "zeros(1, 3, 32, 32)"})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.trace is not None
    steps = result.trace.steps
    assert [step.name for step in steps] == ["c", "x", "m0", "m1"]
    assert steps[0].expression == "nn.Conv2d(3, 8, 3)"
    assert "nn.Conv2d(3, 8, 3)" in steps[2].expression
    assert steps[2].value == 224
    assert steps[1].value == TensorValue("float32", (1, 3, 32, 32), None)
    assert all(step.seconds >= 0 for step in steps)
    (row,) = result.trace.layers
    assert row.weights == ((8, 3, 3, 3), (8,))
    assert (row.parameters, row.output_shape, row.macs) == (224, (1, 8, 30, 30), 900 * 27 * 8)
    assert pickle.loads(pickle.dumps(result)) == result


def test_a_model_without_input_has_a_table_without_shapes() -> None:
    result = outcome("parameters(Sequential(Conv2d(1, 6, 5), ReLU()))", trace=True)
    assert isinstance(result, Measured)
    assert result.trace is not None
    assert [(row.code, row.parameters, row.macs) for row in result.trace.layers] == [
        ("nn.Conv2d(1, 6, 5)", 156, None),
        ("nn.ReLU()", 0, None),
    ]


def test_columns_add_up_for_branches_attention_and_recurrence() -> None:
    for model, x in (
        ("Residual(Sequential(Conv2d(4, 4, 3, padding=1), BatchNorm2d(4)))", (1, 4, 8, 8)),
        ("Parallel(Conv2d(4, 4, 1), Sequential(Conv2d(4, 2, 1), Conv2d(2, 4, 1)))", (1, 4, 8, 8)),
        ("TransformerEncoderLayer(16, 4, 32)", (5, 2, 16)),
        ("MultiheadAttention(16, 4)", (5, 2, 16)),
        ("LSTM(4, 8, 2)", (5, 2, 4)),
        ("lenet5('paper')", (1, 1, 32, 32)),
    ):
        result = outcome(f"parameters({model})", trace=False)
        assert isinstance(result, Measured)
        total = outcome("macs(m, x)", "parameters(m)", lets={"m": model, "x": f"zeros{x}"},
                        trace=True)  # fmt: skip
        assert isinstance(total, Measured)
        assert total.trace is not None
        rows = total.trace.layers
        assert rows, model
        assert sum(row.macs or 0 for row in rows) == total.values[0], model
        assert sum(row.parameters for row in rows) == total.values[1], model


def test_paths_name_the_layers() -> None:
    result = outcome("macs(lenet5(), zeros(1, 1, 32, 32))", trace=True)
    assert isinstance(result, Measured)
    assert result.trace is not None
    names = [row.path for row in result.trace.layers]
    assert names[:3] == ["C1", "tanh1", "S2"]
    assert names[-1] == "output"


def test_a_measure_whose_condition_fails_is_skipped() -> None:
    job = Job((Measure("a", "1 / n", when="n != 0"), Measure("b", "n + 1")), names=(("n", 0),))
    result = run(job, 1e12)
    assert isinstance(result, Measured)
    assert result.values == (Skipped(), 1)


def test_a_drawn_dtype_is_a_dtype() -> None:
    result = outcome("largest(d)", "zeros(1, dtype=d)", names={"d": "float16"})
    assert isinstance(result, Measured)
    assert result.values == (65504.0, TensorValue("float16", (1,), (0.0,)))


def test_time_that_is_over_ends_the_job() -> None:
    result = run(Job((Measure("a", "1 + 1"),)), 0.0)
    assert not isinstance(result, Measured)
    assert result.kind == "timeout"


def test_preloading_is_harmless() -> None:
    preload()
    assert "torch" in ENGINE_VERSION
