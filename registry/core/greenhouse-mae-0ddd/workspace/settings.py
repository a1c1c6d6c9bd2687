# Settings, read by the main script.
n_features = 5  # random features used
shrinkage = 1.0  # strength of the penalty
echo = False  # print the sizes
