"""The tutor as lines of text: for screen readers, pipes and dumb terminals."""
