"""What is kept: progress, drafts and places in SQLite."""
