# Settings, read by the main script.
levels = 4  # depth of a tree
step_size = 0.002  # size of a step
stages = 60  # number of rounds
