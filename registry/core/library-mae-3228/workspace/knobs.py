# Settings, read by the main script.
n_neighbours = 12  # neighbours that vote
scale = False      # bring columns to one scale
debug = False      # print more
