"""The little HTML that lessons hold: details, summaries, region comments, pictures; all else is its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from tutor.course.characters import one_line


@dataclass(frozen=True)
class HtmlPart:
    """Something in an HTML block.

    `kind` is open or close (a details element; `text` holds its classes), summary (its text), region (`text` holds what
    follows the word), endregion, or text. `line` and `column` count from 1.
    """

    kind: str
    line: int
    column: int
    text: str = ""
    images: tuple[tuple[str, str], ...] = ()


def read_html(content: str, line: int) -> Iterator[HtmlPart]:
    """The parts of an HTML block that begins on `line`; broken HTML gives what can be made of it."""
    reader = _Reader(line)
    try:
        reader.feed(content)
        reader.close()
    except AssertionError:
        # html.parser gives up this way on declarations such as `<![x[`; what came before is kept.
        pass
    return reader.parts()


def open_region_comments(content: str) -> Iterator[tuple[int, int]]:
    """Line and column, from 0, of each region comment whose own `-->` is missing on its line.

    Such a comment goes on to the next `-->`, wherever that is, and all Markdown in between is gone.
    """
    begin = content.find("<!--")
    while begin >= 0:
        end = content.find("-->", begin)
        comment = content[begin + 4 : end if end >= 0 else len(content)]
        if comment.lstrip().startswith(("#region", "#endregion")) and (end < 0 or "\n" in comment.strip()):
            above = content[:begin]
            yield above.count("\n"), begin - above.rfind("\n") - 1
        begin = content.find("<!--", end) if end >= 0 else -1


class _Reader(HTMLParser):
    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self._line = line
        self._parts: list[HtmlPart] = []
        self._summary: list[str] | None = None
        self._summary_place = (line, 1)
        self._hidden = ""

    def parts(self) -> Iterator[HtmlPart]:
        self._end_summary()
        yield from self._parts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: one_line(value or "") for name, value in attrs}
        if tag == "details":
            self._end_summary()
            self._add("open", values.get("class", ""))
        elif tag == "summary":
            self._end_summary()
            self._summary, self._summary_place = [], self._place()
        elif tag == "img":
            self._add("text", images=((values.get("alt", ""), values.get("src", "")),))
        elif tag in ("script", "style"):
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary":
            self._end_summary()
        elif tag == "details":
            self._end_summary()
            self._add("close")
        elif tag == self._hidden:
            self._hidden = ""

    def handle_comment(self, data: str) -> None:
        words = data.split(maxsplit=1)
        if words and words[0] == "#endregion":
            self._add("endregion")
        elif words and words[0] == "#region":
            rest = words[1].rstrip() if len(words) > 1 else ""
            line, column = self._place()
            # The rest stands as it is in the file, so that an option's offset is its column.
            offset = data.find(rest, data.find("#region") + len("#region")) if rest else 0
            self._parts.append(HtmlPart("region", line, column + len("<!--") + offset, rest))

    def handle_data(self, data: str) -> None:
        if self._summary is not None:
            self._summary.append(data)
        elif data.strip() and not self._hidden:
            # Text begins after its leading white space, and that may be lines further down.
            lead = data[: len(data) - len(data.lstrip())]
            line, column = self._place()
            below = lead.count("\n")
            column = len(lead) - lead.rfind("\n") if below else column + len(lead)
            self._parts.append(HtmlPart("text", line + below, column, one_line(data)))

    def _end_summary(self) -> None:
        if self._summary is not None:
            line, column = self._summary_place
            self._parts.append(HtmlPart("summary", line, column, one_line("".join(self._summary))))
            self._summary = None

    def _place(self) -> tuple[int, int]:
        line, column = self.getpos()
        return self._line + line - 1, column + 1

    def _add(self, kind: str, text: str = "", images: tuple[tuple[str, str], ...] = ()) -> None:
        self._parts.append(HtmlPart(kind, *self._place(), text, images))
