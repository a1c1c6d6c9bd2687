"""Episodes in the layout that MLGym's scripts read."""
