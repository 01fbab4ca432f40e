"""The screens: routers of small handlers, each with its style sheet beside it."""
