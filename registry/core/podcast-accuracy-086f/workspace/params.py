"""Settings of the baseline."""
n_features = 5      # random features used
debug = False       # print the sizes
shrinkage = 3.0     # strength of the penalty
fill_means = False  # fill gaps with means, not 0
column_limit = 1    # only the first columns
