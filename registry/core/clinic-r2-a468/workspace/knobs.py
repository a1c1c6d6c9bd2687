# Settings, read by the main script.
step_rate = 0.1  # size of a step
debug = False  # print more
n_rounds = 1  # rounds of fitting
thresholds = 1  # cut points a column
