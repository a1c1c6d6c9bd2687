# Settings, read by the main script.
weight_penalty = 3.0  # penalty on the weights
column_limit = 1  # only the first columns
n_units = 8  # random features used
