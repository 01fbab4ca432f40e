"""What the X-ray of a program shows: reports of the kernel as values and words. Pure."""
