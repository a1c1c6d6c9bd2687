# Settings, read by the main script.
n_rounds = 60  # number of rounds
max_columns = 1  # only the first columns
bins = 12  # number of bins
step_size = 0.001  # how far a step goes
chatty = False  # print more
