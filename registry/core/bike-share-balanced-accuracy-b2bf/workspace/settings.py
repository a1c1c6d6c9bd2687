"""Settings of the baseline."""
interactions = False  # add products of columns
ridge = 3.0           # penalty on the weights
powers = 1            # powers of each column
