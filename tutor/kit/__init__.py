"""What lessons import: logging, data sets, checks. stdlib and torch only, Python 3.9 and later."""
