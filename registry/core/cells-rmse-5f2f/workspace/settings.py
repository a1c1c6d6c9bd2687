# Settings, read by the main script.
cross = False    # multiply columns in pairs
l2 = 1.0         # penalty, larger is flatter
powers = 1       # highest power of a column
max_columns = 1  # columns used
