"""Python code on the page: which words are coloured, whatever the code looks like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.ui.frame.highlighting import PYTHON
from tutor.ui.python_words import BUILTINS, CONSTANTS, EXCEPTIONS, KEYWORDS
from tutor.ui.widgets.other_code import spans
from tutor.ui.widgets.python_code import python_spans


def inks(code: str) -> list[tuple[str, str]]:
    return [(code[span.start : span.end], str(span.style).removeprefix(".flow--")) for span in python_spans(code)]


@pytest.mark.parametrize(
    ("code", "coloured"),
    [
        ("for x in y: pass", [("for", "keyword"), ("in", "keyword"), ("pass", "keyword")]),
        ("    else:", [("else", "keyword")]),
        ("def fit(self):", [("def", "keyword"), ("fit", "name"), ("self", "self")]),
        ("return None, True", [("return", "keyword"), ("None", "number"), ("True", "number")]),
        ("class Net(nn.Module):", [("class", "keyword"), ("Net", "name")]),
        ("  @torch.no_grad()", [("@torch.no_grad", "name")]),
        ("a @ b", []),
        ("x.float().sum()", []),
        ("len(x) + int(y)", [("len", "builtin"), ("int", "builtin")]),
        ("raise ValueError", [("raise", "keyword"), ("ValueError", "builtin")]),
        ("super().__init__()", [("super", "builtin"), ("__init__", "name")]),
        ("1e-3, 0x1F, 2_000, .5, 3j, x1", [(n, "number") for n in ("1e-3", "0x1F", "2_000", ".5", "3j")]),
        ("x = 1  # for 'me'", [("1", "number"), ("# for 'me'", "comment")]),
        ('"a # b", r\'\\d\'', [('"a # b"', "string"), ("r'\\d'", "string")]),
        ('"""one\nif two"""', [('"""one\nif two"""', "string")]),
        ("'not closed\nif x", [("'not closed", "string"), ("if", "keyword")]),
        ("f'a {len(x):.2f} b'", [("f'a {", "string"), ("len", "builtin"), (":.2f} b'", "string")]),
        ("f'{{x}} {y!r} {z}'", [("f'{{x}} {", "string"), ("!r} {", "string"), ("}'", "string")]),
        ("f'{d[\":\"]}'", [("f'{", "string"), ('":"', "string"), ("}'", "string")]),
        ("f'{x'", [("f'{x'", "string")]),
        ("match point:\n    case (0, y):", [("match", "keyword"), ("case", "keyword"), ("0", "number")]),
        ("match = re.match(a)", []),
        ("while ... and 1", [("while", "keyword"), ("and", "keyword"), ("1", "number")]),
        ("Class = DEF", []),
    ],
)  # fmt: skip
def test_words_have_their_ink(code: str, coloured: list[tuple[str, str]]) -> None:
    assert inks(code) == coloured


@given(st.text(st.sampled_from("fr'\"{}[]:!=#@\\\n .1exdefmatch _é\U0001f642"), max_size=60))
def test_any_text_is_coloured_in_order_and_within_it(code: str) -> None:
    at = 0
    for span in python_spans(code):
        assert at <= span.start < span.end <= len(code)
        at = span.end


def test_pygments_sees_the_same_in_everyday_code() -> None:
    code = '''
@dataclass
class Net(nn.Module):
    """A network."""

    def forward(self, x: torch.Tensor, scale: float = 0.5) -> torch.Tensor:
        if x is None or not isinstance(x, torch.Tensor):
            raise TypeError(f"no {type(x)}: {scale:.2f}")  # say so
        return [y * 2e-3 for y in range(10) if True]
'''

    def marked(found: object) -> list[str]:
        inks = [""] * len(code)
        for span in found:  # type: ignore[attr-defined]
            inks[span.start : span.end] = [span.style] * (span.end - span.start)
        return [ink for ink, character in zip(inks, code, strict=True) if not character.isspace()]

    assert marked(python_spans(code)) == marked(spans(code, "python"))


def test_the_editor_colours_the_same_words() -> None:
    for words in (KEYWORDS, BUILTINS, EXCEPTIONS):
        assert all(f'"{word}"' in PYTHON for word in words)
    assert not KEYWORDS & CONSTANTS and not BUILTINS & EXCEPTIONS
    assert {"print", "len", "int"} <= BUILTINS and "ValueError" in EXCEPTIONS and "exit" not in BUILTINS
