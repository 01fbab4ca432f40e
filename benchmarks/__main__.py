"""`python -m benchmarks [NAME…] [--rounds N]`: measure and print the table."""

from __future__ import annotations

import argparse
import importlib
import os

from benchmarks.measure import table

NAMES = ("start", "runner", "output", "loop", "loggers", "plots", "xray")


def main() -> int:
    """Run the chosen benchmarks; the exit code says only whether they ran, not whether targets were met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=f"of {', '.join(NAMES)}; default: all"
    )
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each candidate (default: 7)")
    options = parser.parse_args()
    rows = [
        row
        for name in options.names or NAMES
        for row in importlib.import_module(f"benchmarks.{name}").rows(options.rounds)
    ]
    print(table(rows))
    load = os.getloadavg()
    print(f"medians of {options.rounds} interleaved rounds; load {load[0]:.1f}, {os.cpu_count()} cores")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
