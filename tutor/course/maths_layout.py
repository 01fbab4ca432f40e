"""Lays out a formula's atoms on one line: scripts, fractions with the parentheses they need, and spaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.course.maths_symbols import SUBSCRIPTS, SUPERSCRIPTS

_PAIRS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌈": "⌉", "⌊": "⌋", "‖": "‖", "|": "|"}
_PRIMES = {1: "′", 2: "″", 3: "‴"}
# A differential or a gradient and its variable read as one thing: dy/dx, ∂L/∂w.
_PREFIXES = "d∂∇Δδ"


class LayoutError(ValueError):
    """LaTeX that cannot be put on a line."""


@dataclass(frozen=True)
class Atom:
    """A smallest part of a formula.

    `kind` is letter, number, word (a name of several letters), open, close, group (something in braces), fraction,
    big (a sum sign and its like), script ("^", "_"), prime, space or sign (all else). `atomic` tells of groups
    whether they may stand beside an operator as they are.
    """

    text: str
    kind: str
    atomic: bool = True


def character(text: str) -> Atom:
    """The atom of a single character."""
    if text in "^_":
        return Atom(text, "script")
    if text == "'":
        return Atom(text, "prime")
    if text.isspace() or text == "~":
        return Atom(" ", "space")
    if text.isdigit():
        return Atom(text, "number")
    if text.isalpha() or text in "∂∇∞∅":
        return Atom(text, "letter")
    if text in "([{⟨⌈⌊":
        return Atom(text, "open")
    return Atom(text, "close" if text in ")]}⟩⌉⌋" else "sign")


def lay_out(atoms: Sequence[Atom]) -> Atom:
    """All atoms as one of kind group. Raises `LayoutError` for a script without anything to carry it."""
    pieces = _with_fractions(_with_scripts(atoms))
    text = "\n".join(" ".join(line.split()) for line in _spaced(pieces).split("\n"))
    return Atom(text, "group", _is_atomic([piece for piece in pieces if piece.kind != "space"]))


def in_parentheses(atom: Atom) -> str:
    """The atom's text, in parentheses where an operator beside it would tear it apart."""
    return atom.text if atom.atomic else f"({atom.text})"


def fraction(numerator: Atom, denominator: Atom) -> Atom:
    """One over the other, on a line."""
    return Atom(f"{in_parentheses(numerator)}/{in_parentheses(denominator)}", "fraction", False)


def script(mark: str, body: str) -> str:
    """A superscript or a subscript: Unicode where every character has a form, else `^(…)`."""
    forms = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    packed = body.replace(" ", "")
    if mark == "^" and packed and set(packed) <= set("′″‴*∗∘†"):
        return packed.replace("∘", "°")
    if packed and all(one in forms for one in packed):
        return "".join(forms[one] for one in packed)
    return mark + (body if len(body) == 1 else f"({body})")


def _with_scripts(atoms: Sequence[Atom]) -> list[Atom]:
    """Scripts and primes joined to what carries them, digits to numbers."""
    pieces: list[Atom] = []
    at = 0
    while at < len(atoms):
        atom = atoms[at]
        at += 1
        if atom.kind == "script":
            while at < len(atoms) and atoms[at].kind == "space":
                at += 1
            if at == len(atoms) or atoms[at].kind == "script":
                raise LayoutError("a script without a body")
            body = "′" if atoms[at].kind == "prime" else atoms[at].text
            if body:
                _carry(pieces, script(atom.text, body))
            at += 1
        elif atom.kind == "prime":
            count = 1
            while at < len(atoms) and atoms[at].kind == "prime" and count < 3:
                count, at = count + 1, at + 1
            _carry(pieces, _PRIMES[count])
        elif pieces and pieces[-1].kind == "number" and _continues(pieces[-1], atom, atoms[at : at + 1]):
            pieces[-1] = Atom(pieces[-1].text + atom.text, "number")
        else:
            pieces.append(atom)
    return pieces


def _continues(number: Atom, atom: Atom, following: Sequence[Atom]) -> bool:
    if not number.text[-1].isdigit() and number.text[-1] != ".":
        return False
    point = atom.text in (".", ",") and bool(following) and following[0].kind == "number"
    return (atom.kind == "number" and atom.text.isdecimal()) or (point and atom.text == ".")


def _carry(pieces: list[Atom], mark: str) -> None:
    """Put a script on the last piece; one that is torn apart by it gets parentheses."""
    spaces = 0
    while spaces < len(pieces) and pieces[-1 - spaces].kind == "space":
        spaces += 1
    del pieces[len(pieces) - spaces :]
    if not pieces:
        pieces.append(Atom(mark, "letter"))
        return
    last = pieces[-1]
    kind = "letter" if last.kind in ("group", "fraction", "number") else last.kind
    pieces[-1] = Atom(in_parentheses(last) + mark, kind)


def _with_fractions(pieces: list[Atom]) -> list[Atom]:
    """Fractions put in parentheses where a neighbour without an operator would be drawn into them."""
    solid = [piece for piece in pieces if piece.kind != "space"]
    result: list[Atom] = []
    at = -1
    for piece in pieces:
        at += piece.kind != "space"
        if piece.kind == "fraction":
            before = solid[at - 1].kind if at > 0 else ""
            after = solid[at + 1] if at + 1 < len(solid) else None
            torn = after is not None and (after.kind in _SOLID or after.text[:1] in ("‖", "|"))
            if torn or before in ("word", "fraction"):
                piece = Atom(f"({piece.text})", "letter")
        result.append(piece)
    return result


_SOLID = ("letter", "number", "word", "open", "group", "fraction")


def _spaced(pieces: list[Atom]) -> str:
    """The pieces joined; names and fractions keep a distance from what would run into them."""
    texts: list[str] = []
    last: Atom | None = None
    for piece in pieces:
        if last is not None and last.kind == "open" and piece.kind == "space":
            continue
        if last is not None and last.kind == "space" and piece.kind == "close":
            texts[-1] = ""
        elif last is not None and last.kind != "space" and _apart(last, piece):
            texts.append(" ")
        texts.append(piece.text)
        last = piece
    return "".join(texts)


def _apart(left: Atom, right: Atom) -> bool:
    ends = ("letter", "number", "word", "group", "fraction", "close", "big")
    begins = ("letter", "number", "word", "group", "fraction", "big")
    if left.kind == "word":
        return right.kind in begins and not right.text.startswith("(")
    if right.kind == "word" or left.kind == "big":
        return left.kind in ends and right.kind in begins
    if right.kind == "fraction" or right.kind == "big":
        return left.kind in ends
    return False


def _is_atomic(pieces: list[Atom]) -> bool:
    if len(pieces) <= 1:
        return not pieces or (pieces[0].kind != "fraction" and pieces[0].atomic)
    if len(pieces) == 2 and pieces[0].text in _PREFIXES:
        return pieces[1].kind in ("letter", "number") and pieces[1].atomic
    call = pieces[1:] if pieces[0].kind in ("letter", "word") else pieces
    return _is_bracketed(call)


def _is_bracketed(pieces: list[Atom]) -> bool:
    """Whether the first piece opens a bracket that the last one closes."""
    closing = _PAIRS.get(pieces[0].text[:1]) if pieces else None
    if closing is None or len(pieces) < 2:
        return False
    opening = pieces[0].text[0]
    depth = 0
    for index, piece in enumerate(pieces):
        if piece.text[:1] == closing and (opening != closing or depth):
            depth -= 1
        elif piece.text[:1] == opening:
            depth += 1
        if depth == 0:
            return index == len(pieces) - 1
    return False
