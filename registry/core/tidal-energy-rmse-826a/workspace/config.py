# Settings, read by the main script.
units = 8
ridge = 3.0
standardise = True
