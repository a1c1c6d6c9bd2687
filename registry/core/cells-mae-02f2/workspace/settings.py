"""Settings of the baseline."""
k = 1             # how many neighbours count
decimals = 6      # digits kept
column_limit = 2  # only the first columns
