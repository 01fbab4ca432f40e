"""The real preview in a real pseudo-terminal: an author saves, breaks, repairs, and takes new outputs."""

from __future__ import annotations

import os
from pathlib import Path

from terminal_trial import DOUBLE, F8, Trial, lesson

LESSON = lesson(
    "In the making",
    "making",
    """\
## First page

Old words.

## Second page

```python
print("six", 2 * 3)
```

```output
six 6
```
""",
    DOUBLE,
)


def save(path: Path, old: str, new: str) -> None:
    """As many editors do it: a new file that takes the old one's name."""
    text = path.read_text()
    assert old in text
    path.with_suffix(".tmp").write_text(text.replace(old, new, 1))
    os.replace(path.with_suffix(".tmp"), path)


def test_an_author_sees_each_save(trial: Trial) -> None:
    path = trial.folder / "making.md"
    path.write_text(LESSON)
    with trial.window("preview", str(path)) as window:
        window.shows("Old words", "ready")
        save(path, "Old words", "New words")
        window.shows("New words")
        save(path, "## Second page", '<details class="hnit">\n\n## Second page')
        window.shows("✗", "hnit", "New words")
        save(path, '<details class="hnit">\n\n', "")
        window.hides("hnit")
        save(path, "2 * 3", "2 * 4")
        window.shows("Second page", "six 8", "out of date")
        window.send(b"1w")
        window.hides("out of date")
        assert "```output\nsix 8\n```" in path.read_text() and path.read_text().count("six 8") == 1
        window.send(F8)
        window.shows("Write double")
        window.send(b"t")
        window.shows("Each went as it should", "Squared")
        window.send(b"q")
        window.hides("Each went")
        window.send(b"a")
        window.shows("Starter")
        window.quit()
