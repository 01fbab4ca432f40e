"""Pictures made of text, for lessons and for one's own code: `from tutor.kit import show`.

`scatter`, `histogram`, `bars`, `confusion` and `images` print to stdout, as wide as the Output pane or the terminal,
and 76 columns wide where neither is known. They take tensors on any device, arrays and lists, leave them as they are,
and leave the random numbers alone. Where there are no colours (`NO_COLOR`, a pipe, `--plain`) characters tell the same.
"""

from tutor.kit.show.bars import bars, histogram
from tutor.kit.show.confusion import confusion
from tutor.kit.show.images import images
from tutor.kit.show.scatter import scatter

__all__ = ["bars", "confusion", "histogram", "images", "scatter"]
