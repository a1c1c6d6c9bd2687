shrinkage = 1.0  # penalty on the weights
hidden = 4       # number of random features
use_rows = 20    # only the first rows
