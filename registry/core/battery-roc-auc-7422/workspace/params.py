# Settings, read by the main script.
fill_means = False
width = 0.15
normalise = False
max_columns = 2
