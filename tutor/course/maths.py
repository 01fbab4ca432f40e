"""LaTeX formulas as Unicode text that reads correctly on a line of a terminal.

pylatexenc parses; what it means is decided here, because its own text form, like that of unicodeit and flatlatex,
prints wrong mathematics for some formulas: `\\frac{a+b}{c}` as a+b/c, `\\|x\\|_2` as x_2.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

from tutor.course.characters import visible
from tutor.course.maths_layout import Atom, LayoutError, character, fraction, in_parentheses, lay_out
from tutor.course.maths_symbols import (
    ACCENTS,
    BIG,
    CLOSING,
    FENCES,
    FUNCTIONS,
    IGNORED,
    LETTERS,
    OPENING,
    OPERATORS,
    RELATIONS,
    SPACES,
    STYLED,
    SUPERSCRIPTS,
    SYMBOLS,
    UPRIGHT,
)

_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
_MATRICES = {
    "matrix": "[]", "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "array": "[]",
    "smallmatrix": "[]",
}  # fmt: skip
_ROWS = ("aligned", "align", "align*", "gather", "gather*", "gathered", "split", "equation", "equation*")
_PREFIXES = ("partial", "nabla", "Delta", "delta")
_ONE_ARGUMENT = (*ACCENTS, *UPRIGHT, *STYLED)
_TWO_ARGUMENTS = (*_FRACTIONS, "binom", "stackrel", "overset", "underset")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def to_unicode(latex: str) -> str:
    """`latex` as Unicode text; rows of an aligned formula are lines. LaTeX that is not understood stays as it is."""
    return _converted(latex) or visible(latex.strip())


def is_readable(latex: str) -> bool:
    """Whether `to_unicode` understands this LaTeX."""
    return _converted(latex) is not None


@lru_cache(maxsize=2048)
def _converted(latex: str) -> str | None:
    try:
        if not any(mark in latex for mark in "\\{}$%&"):
            return visible(lay_out([character(one) for one in latex]).text)
        return visible(_Converter().nodes(_parse(latex)).text)
    except (LayoutError, RecursionError):
        return None


@lru_cache(maxsize=1)
def _context() -> Any:
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import MacroSpec

    context = get_default_latex_context_db()
    macros = [MacroSpec(name, "{") for name in _ONE_ARGUMENT if not name.endswith("*")]
    macros += [MacroSpec(name, "{{") for name in _TWO_ARGUMENTS]
    macros.append(MacroSpec("operatorname", "*{"))
    context.add_context_category("lesson maths", macros, prepend=True)
    return context


def _parse(latex: str) -> list[Any]:
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

    try:
        walker = LatexWalker(latex, latex_context=_context(), tolerant_parsing=False)
        nodes: list[Any] = walker.get_latex_nodes(parsing_state=walker.make_parsing_state(in_math_mode=True))[0]
    except (LatexWalkerError, IndexError, ValueError, AttributeError, TypeError) as error:
        # pylatexenc answers some broken input with errors of its own workings.
        raise LayoutError(str(error)) from None
    return nodes


def _divided(node: Any, after: Any) -> bool:
    """Whether a letter that else stands close before another, as in `\\delta x`, is divided: `\\delta / 2`."""
    letter = type(node).__name__ == "LatexMacroNode" and node.macroname in _PREFIXES and node.macro_post_space
    return bool(letter and type(after).__name__ == "LatexCharsNode" and after.chars.startswith("/"))


class _Converter:
    """Nodes of pylatexenc to atoms of the layout."""

    def nodes(self, nodes: list[Any]) -> Atom:
        atoms: list[Atom] = []
        for node, after in pairwise([*nodes, None]):
            atoms += self._atoms(node)
            if _divided(node, after):
                atoms.append(Atom(" ", "space"))
        return lay_out(atoms)

    def _atoms(self, node: Any) -> list[Atom]:
        kind = type(node).__name__
        if kind == "LatexCharsNode":
            return [character(one) for one in node.chars]
        if kind == "LatexGroupNode":
            if node.delimiters != ("{", "}"):
                raise LayoutError("an argument out of place")
            inner = self.nodes(node.nodelist)
            return [inner]
        if kind == "LatexMacroNode":
            atoms = self._macro(node)
            # LaTeX needs the space in `\\partial x` and sets none; elsewhere it is the author's.
            parted = node.macro_post_space and atoms and node.macroname not in _PREFIXES
            return [*atoms, Atom(" ", "space")] if parted else atoms
        if kind == "LatexEnvironmentNode":
            return [self._environment(node)]
        if kind == "LatexSpecialsNode":
            return self._special(node.specials_chars)
        if kind == "LatexCommentNode":
            return []
        raise LayoutError(kind)

    def _special(self, text: str) -> list[Atom]:
        if text in ("~", "--", "---", "``", "''"):
            return [character(one) for one in text]
        raise LayoutError(text)

    def _macro(self, node: Any) -> list[Atom]:
        name = node.macroname
        if name in IGNORED or (name == "\\" and not self._arguments(node)):
            return [Atom(" ", "space")] if name == "\\" else []
        if name in SPACES:
            return [Atom(SPACES[name], "space")]
        for table, kind in ((RELATIONS, "sign"), (OPERATORS, "sign")):
            if name in table:
                return [Atom(" ", "space"), Atom(table[name], kind), Atom(" ", "space")]
        for table, kind in ((BIG, "big"), (OPENING, "open"), (CLOSING, "close"), (FENCES, "sign")):
            if name in table:
                return [Atom(table[name], kind)]
        if name in SYMBOLS:
            return [character(SYMBOLS[name])]
        if name in FUNCTIONS:
            return [Atom(name, "word")]
        return self._with_arguments(name, self._arguments(node))

    def _arguments(self, node: Any) -> list[Any]:
        return [one for one in (node.nodeargd.argnlist if node.nodeargd else []) if one is not None]

    def _argument(self, node: Any) -> Atom:
        return self.nodes(node.nodelist if type(node).__name__ == "LatexGroupNode" else [node])

    def _with_arguments(self, name: str, arguments: list[Any]) -> list[Atom]:
        if name in UPRIGHT and arguments:
            return [self._upright(arguments[-1])]
        atoms = [self._argument(one) for one in arguments]
        if name in _FRACTIONS and len(atoms) == 2:
            return [fraction(*atoms)]
        if name == "sqrt" and atoms:
            return [self._root(atoms)]
        if name in ACCENTS and atoms:
            return [_accented(atoms[-1], name)]
        if name in STYLED and atoms:
            letters = LETTERS.get(name, {})
            return [Atom("".join(letters.get(one, one) for one in atoms[-1].text), "group", atoms[-1].atomic)]
        if name == "binom" and len(atoms) == 2:
            return [Atom(f"C({atoms[0].text}, {atoms[1].text})", "letter")]
        if name in ("stackrel", "overset") and len(atoms) == 2:
            return [atoms[1]]
        if name == "underset" and len(atoms) == 2:
            return [lay_out([Atom(atoms[1].text, "word"), Atom("_", "script"), atoms[0]])]
        raise LayoutError(name)

    def _upright(self, node: Any) -> Atom:
        """Words keep their spaces: they are text, not maths."""
        text = node.latex_verbatim()
        text = text[1:-1] if text.startswith("{") else text
        if any(mark in text for mark in "\\{}$^_"):
            return self._argument(node)
        edges = text.strip() != text
        return Atom(text, "sign" if edges else "word" if len(text) > 1 else "letter", " " not in text.strip())

    def _root(self, atoms: list[Atom]) -> Atom:
        degree = atoms[0].text if len(atoms) > 1 else ""
        sign = _ROOTS.get(degree)
        if sign is None:
            if not all(one in SUPERSCRIPTS for one in degree):
                raise LayoutError("a root's degree")
            sign = "".join(SUPERSCRIPTS[one] for one in degree) + "√"
        return Atom(sign + in_parentheses(atoms[-1]), "letter")

    def _environment(self, node: Any) -> Atom:
        name = node.environmentname
        rows = self._rows(node.nodelist)
        if name in _ROWS:
            return Atom("\n".join(" ".join(filter(None, row)) for row in rows), "group", False)
        if name == "cases":
            return Atom("{ " + "; ".join(", ".join(filter(None, row)) for row in rows), "group", False)
        if name in _MATRICES:
            brackets = _MATRICES[name]
            return Atom(brackets[0] + "; ".join(", ".join(row) for row in rows) + brackets[1], "letter")
        raise LayoutError(name)

    def _rows(self, nodes: list[Any]) -> list[list[str]]:
        """Cells of a matrix or of aligned rows: cut at `\\\\` and `&`."""
        rows: list[list[list[Any]]] = [[[]]]
        for node in nodes:
            if getattr(node, "macroname", "") == "\\":
                rows.append([[]])
            elif getattr(node, "specials_chars", "") == "&":
                rows[-1].append([])
            else:
                rows[-1][-1].append(node)
        cells = [[self.nodes(cell).text for cell in row] for row in rows]
        return [row for row in cells if any(row)]


def _accented(atom: Atom, name: str) -> Atom:
    """An accent on a letter, on each letter of a short name, or written out before anything longer."""
    import unicodedata

    mark = ACCENTS[name]
    text = atom.text
    letters = text.isalpha() and text.isascii()
    if atom.atomic and text[:1].isalpha() and (len(text) == 1 or not letters):
        return Atom(unicodedata.normalize("NFC", text[0] + mark) + text[1:], "letter")
    if letters and name == "overline":
        return Atom("".join(one + mark for one in text), "letter")
    if letters and len(text) == 2:
        return Atom(unicodedata.normalize("NFC", text[0] + mark) + text[1:], "letter")
    return Atom(f"{name.removeprefix('wide')}({text})", "letter")
