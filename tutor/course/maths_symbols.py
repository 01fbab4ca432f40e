"""Unicode forms for maths: scripts, accents, operators, and the letters of blackboard and script type."""

from __future__ import annotations

import unicodedata


def _forms(plain: str, marked: str) -> dict[str, str]:
    return dict(zip(plain, marked, strict=True))


SUPERSCRIPTS = _forms(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ−⊤",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ⁻ᵀ",
)
SUBSCRIPTS = _forms("0123456789+-=()aehijklmnoprstuvxβγρφχ−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋")

ACCENTS = {
    "hat": "\N{COMBINING CIRCUMFLEX ACCENT}",
    "widehat": "\N{COMBINING CIRCUMFLEX ACCENT}",
    "bar": "\N{COMBINING MACRON}",
    "overline": "\N{COMBINING OVERLINE}",
    "tilde": "\N{COMBINING TILDE}",
    "widetilde": "\N{COMBINING TILDE}",
    "vec": "\N{COMBINING RIGHT ARROW ABOVE}",
    "dot": "\N{COMBINING DOT ABOVE}",
    "ddot": "\N{COMBINING DIAERESIS}",
}

FUNCTIONS = frozenset({
    "arccos", "arcsin", "arctan", "arg", "argmax", "argmin", "cos", "cosh", "cot", "cov", "deg", "det", "dim",
    "exp", "gcd", "hom", "inf", "ker", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec", "sin",
    "sinh", "softmax", "sup", "tan", "tanh",
})  # fmt: skip

RELATIONS = {
    "approx": "≈", "cong": "≅", "equiv": "≡", "ge": "≥", "geq": "≥", "gets": "←", "gg": "≫", "iff": "⇔", "implies": "⇒",
    "in": "∈", "le": "≤", "leftarrow": "←", "leftrightarrow": "↔", "leq": "≤", "ll": "≪", "longrightarrow": "→",
    "mapsto": "↦", "mid": "∣", "ne": "≠", "neq": "≠", "ni": "∋", "notin": "∉", "parallel": "∥", "perp": "⊥",
    "propto": "∝", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "Rightarrow": "⇒", "rightarrow": "→", "sim": "∼",
    "simeq": "≃", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "to": "→", "coloneqq": "≔",
}  # fmt: skip
OPERATORS = {
    "ast": "∗", "bullet": "•", "cap": "∩", "cdot": "·", "circ": "∘", "cup": "∪", "div": "÷", "land": "∧", "lor": "∨",
    "mp": "∓", "odot": "⊙", "ominus": "⊖", "oplus": "⊕", "otimes": "⊗", "pm": "±", "setminus": "∖", "star": "⋆",
    "times": "×", "vee": "∨", "wedge": "∧",
}  # fmt: skip
BIG = {
    "bigcap": "⋂", "bigcup": "⋃", "iint": "∬", "int": "∫", "oint": "∮", "prod": "∏", "sum": "∑",
}  # fmt: skip
OPENING = {"lbrace": "{", "{": "{", "langle": "⟨", "lceil": "⌈", "lfloor": "⌊", "lbrack": "[", "lparen": "("}
CLOSING = {"rbrace": "}", "}": "}", "rangle": "⟩", "rceil": "⌉", "rfloor": "⌋", "rbrack": "]", "rparen": ")"}
FENCES = {"|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "vert": "|", "lvert": "|", "rvert": "|"}
SPACES = {",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "quad": "  ", "qquad": "    ", "!": "", "enspace": " "}
SYMBOLS = {
    "_": "_", "#": "#", "%": "%", "&": "&", "$": "$", "Box": "□", "Im": "ℑ", "Re": "ℜ", "aleph": "ℵ", "cdots": "⋯",
    "colon": ":", "ddots": "⋱", "dots": "…", "ell": "ℓ", "emptyset": "∅", "exists": "∃", "forall": "∀", "hbar": "ℏ",
    "infty": "∞", "ldots": "…", "lnot": "¬", "nabla": "∇", "neg": "¬", "partial": "∂", "prime": "′", "therefore": "∴",
    "top": "⊤", "varnothing": "∅", "vdots": "⋮", "epsilon": "ε", "varepsilon": "ε", "varphi": "φ", "phi": "φ",
    "vartheta": "θ", "varrho": "ρ", "varsigma": "ς", "bot": "⊥", "dagger": "†", "triangle": "△", "checkmark": "✓",
}  # fmt: skip
_GREEK = (
    "alpha", "beta", "gamma", "delta", "zeta", "eta", "theta", "iota", "kappa", "mu", "nu", "xi", "pi", "rho",
    "sigma", "tau", "upsilon", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Xi", "Pi", "Sigma", "Upsilon",
    "Phi", "Psi", "Omega",
)  # fmt: skip
for _name in _GREEK:
    _case = "CAPITAL" if _name[0].isupper() else "SMALL"
    SYMBOLS[_name] = unicodedata.lookup(f"GREEK {_case} LETTER {_name.upper()}")
for _name, _letter in (("lambda", "λ"), ("Lambda", "Λ")):
    SYMBOLS[_name] = _letter

# Only letters of the basic plane: many terminal fonts have no others. The rest stay plain letters.
LETTERS = {
    "mathbb": _forms("CHNPQRZ", "ℂℍℕℙℚℝℤ"),
    "mathcal": _forms("BEFHILMR", "ℬℰℱℋℐℒℳℛ"),
    "mathscr": _forms("BEFHILMR", "ℬℰℱℋℐℒℳℛ"),
}
UPRIGHT = frozenset({
    "text", "textrm", "textit", "textbf", "textsf", "texttt", "mathrm", "mathsf", "mathtt", "mbox", "operatorname",
    "operatorname*",
})  # fmt: skip
STYLED = frozenset({
    "mathbf", "mathit", "boldsymbol", "bm", "pmb", "mathbb", "mathcal", "mathscr", "mathfrak", "underbrace",
    "overbrace", "underline",
})  # fmt: skip
IGNORED = frozenset({
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "limits",
    "nolimits", "displaystyle", "textstyle", "bf", "rm", "it", "scriptstyle", "nonumber", "notag", "hline",
})  # fmt: skip
