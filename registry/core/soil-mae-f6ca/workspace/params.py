# Settings, read by the main script.
nearest = 400  # how many neighbours count
