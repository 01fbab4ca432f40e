"""For lesson authors: the linter and its rules."""
