"""LaTeX as text that means the same."""

from __future__ import annotations

import pytest

from tutor.course.maths import is_readable, to_unicode

FORMULAS = [
    (r"\frac{a+b}{c+d}", "(a+b)/(c+d)"),
    (r"\frac{a}{bc}", "a/(bc)"),
    (r"\frac12 x", "(1/2) x"),
    (r"\frac{1}{n}\sum_{i=1}^{n} x_i", "1/n ∑ᵢ₌₁ⁿ xᵢ"),
    (r"\frac{a}{b}^2", "(a/b)²"),
    (r"\left( \frac{a}{b} \right)^2", "(a/b)²"),
    (r"\log\frac{a}{b}", "log(a/b)"),
    (r"\frac{\partial L}{\partial w}", "∂L/∂w"),
    (r"\delta x / 2 + \delta / 2", "δx / 2 + δ / 2"),
    (r"\|x\|_2", "‖x‖₂"),
    (r"{a+b}^2", "(a+b)²"),
    (r"x_{i+1}^2", "xᵢ₊₁²"),
    (r"x^{q+1}", "x^(q+1)"),
    (r"x_q", "x_q"),
    (r"W^\top x", "Wᵀ x"),
    (r"f''(x)", "f″(x)"),
    (r"\hat{y} = \bar{x_i}", "ŷ = x̄ᵢ"),
    (r"\sqrt{a+b} + \sqrt[3]{x}", "√(a+b) + ∛x"),
    (r"\mathrm{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", "softmax(z)ᵢ = e^(zᵢ)/(∑ⱼ e^(zⱼ))"),
    (r"\theta \leftarrow \theta - \eta \nabla f", "θ ← θ - η ∇f"),
    (r"\sin\theta", "sin θ"),
    (r"x \in \mathbb{R}^n", "x ∈ ℝⁿ"),
    (r"\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}", "(1, 2; 3, 4)"),
    (r"\begin{aligned}a &= b\\c &= d\end{aligned}", "a = b\nc = d"),
    (r"\text{if } x > 0", "if x > 0"),
    ("y = Wx + b", "y = Wx + b"),
    ("10^{-3}", "10⁻³"),
]


@pytest.mark.parametrize(("latex", "text"), FORMULAS)
def test_formula(latex: str, text: str) -> None:
    assert to_unicode(latex) == text
    assert is_readable(latex)


@pytest.mark.parametrize(
    "latex", [r"\foo{x}", r"\frac{a}", "x_", "{", r"\begin{nonsense}x\end{nonsense}", r"\input{/etc/passwd}"]
)
def test_what_is_not_understood_stays_latex(latex: str) -> None:
    assert to_unicode(latex) == latex
    assert not is_readable(latex)


@pytest.mark.parametrize(("latex", "text"), [("", ""), (" ", ""), ("\\", "\\"), ("x_{}", "x")])
def test_nothing_to_draw_is_no_error(latex: str, text: str) -> None:
    assert to_unicode(latex) == text
