"""Settings of the baseline."""
squares = False  # add squared columns
epochs = 8  # number of updates
max_columns = 1  # columns used
learning_rate = 0.1  # how far a step goes
