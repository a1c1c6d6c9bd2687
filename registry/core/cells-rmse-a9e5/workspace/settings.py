width = 0.25
standardise = False
