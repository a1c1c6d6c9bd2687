max_columns = 1  # columns used
prototypes = 1   # points that stand for a class
