"""Floor 1: what a challenge is. Specs, metrics, collections on disk and on the Hub, their data. Runs nothing."""
