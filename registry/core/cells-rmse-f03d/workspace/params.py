"""Settings of the baseline."""
scale = True  # bring columns to one scale
column_limit = 1  # columns used
radius = 10.0  # how far a point reaches
