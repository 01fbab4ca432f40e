"""What the editor colours: a query for tree-sitter's Python grammar, in names that our themes have colours for.

Textual's own query tells forty kinds of words apart, of which a theme here colours ten, and takes several times as
long to prepare: at the start, and again at each page. No two of these patterns take the same word, so that it does not
matter which comes first.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.ui.python_words import BUILTINS, EXCEPTIONS, KEYWORDS, SELVES


def _words(words: Iterable[str]) -> str:
    return " ".join(f'"{word}"' for word in sorted(words))


PYTHON = f"""
(comment) @comment
[(string_start) (string_content) (string_end)] @string
[(integer) (float) (true) (false) (none)] @number
[{_words(KEYWORDS)} "match" "case"] @keyword

(function_definition name: (identifier) @name)
(class_definition name: (identifier) @name)
((call function: (identifier) @name)
 (#match? @name "^[A-Z]") (#not-match? @name "^({"|".join(sorted(EXCEPTIONS))})$"))
((call function: (attribute attribute: (identifier) @name)) (#match? @name "^[A-Z]"))

(decorator "@" @builtin)
(decorator [(identifier) (attribute)] @builtin)
(decorator (call function: (_) @builtin))
((call function: (identifier) @builtin) (#any-of? @builtin {_words(BUILTINS)}))
((argument_list (identifier) @builtin) (#any-of? @builtin {_words(BUILTINS)}))
((type (identifier) @builtin) (#any-of? @builtin {_words(BUILTINS)}))
((generic_type (identifier) @builtin) (#any-of? @builtin {_words(BUILTINS)}))
((identifier) @builtin (#any-of? @builtin {_words(EXCEPTIONS)}))
((identifier) @self (#any-of? @self {_words(SELVES)}))
"""
