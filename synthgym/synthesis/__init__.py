"""Floor 5: from a topic to a verified challenge."""
