"""Settings of the baseline."""
width = 10.0  # width of the kernel
max_columns = 2  # columns used
digits = 8  # round to this many digits
