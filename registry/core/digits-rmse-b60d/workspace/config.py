"""Settings of the baseline."""
rate = 0.1           # how far a step goes
add_squares = False  # add squared columns
passes = 4           # passes over the data
use_columns = 1      # columns used
