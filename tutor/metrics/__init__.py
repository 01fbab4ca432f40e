"""Series of numbers in bounded memory. Pure."""
