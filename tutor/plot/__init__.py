"""Numbers to cells: the only room that imports plotext. Pure."""
