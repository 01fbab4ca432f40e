"""What is taught: lessons as data, read from Markdown. Pure: no files but lessons, no processes."""
