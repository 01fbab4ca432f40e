"""The commands behind `pytutor …`, one module each, none of which imports Textual."""
