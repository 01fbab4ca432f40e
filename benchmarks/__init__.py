"""Every figure that README claims, measured against its reference in one run: `python -m benchmarks`."""
