"""Collections of challenges: what a folder says of itself, its index, and which ones are known."""
