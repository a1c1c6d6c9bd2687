bins = 2  # number of bins
max_columns = 1  # only the first columns
stages = 2  # rounds of fitting
rate = 0.1  # how far a step goes
