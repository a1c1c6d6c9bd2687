"""Settings of the baseline."""
scale = True  # bring columns to one scale
column_limit = 1  # columns used
nearest = 1  # how many neighbours count
