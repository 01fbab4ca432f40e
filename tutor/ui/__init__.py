"""What the terminal shows: the only room that imports Textual."""
