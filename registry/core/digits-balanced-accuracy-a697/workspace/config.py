"""Settings of the baseline."""
cross = True
powers = 2
debug = False
l2 = 100000.0
column_limit = 2
