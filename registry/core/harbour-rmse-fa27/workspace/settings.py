# Settings, read by the main script.
learning_rate = 0.1  # how far a step goes
decimals = 6  # round to this many digits
depth = 4  # depth of a tree
rounds = 2  # number of rounds
