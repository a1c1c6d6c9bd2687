# Settings, read by the main script.
rounds = 3
rate = 0.1
cuts = 1
