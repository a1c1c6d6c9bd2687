nearest = 300    # how many neighbours count
use_columns = 2  # columns used
