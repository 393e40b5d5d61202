"""Formulas as Unicode, on one line and in two dimensions."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text import problems_in
from content.text.latex import LatexError, block, one_line
from content.text.wrap import cells

ONE_LINE = {
    r"y = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1": "y = ⌊(n + 2p − k)/s⌋ + 1",
    r"\text{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}": (
        "softmax(z)ᵢ = (e^zᵢ)/(∑ⱼ₌₁ᴷ e^zⱼ)"
    ),
    r"\hat{y} = \sigma(\mathbf{W}x + b)": "ŷ = σ(Wx + b)",
    r"\mathcal{L} = -\frac{1}{N}\sum_{i=1}^{N} \log p_\theta(y_i \mid x_i)": (
        "ℒ = −1/N ∑ᵢ₌₁ᴺ log p_θ(yᵢ ∣ xᵢ)"
    ),
    r"\theta_{t+1} = \theta_t - \eta \nabla_\theta \mathcal{L}(\theta_t)": (
        "θₜ₊₁ = θₜ − η∇_θ ℒ(θₜ)"
    ),
    r"f(x) = \begin{cases} x & \text{if } x > 0 \\ \alpha (e^x - 1) & \text{otherwise}"
    r" \end{cases}": "f(x) = { x, if x > 0; α(eˣ − 1), otherwise }",
    r"\max(0, x)": "max(0, x)",
    r"h_t = o_t \odot \tanh(c_t)": "hₜ = oₜ ⊙ tanh(cₜ)",
    r"\frac{\partial L}{\partial w}": "∂L/∂w",
    r"\sqrt{\frac{2}{n_{in}}}": "√(2/nᵢₙ)",
    r"\sqrt{x + 1} \ne \sqrt[3]{x}": "√(x + 1) ≠ ³√x",
    r"\frac{a}{2n}": "a/(2n)",
    r"\arg\max_\theta p(x)": "arg max_θ p(x)",
    r"x \in \mathbb{R}^{C \times H \times W}": "x ∈ ℝ^(C×H×W)",
    r"n \to \infty": "n → ∞",
    r"a \le b \ge c \approx d \cdot e": "a ≤ b ≥ c ≈ d · e",
    r"\lceil n/s \rceil": "⌈n/s⌉",
    r"W'_{ij}": "Wᵢⱼ′",
    r"2^{20} = 10^{-3}": "2²⁰ = 10⁻³",
    r"-x + -y": "−x + −y",
    r"\bar{x} \tilde{y} \vec v": "x̄ỹv⃗",
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}": "[1 2; 3 4]",
    r"\text{宽} = \frac{\text{输入宽}}{2}": "宽 = 输入宽/2",
    r"r = 1 + \sum_{l=1}^{L} (k_l - 1) \prod_{i=1}^{l-1} s_i": "r = 1 + ∑ₗ₌₁ᴸ (kₗ − 1) ∏ᵢ₌₁ˡ⁻¹ sᵢ",
    r"50\%": "50%",
}
BLOCKS = {
    r"y = \left\lfloor \frac{n - k}{s} \right\rfloor + 1": (
        "    ⎢n − k⎥",
        "y = ⎢─────⎥ + 1",
        "    ⎣  s  ⎦",
    ),
    r"\sum_{i=1}^{n} x_i": (
        " n",
        " ∑  xᵢ",
        "i=1",
    ),
    r"e^{x_i}": (
        " xᵢ",
        "e",
    ),
    r"f(x) = \begin{cases} x & x > 0 \\ 0 & \text{else} \end{cases}": (
        "f(x) = ⎧ x  x > 0",
        "       ⎩ 0  else",
    ),
    r"\left(\frac{a}{b}\right)^2": (
        "⎛a⎞²",
        "⎜─⎟",
        "⎝b⎠",
    ),
    r"\sqrt{\frac{1}{n}}": (
        " ┌─",
        " │1",
        " │─",
        "╲│n",
    ),
    r"\begin{aligned} a &= b + c \\ &= d \end{aligned}": (
        "a = b + c",
        "  = d",
    ),
    r"\log x": ("log x",),
}


@pytest.mark.parametrize(("source", "wanted"), ONE_LINE.items())
def test_one_line(source: str, wanted: str) -> None:
    assert one_line(source) == wanted


@pytest.mark.parametrize(("source", "wanted"), BLOCKS.items())
def test_two_dimensions(source: str, wanted: tuple[str, ...]) -> None:
    assert block(source) == wanted


@pytest.mark.parametrize("source", [*ONE_LINE, *BLOCKS])
def test_boxes_are_rectangles(source: str) -> None:
    from content.text.latex_block import box
    from content.text.latex_parse import parsed

    assert len({cells(row) for row in box(parsed(source)).lines}) == 1


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (r"\foo x", "math-unknown"),
        (r"\begin{tikz}\end{tikz}", "math-unknown"),
        (r"\frac{a", "math-missing"),
        (r"a_", "math-ends"),
        (r"x}", "math-unexpected"),
        (r"\right)", "math-unexpected"),
        (r"\left( x", "math-missing"),
        (r"\begin{cases} a", "math-missing"),
        (r"\begin{cases} a \end{array}", "math-unexpected"),
        ("{" * 1000, "math-deep"),
        (r"\hat" * 400, "math-deep"),
        ("x" * 2001, "math-long"),
    ],
)
def test_refusals_are_named(source: str, code: str) -> None:
    with pytest.raises(LatexError) as refused:
        block(source)
    assert refused.value.code == code
    (problem,) = problems_in(f"see ${source}$")
    assert problem.message("en") != problem.message("zh")


_PIECES = r"""
\frac \sqrt \sum \left( \right) { } _ ^ & \\ \begin{cases} \end{cases} x 2 + = \hat \text
\log ' [ ] | \, \infty \lfloor \rfloor \mathbb \mathbf \binom \unknown ~ $ 宽 \left.
"""
PIECES = st.lists(st.sampled_from(_PIECES.split()), max_size=20)


@given(st.one_of(PIECES.map(" ".join), PIECES.map("".join), st.text(max_size=30)))
def test_no_formula_crashes(source: str) -> None:
    with contextlib.suppress(LatexError):
        for row in (one_line(source), *block(source)):
            assert "\n" not in row or "\n" in source


def test_usual_formulas_do_not_load_the_symbol_library() -> None:
    script = (
        "import sys; from content.text.latex import one_line\n"
        "one_line(r'\\frac{\\partial L}{\\partial x} \\le \\sum_i \\hat{y}_i \\odot \\nabla')\n"
        "assert 'pylatexenc' not in sys.modules and 'pygments' not in sys.modules\n"
        "assert one_line(r'\\aleph') == 'ℵ'\n"
        "assert 'pylatexenc' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
