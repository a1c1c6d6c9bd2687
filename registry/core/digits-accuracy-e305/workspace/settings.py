# Settings, read by the main script.
use_rows = 40  # training rows used
nearest = 200  # how many neighbours count
standardise = True  # bring columns to one scale
