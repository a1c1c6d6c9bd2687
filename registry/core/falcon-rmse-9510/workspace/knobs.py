# Settings, read by the main script.
n_rounds = 1  # number of rounds
digits = 6  # round to this many digits
levels = 4  # questions asked in a row
step_rate = 0.1  # size of a step
