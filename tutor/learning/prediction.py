"""Comparing what a learner predicted with what the code did.

A prediction is about the idea, not about typing: spaces do not count, bare words and values may stand with or without
commas between them, a number needs only the digits that were typed, and a shape may be written `(2, 3)`, `[2, 3]`,
`2x3`, `2, 3` or `torch.Size([2, 3])`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_TOKEN = re.compile(r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<word>[^\W\d]\w*)|(?P<sign>\S)")
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")
_SEPARATORS = (",", ";", "and", "then")
_NAMED_VALUES = ("true", "false", "none", "nan", "inf")
_WRAPPED = re.compile(r"\s*tensor\((.*)\)\s*", re.DOTALL)


@dataclass(frozen=True)
class PredictionResult:
    """A prediction beside the truth; `headline` is one sentence that says both where they differ."""

    right: bool
    predicted: str
    actual: str
    headline: str


def judge_output(predicted: str, actual: str) -> PredictionResult:
    """Compare a predicted output with the real one."""
    right = _same_text(predicted, actual) or _same_text(_unwrapped(predicted), _unwrapped(actual))
    return _result(right, predicted, actual, "It prints")


def judge_shape(predicted: str, actual: str) -> PredictionResult:
    """Compare a predicted shape with the real one, `actual` being the text of a tuple."""
    guess, truth = parse_shape(predicted), parse_shape(actual)
    return _result(guess is not None and guess == truth, predicted, actual, "The shape is")


CURVES = ("falls", "oscillates", "diverges", "flat")
"""What a curve can be predicted to do, in the order of their numbers."""

_CURVE_WORDS = {
    "falls": "It falls smoothly",
    "oscillates": "It oscillates",
    "diverges": "It diverges",
    "flat": "It stays flat",
}


def judge_curve(predicted: str, actual: str) -> PredictionResult:
    """Compare a predicted curve with the real one: `actual` has its kind on the first line, and then why."""
    kind, _, why = actual.partition("\n")
    right = parse_curve(predicted) == kind
    truth = _CURVE_WORDS.get(kind, kind)
    headline = f"{'Right. ' if right else 'Not quite. '}{truth}: {why}" if why else truth
    return PredictionResult(right, curve_words(predicted), truth, headline)


def parse_curve(text: str) -> str | None:
    """The kind of curve that `text` names, by a word or by its number from 1; None for none."""
    word = text.strip().casefold()
    if word.isdecimal():
        return CURVES[int(word) - 1] if 1 <= int(word) <= len(CURVES) else None
    return next((kind for kind in CURVES if word and kind in word.split()), None)


def curve_words(kind: str) -> str:
    """A kind of curve in words."""
    return _CURVE_WORDS.get(kind, kind)


def parse_shape(text: str) -> tuple[int, ...] | None:
    """The shape that `text` writes, or None where it writes none; "()" and "scalar" are the shape of a scalar."""
    body = text.strip().removeprefix("torch.").removeprefix("Size").strip()
    while len(body) >= 2 and body[0] + body[-1] in ("()", "[]"):
        body = body[1:-1].strip()
    if body in ("", "scalar"):
        return () if text.strip() else None
    parts = [part.strip() for part in re.split(r"[x×,]|\s+by\s+", body.rstrip(","))]
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else None


def _result(right: bool, predicted: str, actual: str, says: str) -> PredictionResult:
    shown = actual.strip() or "nothing"
    brief = shown if "\n" not in shown and len(shown) <= 60 else ""
    if right:
        headline = f"Right: {brief}" if brief else "Right."
    else:
        headline = f"Not quite. {says} {brief}" if brief else "Not quite. Compare the two."
    return PredictionResult(right, predicted, actual, headline)


def _unwrapped(text: str) -> str:
    """Without the `tensor(…)` around a value: whoever says "6" for `tensor(6)` has understood."""
    found = _WRAPPED.fullmatch(text)
    return found.group(1) if found else text


def _same_text(predicted: str, actual: str) -> bool:
    guess, truth = _listed(_tokens(predicted)), _listed(_tokens(actual))
    if guess and all(map(_is_value, guess)):
        truth = [token for token in truth if _is_value(token)]
    return bool(guess or not truth) and len(guess) == len(truth) and all(map(_same_token, guess, truth))


def _listed(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without what stands between the parts of a list outside of brackets, and without a comma that ends a bracket."""
    found: list[tuple[str, str]] = []
    depth = 0
    for token in tokens:
        depth += (token[1] in _OPENING) - (token[1] in _CLOSING)
        if token[1] in _CLOSING and found and found[-1][1] == ",":
            found.pop()
        if depth > 0 or token[1].casefold() not in _SEPARATORS:
            found.append(token)
    return found


def _is_value(token: tuple[str, str]) -> bool:
    return token[0] == "number" or token[1].casefold() in _NAMED_VALUES


def _tokens(text: str) -> list[tuple[str, str]]:
    return [(found.lastgroup or "sign", found.group()) for found in _TOKEN.finditer(text)]


def _same_token(guess: tuple[str, str], truth: tuple[str, str]) -> bool:
    if guess[0] == truth[0] == "number":
        return _same_number(guess[1], truth[1])
    return guess[1].casefold() == truth[1].casefold()


def _same_number(guess: str, truth: str) -> bool:
    """Equal within half a unit of the coarser last digit.

    A guess without a fraction must be exact: 3 is no rounding of 3.5 but another idea of what division does.
    """
    try:
        given, real = Decimal(guess), Decimal(truth)
        if not _fractional(guess):
            return given == real
        slack = _half_unit(given)
        if _fractional(truth):
            slack = max(slack, _half_unit(real))
        return abs(given - real) <= slack
    except ArithmeticError:  # an exponent beyond what Decimal can hold, such as 1e999999999999999999
        return guess == truth


def _fractional(text: str) -> bool:
    return any(letter in text for letter in ".eE")


def _half_unit(number: Decimal) -> Decimal:
    return Decimal((0, (5,), int(number.as_tuple().exponent) - 1))
