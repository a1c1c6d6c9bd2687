"""Settings of the baseline."""
units = 4  # number of random features
l2 = 3.0  # strength of the penalty
debug = False  # print the sizes
max_columns = 1  # columns used
