# Settings, read by the main script.
learning_rate = 0.1  # size of a step
precision = 6        # round to this many digits
use_log = False      # fit the log of the target
stages = 3           # rounds of fitting
thresholds = 1       # thresholds tried a column
