"""What lessons import: logging, data sets, checks. stdlib and torch only, Python 3.9 and later.

`log` is here at once. A data set is a module of its own, so that `import tutor.kit` does not import torch:
`from tutor.kit import courier, messages`.
"""

from tutor.kit.logging import log

__all__ = ["log"]
