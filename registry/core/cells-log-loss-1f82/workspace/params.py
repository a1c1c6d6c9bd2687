"""Settings of the baseline."""
smoothing = 1000.0  # smoothing of the variances
echo = False        # print the sizes
use_columns = 1     # only the first columns
