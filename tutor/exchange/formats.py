"""Reads a foreign file: which format it is, and its cells."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tutor.course.front_matter import head
from tutor.errors import TutorError
from tutor.exchange.d2l import is_d2l, read_d2l
from tutor.exchange.document import Document, SourceCell
from tutor.exchange.gallery import is_gallery, read_gallery
from tutor.exchange.marimo import is_marimo, read_marimo
from tutor.exchange.myst import plain_myst
from tutor.exchange.pages import is_printed, plain_site
from tutor.exchange.prompts import is_session, read_session
from tutor.exchange.script import is_marked, read_script

SUFFIXES = (".ipynb", ".py", ".md")
_LARGEST = 64 * 1024 * 1024
"""Bytes. A notebook with pictures has some megabytes."""


def read_text(path: Path) -> str:
    """The file's text with "\\n" line ends. Raises `TutorError` where it cannot be read as text."""
    if path.suffix not in SUFFIXES:
        raise TutorError("Cannot open", f"{path} is none of {', '.join(SUFFIXES)}.")
    try:
        if path.stat().st_size > _LARGEST:
            raise TutorError("Cannot open", f"{path} has more than {_LARGEST // 1024**2} MB.", "Clear its outputs.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TutorError("Cannot open", f"{path}: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise TutorError("Cannot open", f"{path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_document(path: Path, text: str) -> Document:
    """The cells of a file's `text`. Raises `TutorError` for a notebook that is none."""
    if path.suffix == ".ipynb":
        return _notebook(path, text)
    if path.suffix == ".py":
        return read_gallery(text) if is_gallery(text) else _script(text)
    if is_d2l(text):
        return read_d2l(text)
    if is_myst(text):
        return _jupytext("MyST Markdown", text, "md:myst", plain_myst)
    if "jupytext" in (head(text) or ""):
        return _jupytext("Markdown", text, "md")
    return _told_apart(_jupytext("Markdown", plain_site(text), "md"))


def is_myst(text: str) -> bool:
    """Whether Markdown has MyST's code cells."""
    return any(
        line.lstrip().startswith(("```{code-cell}", ":::{code-cell}", "~~~{code-cell}")) for line in text.split("\n")
    )


def as_notebook(path: Path, text: str) -> Any:
    """The nbformat notebook that a file is or stands for. Raises `TutorError` for a notebook that is none."""
    import jupytext

    if path.suffix == ".ipynb":
        return _parsed(path, text)
    return jupytext.reads(text, "py:percent" if path.suffix == ".py" else "md")


def _parsed(path: Path, text: str) -> Any:
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cells without ids: older notebooks have none
            return nbformat.reads(json.dumps(_completed(json.loads(text))), as_version=4)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, nbformat.ValidationError) as error:
        reason = "it is not JSON" if isinstance(error, ValueError) else "its cells are not what nbformat knows"
        raise TutorError("Cannot open", f"{path} is no notebook: {reason}.", "Save it again in Jupyter.") from None


def _completed(notebook: Any) -> Any:
    """A notebook with what every one has to have: some programs leave out what is empty."""
    if isinstance(notebook, dict):
        notebook.setdefault("metadata", {})
        sheets = notebook.get("worksheets") or [notebook]
        for cell in (cell for sheet in sheets for cell in sheet.get("cells") or []):
            cell.setdefault("metadata", {})
            if cell.get("cell_type") == "code":
                cell.setdefault("outputs", [])
            if "input" not in cell:
                cell.setdefault("source", "")
    return notebook


def _notebook(path: Path, text: str) -> Document:
    notebook = _parsed(path, text)
    head = notebook.metadata
    language = head.get("kernelspec", {}).get("language") or head.get("language_info", {}).get("name") or "python"
    if "python" not in str(language).lower():
        raise TutorError("Cannot open", f"{path} is a notebook in {str(language)[:40]!r}, not in Python.")
    return _document("notebook", notebook)


def _script(text: str) -> Document:
    from jupytext.formats import guess_format

    cells = read_marimo(text) if is_marimo(text) else None
    if cells is not None:
        return cells
    name, _ = guess_format(text, ".py")
    if name not in ("percent", "hydrogen"):
        name = "light"
        plain = None if is_marked(text) else read_script(text)
        if plain is not None:
            return plain
    return _jupytext(f"Python script ({name})", text, f"py:{name}")


def _jupytext(format: str, text: str, name: str, prose: Callable[[str], str] | None = None) -> Document:
    import jupytext

    # A foreign head would have to be a valid description of a kernel; of it, only the title is of use.
    top = head(text) if name.startswith("md") else None
    if top is not None:
        text = text.partition(top)[2].partition("\n")[2].lstrip("-. ")
        titles = [line.partition(":")[2].strip(" '\"") for line in top.split("\n") if line.startswith("title:")]
        title = titles[0] if titles else ""
        text = f"# {title}\n\n{text}" if title else text
    return _document(format, jupytext.reads(text, name), prose)


def _told_apart(document: Document) -> Document:
    """Fences of Python by what they hold: code, a session with prompts, or what was printed."""
    cells: list[SourceCell] = []
    for cell in document.cells:
        if cell.kind == "code" and is_session(cell.source):
            cells += read_session(cell.source)
        elif cell.kind == "code" and is_printed(cell.source):
            cells.append(SourceCell("prose", f"```text\n{cell.source}\n```"))
        else:
            cells.append(cell)
    return Document(document.format, tuple(cells), document.notes)


def _document(format: str, notebook: Any, prose: Callable[[str], str] | None = None) -> Document:
    cells: list[SourceCell] = []
    left_out: Counter[str] = Counter()
    for cell in notebook.cells:
        source = "".join(cell.source) if isinstance(cell.source, list) else str(cell.source)
        source = source.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        tags = frozenset(str(tag) for tag in cell.get("metadata", {}).get("tags", []) or [])
        if cell.cell_type == "code":
            raised = any(output.get("output_type") == "error" for output in cell.get("outputs", []))
            if source.strip():
                cells.append(SourceCell("code", source, tags, raised))
        elif cell.cell_type == "markdown":
            if source.strip():
                cells.append(SourceCell("prose", prose(source) if prose else source, tags))
        elif source.strip():
            left_out[str(cell.cell_type)[:20]] += 1
    return Document(format, tuple(cells), tuple(_missing(kind, number) for kind, number in left_out.items()))


def _missing(kind: str, number: int) -> str:
    return f"{number} cell{' was' if number == 1 else 's were'} left out: of the kind {kind!r}."
