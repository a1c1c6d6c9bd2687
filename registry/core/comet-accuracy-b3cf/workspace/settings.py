"""Settings of the baseline."""
shrinkage = 3.0  # penalty on the weights
standardise = False  # same scale for all columns
units = 60  # random features used
