echo = False  # print more
rescale = False  # bring columns to one scale
impute = False  # fill gaps with means, not 0
radius = 0.15  # how far a point reaches
