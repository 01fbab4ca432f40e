"""IPython in code cells: what Python cannot read is turned into comments, and told."""

from __future__ import annotations

import ast
import shlex
from dataclasses import dataclass

from tutor.exchange.python import syntax_tree

_TIMERS = ("%%time", "%%timeit", "%%capture", "%%prun")
_TAB = "%%tab"
_LINE_TIMERS = ("%time ", "%timeit ", "%prun ")


@dataclass(frozen=True)
class PlainCode:
    """Code without magics, as long as before, so that its lines keep their numbers.

    `language` is "" for Python that can run, "python" for Python that cannot be read, "ipython" for a cell of nothing
    but commands, else the language of a cell magic such as `%%bash`: such cells are shown and not run. `needs` are
    packages that the cell installs, `told` has a sentence for every line that became something else.
    """

    source: str
    language: str = ""
    needs: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def is_python(source: str) -> bool:
    """Whether Python can read it."""
    return syntax_tree(source) is not None


def without_magics(source: str) -> PlainCode:
    """`source` as plain Python, or as something to show."""
    if is_python(source):
        return PlainCode(source)
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    told: list[str] = []
    head = lines[first].strip()
    if head.startswith("%%"):
        name = head.split()[0]
        if name not in (*_TIMERS, _TAB):
            # What the fence is called says as much as a magic without arguments.
            shown = "\n".join(lines[first + 1 :]) if head == name else source
            return PlainCode(shown, name[2:] or "text")
        told.append(_became_comment(head))
        lines[first] = _comment(lines[first])
    needs: list[str] = []
    for number, line in enumerate(lines):
        if _is_magic(line) and not _inside_text(lines, number):
            needs += _installed(line)
            plainly = _timed(line)
            told.append(f"`{_short(line)}` runs as `{_short(plainly)}`." if plainly else _became_comment(line))
            lines[number] = plainly or _comment(line, silent=_alone(lines, number))
    plain = "\n".join(lines)
    needed = tuple(dict.fromkeys(needs))
    if not is_python(plain):
        return PlainCode(plain, "python", needed)
    return PlainCode(plain, "", needed, tuple(told)) if _does_something(plain) else PlainCode(source, "ipython", needed)


def _does_something(source: str) -> bool:
    return any(not isinstance(node, ast.Pass) for node in ast.parse(source).body)


def _became_comment(line: str) -> str:
    return f"`{_short(line)}` is no Python and became a comment."


def _short(line: str) -> str:
    return line.strip()[:60]


def _is_magic(line: str) -> bool:
    text = line.strip()
    if text.startswith(("%", "!", "?")):
        return True
    asks = text.endswith("?") and not any(sign in text for sign in "#'\"")
    return asks or _assigned(text) is not None


def _assigned(text: str) -> str | None:
    """What stands right of `name = ` when it is a shell call or a magic: `files = !ls`."""
    name, equals, value = text.partition("=")
    value = value.strip()
    return value if equals and name.strip().isidentifier() and value.startswith(("!", "%")) else None


def _inside_text(lines: list[str], number: int) -> bool:
    """Whether a line that looks like a magic continues a text of several lines above it: `'''\\n% a` is no magic."""
    above = "\n".join(_neutral(line) for line in lines[:number])
    return not is_python(above) and any(is_python(f"{above}\n{quote}") for quote in ('"""', "'''"))


def _neutral(line: str) -> str:
    return _comment(line, silent=True) if _is_magic(line) else line


def _timed(line: str) -> str:
    """`%time f(x)` is `f(x)`."""
    indent, text = line[: len(line) - len(line.lstrip())], line.strip()
    for magic in _LINE_TIMERS:
        rest = text.removeprefix(magic).strip()
        if rest != text and is_python(rest):
            return indent + rest
    return ""


def _comment(line: str, *, silent: bool = False) -> str:
    """The line as a comment; `silent` puts a `pass` before it, where a block would else be empty."""
    text = line.lstrip()
    indent = line[: len(line) - len(text)]
    return f"{indent}pass  # {text}" if silent and indent else f"{indent}# {text}"


def _alone(lines: list[str], number: int) -> bool:
    """Whether the line may be all that a block has: indented."""
    return lines[number][:1].isspace()


def _installed(line: str) -> list[str]:
    """Names of the packages that `!pip install …` or `%conda install …` names."""
    try:
        words = shlex.split(line.strip().lstrip("!%").strip(), comments=True)
    except ValueError:
        return []
    if "install" not in words or not words[0].startswith(("pip", "conda", "mamba", "python", "uv")):
        return []
    wanted = words[words.index("install") + 1 :]
    names, skip = [], False
    for word in wanted:
        if skip or word in ("&&", ";", "|", ">", ">>"):
            if not skip:
                break
            skip = False
        elif word in ("-r", "-f", "-i", "-c", "--index-url", "--extra-index-url", "--find-links", "--target", "-e"):
            skip = True
        elif not word.startswith("-") and _is_name(word):
            names.append(_bare(word))
    return names


def _bare(word: str) -> str:
    for sign in ("==", ">=", "<=", "~=", "!=", ">", "<", "["):
        word = word.partition(sign)[0]
    return word


def _is_name(word: str) -> bool:
    bare = _bare(word).replace("-", "").replace("_", "").replace(".", "")
    return bare.isalnum() and bare.isascii()
