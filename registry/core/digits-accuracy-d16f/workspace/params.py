"""Settings of the baseline."""
decimals = 8  # round to this many digits
standardise = False  # bring columns to one scale
radius = 0.25  # how far a point reaches
