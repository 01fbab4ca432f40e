"""The process that runs learners' code: stdlib and torch only, Python 3.9 and later."""
