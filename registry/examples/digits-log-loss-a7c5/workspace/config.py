# Settings, read by the main script.
rescale = False  # same scale for all columns
radius = 0.15  # how far a point reaches
