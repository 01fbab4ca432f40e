"""What a training loop did, looked at in its first steps and rarely after: facts, from which others make words."""
