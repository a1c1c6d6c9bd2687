"""Settings of the baseline."""
step_rate = 0.002  # how far a step goes
n_digits = 6       # digits kept
stages = 60        # number of rounds
use_columns = 2    # only the first columns
n_bins = 12        # number of bins
