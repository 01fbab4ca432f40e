"""Files as they come from elsewhere, one of each origin: every one trains something."""

from __future__ import annotations

import json
from typing import Any

LOOP = """model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.linspace(0, 1, 32).unsqueeze(1)
for epoch in range(20):
    optimizer.zero_grad()
    loss = ((model(x) - 2 * x) ** 2).mean()
    loss.backward()
    optimizer.step()"""


def code(source: str, outputs: list[dict[str, Any]] | None = None, tags: list[str] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source.splitlines(keepends=True),
        "metadata": {"tags": tags} if tags else {},
        "outputs": outputs or [],
        "execution_count": None,
    }


def words(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: dict[str, Any], language: str = "python") -> str:
    kernel = {"name": "python3", "display_name": "Python 3", "language": language}
    return json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {"kernelspec": kernel}, "cells": list(cells)})


RAISED = {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "x", "traceback": ["\x1b[31mno"]}

JUPYTER = notebook(
    words("# Fitting a line\r\n\r\nHello <b>you</b>, [link](x)\n\n![pic](attachment:a.png)"),
    code("%matplotlib inline\nimport torch"),
    words("## Training"),
    code(LOOP),
    code("1 / 0", [RAISED]),
    {"cell_type": "raw", "source": "for a printer", "metadata": {}},
)

COLAB = notebook(
    words('<a href="https://colab.research.google.com/x"><img src="https://x/badge.svg"></a>'),
    words("# Colab"),
    code("!pip install -q transformers==4.1 'datasets[all]>=2' && echo ok\nimport torch"),
    code('lr = 0.1 #@param {type:"slider", min:0, max:1}\nprint(lr)'),
    code(LOOP),
)

KAGGLE = notebook(
    words('Intro\n=====\n\n```python\nshown()\n```\n\n<!-- #region quiz="x" -->'),
    code("import os\nfor name, _, files in os.walk('/kaggle/input'):\n    print(name)\nimport torch"),
    code("%%time\nfor number in range(3):\n    !echo {number}"),
    code("%%bash\nls -l"),
    code("from urllib.request import urlretrieve\nurlretrieve('http://x/y', 'y')"),
    code("print 'Python 2'"),
    code(LOOP),
)


def old_code(lines: list[str]) -> dict[str, Any]:
    cell = {"cell_type": "code", "language": "python", "input": lines, "outputs": [], "collapsed": False}
    return {**cell, "metadata": {}, "prompt_number": 1}


NBFORMAT_3 = json.dumps(
    {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 1, "source": ["Old notebook"], "metadata": {}},
                    old_code(["import torch"]),
                    old_code(LOOP.splitlines(keepends=True)),
                ]
            }
        ],
    }
)

GALLERY = (
    '''# -*- coding: utf-8 -*-
r"""
`Basics <intro.html>`_ || **Training**

Training with PyTorch
=====================

Follow :doc:`along <foo>` with :func:`torch.nn.Linear`. Use *this* and :math:`x^2`, not a_b.

.. note::
   Hello ``x``.

.. grid:: 2

    .. grid-item-card:: :octicon:`mortar-board;1em;` What you will learn
       :class-card: card-prerequisites

       * one
       * two

.. code-block:: python

   print("shown")
"""

import torch

######################################################################
# A section
# ---------
#
# ===  ===
# a    b
# ===  ===
# 1    2
# ===  ===
#
'''
    + LOOP
    + """

# %%
# More
# ~~~~
# .. math:: y = x
print(loss.item())
"""
)

PERCENT = (
    """# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     name: python3
# ---

# %% [markdown]
# # Percent script
#
# Words.

# %% tags=["hide-input"]
import torch
# %matplotlib inline

# %%
"""
    + LOOP
    + "\n"
)

LIGHT = "# # Light script\n#\n# Words.\n\nimport torch\n\n# ## Train\n\n# +\n" + LOOP + "\n# -\n"

MYST = f"""---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  name: python3
---
(target)=
# MyST page

Text {{ref}}`foo <bar>` and {{func}}`~torch.x`.

```{{code-cell}} ipython3
:tags: [remove-cell]
import torch
```

```{{admonition}} Careful
:class: warning
Body `x`
```

```{{code-cell}} ipython3
{LOOP}
```

```{{code-cell}} ipython3
---
tags: [raises-exception]
---
1 / 0
```

```{{code-block}} python
shown = 1
```
"""

D2L = f"""```{{.python .input  n=1}}
%load_ext d2lbook.tab
tab.interact_select(['mxnet', 'pytorch'])
```

# Linear Regression
:label:`sec_line`

See :numref:`sec_x` and :cite:`Foo.2020`.

:begin_tab:`mxnet`
Other words
:end_tab:
:begin_tab:`pytorch`
Torch's words
:end_tab:

```{{.python .input}}
%%tab mxnet
from mxnet import np
```

```{{.python .input}}
%%tab pytorch, tensorflow
import torch
```

## Training

$$y = x$$
:eqlabel:`eq_y`

```{{.python .input}}
#@tab all
{LOOP}
```
"""

README = f"""Fit a line
==========

Install it:

```bash
pip install torch
```

```python
import torch
```

<details class="weird"><summary>open for good

```python
{LOOP}
```

```python
never = "closed"
"""

FILES: dict[str, tuple[str, str]] = {
    "jupyter": ("fit.ipynb", JUPYTER),
    "colab": ("colab.ipynb", COLAB),
    "kaggle": ("kaggle.ipynb", KAGGLE),
    "nbformat 3": ("old.ipynb", NBFORMAT_3),
    "sphinx-gallery": ("gallery.py", GALLERY),
    "percent": ("percent.py", PERCENT),
    "light": ("light.py", LIGHT),
    "myst": ("myst.md", MYST),
    "d2l": ("d2l.md", D2L),
    "readme": ("README.md", README),
}
"""Origin -> file name and text."""
