"""Settings of the baseline."""
digits = 8  # digits kept
scale = False  # bring columns to one scale
k = 12  # how many neighbours count
