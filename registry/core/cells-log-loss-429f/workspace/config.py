# Settings, read by the main script.
clusters = 1  # points that stand for a class
max_columns = 2  # only the first columns
