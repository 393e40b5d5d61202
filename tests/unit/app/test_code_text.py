"""Bindings are named where they are used, long code is broken where it reads well."""

import pytest

from app.code_text import code_lines, with_names
from engine.protocol import TraceStep

NET = "nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh())"


def named(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    found = with_names(TraceStep(name, expression, 1, 0.0) for name, expression in steps)
    return [(name, expression) for name, expression, _ in found]


def test_a_binding_is_written_out_once() -> None:
    assert named(("net", NET), ("measure", f"parameters({NET})")) == [
        ("net", NET),
        ("", "parameters(net)"),
    ]


def test_a_binding_in_another() -> None:
    steps = (("conv", "nn.Conv2d(1, 6, 5)"), ("net", NET), ("measure", f"macs({NET})"))
    assert [expression for _, expression in named(*steps)] == [
        "nn.Conv2d(1, 6, 5)",
        "nn.Sequential(conv, nn.Tanh())",
        "macs(net)",
    ]


@pytest.mark.parametrize("source", ["1 + 2", "f(1) + g(2)", "7", "x"])
def test_only_a_whole_call_gives_way(source: str) -> None:
    assert named(("a", source), ("measure", f"({source}) * 3"))[1] == ("", f"({source}) * 3")


def test_a_longer_name_is_another() -> None:
    assert named(("x", "f(1)"), ("measure", "g.f(1) + lf(1) + f(1)"))[1] == (
        "",
        "g.f(1) + lf(1) + x",
    )


def test_code_is_broken_at_the_commas_of_the_outermost_bracket() -> None:
    assert code_lines(NET, 80) == [NET]
    assert code_lines(NET, 30) == [
        "nn.Sequential(",
        "  nn.Conv2d(1, 6, 5),",
        "  nn.Tanh()",
        ")",
    ]
    assert code_lines("parameters(net) - parameters(nn.Conv2d(3, 6, 3))", 34) == [
        "parameters(net)",
        "- parameters(nn.Conv2d(3, 6, 3))",
    ]
    assert code_lines("f(a - b) + 2 - g(c)", 12) == ["f(a - b) + 2", "- g(c)"]
    assert code_lines("f('a, b', (1, 2), 3)", 12) == ["f(", "  'a, b',", "  (1, 2), 3", ")"]


def test_a_part_too_long_is_broken_in_turn() -> None:
    deep = f"nn.Sequential({NET}, nn.Linear(120, 84), nn.Linear(84, 10))"
    assert code_lines(deep, 34) == [
        "nn.Sequential(",
        "  nn.Sequential(",
        "    nn.Conv2d(1, 6, 5), nn.Tanh()",
        "  ),",
        "  nn.Linear(120, 84),",
        "  nn.Linear(84, 10)",
        ")",
    ]


@pytest.mark.parametrize("text", ["1 +2 +3", "x" * 40, "f(" + "y" * 40])
def test_what_cannot_be_broken_stays(text: str) -> None:
    assert code_lines(text, 8) == [text]
