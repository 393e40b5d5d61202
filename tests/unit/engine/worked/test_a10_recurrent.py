"""Worked numbers of chapter A10, recurrent networks and LSTM."""

from __future__ import annotations

from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

STEP = "lstm_update(-1., 2., 0.5, 1., c=1.5)"


def linear_rnn(rho: float) -> dict[str, str]:
    """One orthogonal matrix times rho, applied 5, 10, 20 and 40 times."""
    return {
        "q": f"weight_of(initialised(Linear(32, 32), 'orthogonal', gain={rho}))",
        "q5": "q @ q @ q @ q @ q",
        "q10": "q5 @ q5",
        "q20": "q10 @ q10",
        "q40": "q20 @ q20",
        "h": "zeros(1, 32)",
    }


def through_time(layer: str, steps: int) -> dict[str, str]:
    """A layer of 32 units over a sequence, and its output at the last step."""
    return {"m": f"{layer}(8, 32)", "x": f"randn({steps}, 4, 8)"}


def open_lstm(steps: int) -> dict[str, str]:
    """An LSTM whose forget gates start with a bias of 4."""
    return {
        "w": "recurrent_weights(LSTM(8, 32))",
        "b": "cat((w[2][:32], full(32, 4.0), w[2][64:]))",
        "c": "cat((w[3][:32], zeros(32), w[3][64:]))",
        "x": f"randn({steps}, 4, 8)",
        "h": "zeros(4, 32)",
    }


RATIO = "item(norm(g[0]) / norm(g[-1]))"
PLAIN = {"g": "gradient(m(x)[0][-1].sum(), x)"}
OPEN = {"g": "gradient(lstm_sequence(x, h, h, w[0], w[1], b, c)[0][-1].sum(), x)"}

ROWS = (
    Worked("rnn.basics", "parameters(RNN(10, 20))", 640),
    *(
        Worked(
            "rnn.long-term",
            f"item(norm(gradient(sum(h @ q{steps}), h)) / sqrt(32))",
            value,
            lets=linear_rnn(rho),
            tolerance=tolerance,
        )
        for rho, steps, value, tolerance in (
            (0.5, 5, 0.031, 5e-4),
            (0.5, 10, 9.8e-4, 5e-6),
            (0.5, 20, 9.5e-7, 5e-9),
            (0.5, 40, 9.1e-13, 5e-15),
            (1.0, 5, 1.0, 1e-5),
            (1.0, 10, 1.0, 1e-5),
            (1.0, 20, 1.0, 1e-5),
            (1.0, 40, 1.0, 1e-5),
            (1.5, 5, 7.6, 0.05),
            (1.5, 10, 57.7, 0.05),
            (1.5, 20, 3325.0, 0.5),
            (1.5, 40, 1.1e7, 0.1e7),
        )
    ),
    *(
        Worked("lstm.motivation", RATIO, value, lets=lets)
        for value, lets in (
            (Between(1e-17, 1e-10), through_time("RNN", 50) | PLAIN),
            (Between(1e-12, 1e-7), through_time("LSTM", 50) | PLAIN),
            (Between(0.3, 5.0), open_lstm(50) | OPEN),
            (Between(0.0, 1e-35), through_time("RNN", 300) | PLAIN),
            (Between(0.0, 1e-35), through_time("LSTM", 300) | PLAIN),
            (Between(0.05, 30.0), open_lstm(300) | OPEN),
        )
    ),
    Worked("lstm.structure", "parameters(LSTM(10, 20))", 2560),
    Worked("lstm.structure", "4 * (20 * (10 + 20) + 2 * 20)", 2560),
    Worked("lstm.structure", "recurrent_parameters('LSTM', 10, 20, biases=1)", 2480),
    Worked("lstm.structure", "parameters(RNN(10, 20))", 640),
    Worked("lstm.structure", "parameters(GRU(10, 20))", 1920),
    Worked("lstm.diagram", "shape(cat((zeros(20), zeros(10))))", (30,)),
    Worked("lstm.gates", "item(gate(lstm_update(-50., 50., 0.5, 1., c=1.5), 'c'))", 1.5),
    Worked("lstm.gates", "item(gate(lstm_update(-50., -50., 0.5, 1., c=1.5), 'c'))", 0.0),
    Worked("lstm.forget", f"item(gate({STEP}, 'forget'))", 0.880797),
    Worked("lstm.input", f"item(gate({STEP}, 'input'))", 0.268941),
    Worked("lstm.input", f"item(gate({STEP}, 'cell'))", 0.462117),
    Worked("lstm.input", f"item(gate({STEP}, 'c'))", 1.445478),
    Worked("lstm.output", f"item(gate({STEP}, 'output'))", 0.731059),
    Worked("lstm.output", f"item(gate({STEP}, 'h'))", 0.654148),
    Worked("lstm.gru", "parameters(GRU(10, 20))", 1920),
    Worked("lstm.gru", "parameters(GRU(10, 20)) / parameters(LSTM(10, 20))", 0.75),
)

LATER: tuple[tuple[str, str], ...] = ()


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)
