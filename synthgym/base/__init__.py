"""Floor 0: errors, paths and caches, seeds, job pools, progress. Knows nothing of challenges."""
