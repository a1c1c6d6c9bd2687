max_columns = 2  # only the first columns
l2 = 100000.0  # penalty on the weights
units = 60  # random features used
decimals = 6  # digits kept
