scale_columns = True  # bring columns to one scale
n_neighbours = 200  # neighbours that vote
