"""Settings of the baseline."""
thresholds = 8  # thresholds tried a column
rate = 0.0005  # size of a step
precision = 6  # round to this many digits
n_rounds = 2  # rounds of fitting
