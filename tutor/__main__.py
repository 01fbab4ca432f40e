"""`python -m tutor` is `pytutor`."""

from tutor.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
