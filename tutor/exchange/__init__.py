"""Other people's notebooks, scripts and pages as lessons, and lessons as notebooks."""
