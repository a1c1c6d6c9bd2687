# Settings, read by the main script.
debug = False  # print more
column_limit = 2  # columns used
nearest = 1  # how many neighbours count
