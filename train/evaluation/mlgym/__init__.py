"""Results in MLGym's layout, read for AUP."""
