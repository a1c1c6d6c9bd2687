buckets = 2  # number of bins
debug = False  # print more
rounds = 1  # rounds of fitting
learning_rate = 0.002  # how far a step goes
