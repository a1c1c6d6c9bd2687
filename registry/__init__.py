"""Floor 1: what a challenge is. Specs, metrics by name, collections on disk and their index. Runs nothing."""
