"""Settings of the baseline."""
step_rate = 0.0005  # size of a step
n_columns = 1  # columns used
with_squares = True  # add squared columns
epochs = 80  # number of updates
