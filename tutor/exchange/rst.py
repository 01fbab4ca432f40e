"""reStructuredText as Markdown: docutils parses, a walk over its tree writes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tutor.exchange.callouts import callout

_ROLE = re.compile(r":([a-zA-Z][a-zA-Z0-9:._+-]*):`")
_DIRECTIVE = re.compile(r"^\s*\.\.\s+([a-zA-Z][a-zA-Z0-9:_-]*)::", re.MULTILINE)
_ICON = re.compile(r":[a-z]*icon[a-z]*:`[^`]*`")
_OPTION = re.compile(r"(?:^|\s):[a-z-]+:(?:\s|$)")
_DROPPED = frozenset({"toctree", "contents", "raw", "include", "rst-class", "figure-md", "index", "currentmodule"})
_SETTINGS = {
    "report_level": 5,
    "halt_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "line_length_limit": 1_000_000,
}


def markdown_of(text: str) -> str:
    """`text` in Markdown. Never raises: what docutils cannot read stays as it was written."""
    import docutils.core

    _teach(text)
    tree = docutils.core.publish_doctree(text, settings_overrides={**_SETTINGS, "warning_stream": False})
    return "\n".join(_Writer().blocks(tree.children, 1)).strip("\n")


def _teach(text: str) -> None:
    """Sphinx's roles and directives are unknown to docutils: roles give their text, directives their body."""
    from docutils import nodes
    from docutils.parsers.rst import Directive, directives, roles
    from docutils.parsers.rst.languages import en as english

    def role(name: str, rawtext: str, text: str, *rest: Any, **options: Any) -> tuple[list[Any], list[Any]]:
        shown = text.rpartition("<")[0].strip() or text
        if name in ("math",):
            return [nodes.math(rawtext, text)], []
        if name.rpartition(":")[2] in ("ref", "doc", "term", "numref", "download", "any"):
            return [nodes.inline(rawtext, shown)], []
        return [nodes.literal(rawtext, shown.lstrip("~!"))], []

    class Body(Directive):  # type: ignore[misc]
        optional_arguments = 100
        final_argument_whitespace = True
        has_content = True
        option_spec = None

        def run(self) -> list[Any]:
            name = self.name
            # What a directive that is not known takes as options stands behind its argument.
            title = _OPTION.split(_ICON.sub("", " ".join(self.arguments)))[0].strip()
            holder = nodes.container(names=[name], title=title)
            if name not in _DROPPED:
                self.state.nested_parse(self.content, self.content_offset, holder)
            return [holder]

    known_directives = {*directives._directive_registry, *directives._directives, *english.directives}
    for name in {match[1] for match in _DIRECTIVE.finditer(text)}:
        if name in _DROPPED or name not in known_directives:
            directives.register_directive(name, Body)
    known_roles = {*roles._role_registry, *roles._roles, *english.roles}
    for name in {match[1] for match in _ROLE.finditer(text)} - known_roles:
        roles.register_local_role(name, role)


class _Writer:
    """Writes the nodes of a docutils tree as lines of Markdown."""

    def blocks(self, nodes: Iterable[Any], level: int) -> list[str]:
        """Block nodes, each followed by an empty line; `level` is that of a heading found here."""
        lines: list[str] = []
        for node in nodes:
            written = self._block(node, level)
            if written:
                lines += [*written, ""]
        return lines

    def _block(self, node: Any, level: int) -> list[str]:
        kind = node.tagname
        if kind in ("section", "document"):
            return self.blocks(node.children, level + (kind == "section"))
        if kind in ("title", "subtitle"):
            depth = min(max(1, level - (kind == "title" and level > 1) + (kind == "subtitle")), 6)
            return [f"{'#' * depth} {self._inline(node)}"]
        if kind == "paragraph":
            return self._inline(node).split("\n")
        if kind in ("literal_block", "doctest_block"):
            language = next((name for name in node.get("classes", []) if name != "code"), "")
            word = "python .noeval" if language in ("python", "default", "python3") else language or "text"
            return [f"```{word}", *node.astext().split("\n"), "```"]
        if kind in ("bullet_list", "enumerated_list"):
            return self._list(node, level)
        if kind == "math_block":
            return ["$$", node.astext(), "$$"]
        if kind == "block_quote":
            return [f"> {line}".rstrip() for line in _trimmed(self.blocks(node.children, level))]
        if kind in ("image", "figure"):
            return [self._image(node)]
        if kind == "table":
            return self._table(node)
        if kind in ("definition_list", "field_list"):
            return self._terms(node, level)
        if kind == "container":
            return self._container(node, level)
        if kind == "transition":
            return ["---"]
        if kind in ("comment", "system_message", "target", "substitution_definition", "meta", "pending", "raw"):
            return []
        return self._alert(node, level)

    def _alert(self, node: Any, level: int) -> list[str]:
        title = node.children[0] if node.children and node.children[0].tagname == "title" else None
        body = node.children[1:] if title is not None else node.children
        known = callout(node.tagname, self._inline(title) if title is not None else "", self.blocks(body, level))
        return known if known is not None else _trimmed(self.blocks(node.children, level))

    def _container(self, node: Any, level: int) -> list[str]:
        name = (node.get("names") or [""])[0]
        body = _trimmed(self.blocks(node.children, level))
        title = node.get("title", "")
        known = callout(name, "", [*([title, ""] if title else []), *body])
        if known is not None:
            return known
        return [*([f"**{title}**", ""] if title and body and "card" in name else []), *body]

    def _list(self, node: Any, level: int) -> list[str]:
        lines: list[str] = []
        number = int(node.get("start", 1))
        for item in node.children:
            mark = "- " if node.tagname == "bullet_list" else f"{number}. "
            body = _trimmed(self.blocks(item.children, level))
            number += 1
            for index, line in enumerate(body):
                lines.append((mark if index == 0 else " " * len(mark)) + line if line else "")
        return lines

    def _terms(self, node: Any, level: int) -> list[str]:
        lines: list[str] = []
        for item in node.children:
            term = " ".join(self._inline(one) for one in item.children[:-1])
            body = _trimmed(self.blocks(item.children[-1].children, level)) if item.children else []
            lines += [f"- **{term}**: {body[0] if body else ''}", *(f"  {line}".rstrip() for line in body[1:])]
        return lines

    def _table(self, node: Any) -> list[str]:
        rows = [
            [" ".join(_trimmed(self.blocks(entry.children, 1))).replace("|", "\\|") for entry in row.children]
            for row in node.findall(lambda one: one.tagname == "row")
        ]
        if not rows:
            return []
        width = max(map(len, rows))
        rows = [row + [""] * (width - len(row)) for row in rows]
        return [_row(rows[0]), _row(["---"] * width), *map(_row, rows[1:])]

    def _image(self, node: Any) -> str:
        image = node if node.tagname == "image" else next(node.findall(lambda one: one.tagname == "image"), None)
        if image is None:
            return ""
        caption = next(node.findall(lambda one: one.tagname == "caption"), None)
        words = self._inline(caption) if caption is not None else str(image.get("alt") or "")
        return f"![{words or image.get('uri', '')}]({image.get('uri', '')})"

    def _inline(self, node: Any) -> str:
        return "".join(map(self._span, node.children))

    def _span(self, node: Any) -> str:
        kind = node.tagname
        if kind == "#text":
            return _escaped(node.astext())
        if kind == "literal":
            text = node.astext()
            return f"`` {text} ``" if "`" in text else f"`{text}`"
        if kind == "strong":
            return f"**{self._inline(node)}**"
        if kind in ("emphasis", "title_reference"):
            return f"*{self._inline(node)}*"
        if kind == "math":
            return f"${node.astext()}$"
        if kind == "reference":
            return f"[{self._inline(node)}]({node['refuri']})" if node.get("refuri") else self._inline(node)
        if kind == "image":
            return self._image(node)
        if kind in ("target", "footnote_reference", "citation_reference", "substitution_reference"):
            return "" if kind == "target" else f"[{node.astext()}]"
        if kind == "problematic":
            return _escaped(node.astext())
        return self._inline(node)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<$])", r"\\\1", text)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _trimmed(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
