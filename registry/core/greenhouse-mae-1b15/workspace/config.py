"""Settings of the baseline."""
degree = 1  # powers of each column
echo = False  # print the sizes
use_log = False  # work on log counts
shrinkage = 3.0  # strength of the penalty
interactions = False  # multiply columns in pairs
impute = False  # fill gaps with means, not 0
