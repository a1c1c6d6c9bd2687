# Settings, read by the main script.
width = 0.15     # how far a point reaches
rescale = False  # same scale for all columns
