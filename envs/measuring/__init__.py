"""What gives scores their meaning: the starter is run, and its scores and their noise are measured."""
