# Settings, read by the main script.
l2 = 3.0
debug = False
n_units = 8
