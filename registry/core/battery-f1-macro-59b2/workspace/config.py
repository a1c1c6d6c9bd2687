"""Settings of the baseline."""
max_columns = 1     # only the first columns
var_floor = 1000.0  # smoothing of the variances
